"""A problem in units that suit the solver: small variables, and rows of very unlike figures.

A solver takes a row for kept that is missed by 1e-7, and a variable for whole that is off by as
much. Of a stream of 1e-5 Mtok/s, where a unit makes 1e4, it then serves all without any unit. So

    x = c · x'          with c the power of two below the upper bound, for small variables
    r · a · c           with r the power of two that brings the largest coefficient of a row to 1
                        if it is smaller, or the row between LOW and HIGH if it leaves these
    (Λ1) x'/upper' ≤ Σ  links of small variables to the whole units that they need (optimizer.cuts)

Powers of two change no digit, and links hold for every plan: the plans are the same, at the same
cost. Duals of links are left out of what is handed back; those of the other rows still prove a
bound, if a lower one. A problem without small variables, all of whose rows stay between LOW and
HIGH, is left as it is.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy.sparse import csc_array, csr_array, diags_array

from optimizer.cuts import Cuts, Links
from optimizer.highs.job import Job, Outcome, Progress, Start
from optimizer.matrix import Flags, Floats, Matrix

SMALL = 5e-4
"""Variables with an upper bound below this are small: units are of the size of 1 [any unit]."""

LOW, HIGH = 1e-3, 1e4
"""Coefficients are brought between these, row by row, where one row allows it [ratio]."""

LEAST = 2.0**-27
"""No coefficient is scaled below this: solvers drop what is below 1e-9."""


@dataclass(frozen=True)
class Scaling:
    """A problem in other units.

    Attributes:
        matrix: the problem with small variables and some rows scaled, and links of small variables
            below its rows.
        columns: what a variable of it stands for [variables of the problem].
        rows: what the rows were multiplied with [ratio].
        fine: True if there are small variables, so that next to nothing may be missed.
    """

    matrix: Matrix
    columns: Floats
    rows: Floats
    fine: bool

    @classmethod
    def of(cls, matrix: Matrix) -> Self | None:
        """The scaling of a problem; None if it is well as it is."""
        small = ~matrix.whole & (matrix.upper > 0) & (matrix.upper < SMALL) & (matrix.lower >= 0)
        fine = bool(small.any())
        columns = _units(matrix, small) if fine else np.ones(len(matrix.upper))
        least, most = extremes(matrix.rows @ diags_array(columns) if fine else matrix.rows)
        factors = np.where(fine & (most < 1.0), 1.0 / _power(most), 1.0)
        wide = (factors * least < LOW) | (factors * most > HIGH)
        factors[wide] = 1.0 / _power(np.sqrt(least[wide] * most[wide]))
        if not fine and not wide.any():
            return None
        rows = diags_array(factors) @ matrix.rows @ diags_array(columns)
        scaled = replace(
            matrix,
            cost=matrix.cost * columns,
            rows=csc_array(rows),
            row_lower=matrix.row_lower * factors,
            row_upper=matrix.row_upper * factors,
            lower=matrix.lower / columns,
            upper=matrix.upper / columns,
        )
        if fine:
            wanted = set(np.flatnonzero(small).tolist())
            scaled = Links(scaled, wanted).every(wanted).added_to(scaled)
        return cls(scaled, columns, factors, fine)

    def job(self, job: Job) -> Job:
        """The same job on the scaled problem."""
        start = None if job.start is None else Start(job.start.x / self.columns)
        extra = job.extra
        if "relaxed" in extra:
            extra = extra | {"relaxed": extra["relaxed"] / self.columns}
        return replace(job, matrix=self.matrix, start=start, extra=extra, fine=self.fine)

    def progress(self, progress: Progress) -> Progress:
        """Progress in the problem's own units."""
        return replace(progress, x=self._own(progress.x))

    def outcome(self, outcome: Outcome) -> Outcome:
        """An outcome in the problem's own units; a plan stays within its bounds."""
        duals, cuts = outcome.row_duals, outcome.cuts
        if duals is not None:
            count = len(self.rows)
            added = len(duals) - (0 if cuts is None else len(cuts))
            duals = np.concatenate((duals[:count] * self.rows, duals[added:]))
        if cuts is not None:
            cuts = Cuts(cuts.rows @ diags_array(1.0 / self.columns), cuts.most)
        return replace(outcome, x=self._own(outcome.x), row_duals=duals, cuts=cuts)

    def _own(self, x: Floats | None) -> Floats | None:
        return None if x is None else x * self.columns


def extremes(matrix: csc_array) -> tuple[Floats, Floats]:
    """The least and the largest size of the coefficients of each row; 1 and 1 for an empty one."""
    rows = csr_array(matrix)
    sizes = abs(rows.data)
    filled = np.flatnonzero(np.diff(rows.indptr))
    least, most = np.ones(rows.shape[0]), np.ones(rows.shape[0])
    if len(filled):
        least[filled] = np.minimum.reduceat(sizes, rows.indptr[filled])
        most[filled] = np.maximum.reduceat(sizes, rows.indptr[filled])
    return least, most


def _units(matrix: Matrix, small: Flags) -> Floats:
    """The units of all variables: for small ones the power of two below their upper bound."""
    floor = LEAST * (abs(matrix.rows).power(-1.0)).max(axis=0).toarray()
    units = np.minimum(np.maximum(matrix.upper, floor), 1.0)
    return np.where(small, _power(units), 1.0)


def _power(sizes: Floats) -> Floats:
    """The power of two at or below each size; 1 for 0."""
    _, exponents = np.frexp(np.where(sizes > 0, sizes, 1.0))
    powers: Floats = np.ldexp(1.0, exponents - 1)
    return powers
