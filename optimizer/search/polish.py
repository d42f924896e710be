"""Exact whole numbers: fix them, and solve for everything else once more."""

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


def polish(crew: Crew, matrix: Matrix, x: Floats, threads: int = 1) -> Floats | None:
    """The best plan with the whole numbers of x, at a vertex; None if the solver finds none."""
    nothing = np.array([], dtype=int)
    problem = fixed_except(matrix, x, nothing).relaxed()
    outcome = crew.run(Job(problem, method="simplex", threads=threads))
    if outcome.status != "optimal" or outcome.x is None:
        return None
    values = outcome.x.copy()
    values[matrix.whole] = np.round(x[matrix.whole])
    return values
