"""Plans near the relaxation: how far from it they are looked for."""

from typing import Any

import numpy as np
import pytest

from optimizer import read_instance
from optimizer.highs import Crew, Job, Outcome
from optimizer.options import resolve
from optimizer.search.incumbent import Incumbent
from optimizer.search.near import round_near
from optimizer.search.restriction import everything, keep
from tests.solving.problems import two_variables


class Noting(Crew):
    """A crew that finds the same plan, at a cost of 6, each time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Job] = []

    def run(self, job: Job, *_: Any) -> Outcome:
        self.asked.append(job)
        x = np.array([0.0, 2.0])[-len(job.matrix.cost) :]
        return Outcome("optimal" if job.method == "simplex" else "stopped", x)


@pytest.mark.parametrize(
    ("bound", "ranges"),
    [
        (5.95, [(0.0, 1.0)]),  # within 0.8 %, where 1 % is asked for
        (5.9, [(0.0, 1.0)]),  # 1.7 %: neighbourhoods may save what is missing
        (5.8, [(0.0, 1.0), (0.0, 2.0)]),  # 3.3 %
        (None, [(0.0, 1.0), (0.0, 2.0)]),
    ],
)
def test_plans_further_away_are_looked_for_where_rounded_ones_are_too_dear(
    bound: float | None, ranges: list[tuple[float, float]]
) -> None:
    # The relaxation has 0.5 and 2: rounded that is 0 or 1, and up to 2 one further away.
    matrix = two_variables()
    options = resolve(read_instance("instances/tiny"), gap=0.01)
    best = Incumbent(matrix, options.gap, None)
    best.bound = bound
    crew = Noting()
    round_near(crew, best, everything(matrix), np.array([0.5, 2.0]), options)

    asked = [(job.matrix.lower[0], job.matrix.upper[0]) for job in crew.asked]
    assert asked == ranges


def test_rounded_plans_may_use_everything_before_they_are_called_too_dear() -> None:
    matrix = two_variables()
    options = resolve(read_instance("instances/tiny"), gap=0.01)
    best = Incumbent(matrix, options.gap, None)
    best.bound = 5.8
    crew = Noting()
    part = keep(matrix, np.array([False, True]))
    round_near(crew, best, part, np.array([0.0, 2.0]), options)

    assert [job.method for job in crew.asked] == ["mip", "simplex", "mip"]
    assert best.is_exact
