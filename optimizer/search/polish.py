"""Exact whole numbers: fix them, and solve for everything else once more."""

from collections.abc import Callable

import numpy as np

from optimizer.highs import Crew, Job
from optimizer.matrix import Floats, Matrix


def fixed_except(matrix: Matrix, x: Floats, free: np.ndarray) -> Matrix:
    """The problem with whole-number variables fixed at a plan, but for the free positions."""
    fixed = matrix.whole.copy()
    fixed[free] = False
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[fixed] = upper[fixed] = np.round(x[fixed])
    return matrix.with_bounds(lower, upper)


def polish(
    crew: Crew,
    matrix: Matrix,
    x: Floats,
    threads: int = 1,
    *,
    time_limit: float | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Floats | None:
    """The best plan with the whole numbers of x, at a vertex; None if the solver finds none.

    Args:
        crew: the solvers.
        matrix: the problem.
        x: a plan of it, or just its whole numbers.
        threads: cores to use.
        time_limit: for the solver [s]; None: no limit.
        should_stop: says whether it shall end without a plan.
    """
    nothing = np.array([], dtype=int)
    problem = fixed_except(matrix, x, nothing).relaxed()
    job = Job(problem, method="simplex", threads=threads, time_limit=time_limit)
    outcome = crew.run(job, None, should_stop)
    if outcome.status != "optimal" or outcome.x is None:
        return None
    values = outcome.x.copy()
    values[matrix.whole] = np.round(x[matrix.whole])
    return values
