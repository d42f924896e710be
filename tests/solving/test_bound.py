"""The bound from duals holds for any duals."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimizer.highs import Job, run
from optimizer.search.bound import dual_bound
from tests.solving.problems import knapsack

PROBLEM = knapsack(12)
BEST = min(
    PROBLEM.value(x)
    for x in (np.array([(n >> i) & 1 for i in range(12)], dtype=float) for n in range(2**12))
    if np.all(PROBLEM.rows @ x <= PROBLEM.row_upper)
)


@given(st.lists(st.floats(-100, 100), min_size=5, max_size=5))
def test_no_duals_give_a_bound_above_the_best_plan(duals: list[float]) -> None:
    assert dual_bound(PROBLEM, np.array(duals)) <= BEST + 1e-9


def test_the_solver_agrees_with_enumeration() -> None:
    outcome = run(Job(PROBLEM))
    assert outcome.x is not None
    assert PROBLEM.value(outcome.x) == BEST
