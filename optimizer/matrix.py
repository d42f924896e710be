"""The model as arrays: what any solver for mixed-integer linear programs needs, and no more."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

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

    def value(self, x: Floats) -> float:
        """The objective of a solution."""
        return float(self.cost @ x) + self.offset
