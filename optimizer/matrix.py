"""The model as arrays: what any solver for mixed-integer linear programs needs, and no more."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, hstack, sparray, vstack

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Matrix:
    """min cost·x + offset, row_lower ≤ rows·x ≤ row_upper, lower ≤ x ≤ upper, some x whole.

    `rows` is (constraints × variables), compressed by columns; `whole` marks the variables that
    take whole numbers only.
    """

    cost: Floats
    offset: float
    rows: csc_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    whole: Flags

    def with_bounds(self, lower: Floats, upper: Floats) -> "Matrix":
        """The same problem with other bounds on the variables."""
        return replace(self, lower=lower, upper=upper)

    def relaxed(self) -> "Matrix":
        """The same problem without the demand for whole numbers."""
        return replace(self, whole=np.zeros_like(self.whole))

    def only(self, columns: NDArray[np.integer] | Flags) -> "Matrix":
        """The problem with some of its variables, by place or flag; the others are 0."""
        places = np.flatnonzero(columns) if columns.dtype == bool else columns
        return replace(
            self,
            cost=self.cost[places],
            rows=self.rows[:, places],
            lower=self.lower[places],
            upper=self.upper[places],
            whole=self.whole[places],
        )

    def with_columns(self, entries: sparray, most: Floats) -> "Matrix":
        """The problem with further variables, without cost, from 0 to `most` each.

        `entries` is (constraints × further variables).
        """
        nothing: Floats = np.zeros(len(most))
        return replace(
            self,
            cost=np.append(self.cost, nothing),
            rows=csc_array(hstack([self.rows, entries], format="csc")),
            lower=np.append(self.lower, nothing),
            upper=np.append(self.upper, most),
            whole=np.append(self.whole, nothing.astype(bool)),
        )

    def with_rows(self, rows: sparray, most: Floats) -> "Matrix":
        """The problem with further rows below its own, each at most `most`.

        `rows` is (further constraints × variables).
        """
        return replace(
            self,
            rows=csc_array(vstack([csr_array(self.rows), rows], format="csr")),
            row_lower=np.append(self.row_lower, np.full(len(most), -np.inf)),
            row_upper=np.append(self.row_upper, most),
        )

    def value(self, x: Floats) -> float:
        """The objective of a solution."""
        return float(self.cost @ x) + self.offset
