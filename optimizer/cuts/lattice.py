"""Which variables only take multiples of a step, beside the whole-number ones themselves."""

from collections import defaultdict

import numpy as np
from scipy.sparse import csr_array

from optimizer.matrix import Floats, Matrix

EXACT = 1e-9
"""Numbers whose ratio is nearer than this to a whole number are multiples of each other."""


def steps(matrix: Matrix) -> Floats:
    """The step of each variable: every plan gives it a multiple; 0 if none is known, ∞ if it is 0.

    A balance in which one variable is unknown gives it the step of the others, over and over: so
    units in service, halls in use and open sites are known to be whole, though they are declared
    continuous.
    """
    step = np.where(matrix.whole, 1.0, 0.0)
    step[(matrix.lower == 0) & (matrix.upper == 0)] = np.inf
    rows = csr_array(matrix.rows)
    unknown: dict[int, int] = {}
    waiting: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(matrix.row_lower == matrix.row_upper).tolist():
        columns = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        missing = columns[step[columns] == 0]
        unknown[row] = len(missing)
        for column in missing.tolist():
            waiting[column].append(row)
    ready = [row for row, count in unknown.items() if count == 1]
    while ready:
        row = ready.pop()
        if unknown[row] != 1:
            continue
        span = slice(rows.indptr[row], rows.indptr[row + 1])
        columns, factors = rows.indices[span], np.abs(rows.data[span])
        last = int(np.argmax(step[columns] == 0))
        found = _step(np.delete(factors, last), np.delete(step[columns], last), matrix, row)
        if found > 0:
            step[columns[last]] = found / factors[last]
            for other in waiting[int(columns[last])]:
                unknown[other] -= 1
                if unknown[other] == 1:
                    ready.append(other)
    return step


def _step(factors: Floats, known: Floats, matrix: Matrix, row: int) -> float:
    """The number that all terms of a row are multiples of; 0 if there is none, ∞ if all are 0."""
    finite = np.isfinite(known)
    sizes = np.append(factors[finite] * known[finite], abs(matrix.row_upper[row]))
    sizes = sizes[sizes > 0]
    if not len(sizes):
        return float("inf")
    ratios = sizes / sizes.min()
    return float(sizes.min()) if np.abs(ratios - np.round(ratios)).max() <= EXACT else 0.0
