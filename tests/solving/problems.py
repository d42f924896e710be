"""Small problems as matrices, for tests of what stands between model and plan."""

import numpy as np
from scipy.sparse import csc_array

from optimizer.matrix import Matrix


def knapsack(count: int, seed: int = 0) -> Matrix:
    """Five capacity rows over `count` yes-or-no choices; slow to prove for 60 or more."""
    random = np.random.default_rng(seed)
    weights = random.integers(100, 1000, (5, count)).astype(float)
    values = weights.sum(axis=0) / 5 + random.integers(0, 500, count)
    return Matrix(
        cost=-values,
        offset=7.0,
        rows=csc_array(weights),
        row_lower=np.full(5, -np.inf),
        row_upper=weights.sum(axis=1) / 2,
        lower=np.zeros(count),
        upper=np.ones(count),
        whole=np.ones(count, dtype=bool),
    )


def two_variables(*, row_upper: float = 2.5, whole: bool = True) -> Matrix:
    """min −x − 2y + 10 with x + y ≤ 2.5 and 0 ≤ x, y ≤ 2."""
    return Matrix(
        cost=np.array([-1.0, -2.0]),
        offset=10.0,
        rows=csc_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([row_upper]),
        lower=np.zeros(2),
        upper=np.full(2, 2.0),
        whole=np.array([whole, whole]),
    )
