"""Rows of a model, with the objects behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from optimizer.behind import Source
from optimizer.matrix import Floats


@dataclass(frozen=True)
class Rows:
    """The rows of one constraint component, or an objective as one row.

    Attributes:
        source: the constraint, or the objective, behind each row.
        kinds: −1 where `rhs` is the least value of the row, 1 where it is the most, 0 where both.
        rhs: the right-hand sides; of an objective, the offset.
        entries: the coefficients; columns are positions among all variables of the model.
    """

    source: Source
    kinds: NDArray[np.int_]
    rhs: Floats
    entries: coo_array
