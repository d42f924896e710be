"""Better plans from a plan, with solvers that are slow, or fail, as told."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csc_array

from optimizer.compiling import Place
from optimizer.highs import Crew, Job, Outcome
from optimizer.highs.child import load
from optimizer.matrix import Matrix
from optimizer.search.guided import Guide
from optimizer.search.improve import attempt, improve
from optimizer.search.incumbent import Incumbent
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import LARGE_PACE, SMALL_PACE, Pace
from optimizer.search.restriction import keep

PLAN = np.array([3.0, 9.0, 0.0])
"""Three halls, and 9 by the dear route."""


def routes() -> Matrix:
    """Halls at 10 hold 4 each; 9 must come, at 5 by one route or at 1 by another."""
    return Matrix(
        cost=np.array([10.0, 5.0, 1.0]),
        offset=0.0,
        lower=np.zeros(3),
        upper=np.array([9.0, 99.0, 99.0]),
        whole=np.array([True, False, False]),
        rows=csc_array(np.array([[0.0, 1.0, 1.0], [4.0, -1.0, -1.0]])),
        row_lower=np.array([9.0, 0.0]),
        row_upper=np.array([np.inf, np.inf]),
    )


def improved(
    run: Callable[..., Outcome], pace: Pace, time_limit: float | None = None
) -> tuple[Incumbent, list[Job]]:
    """What comes of the plan, in a part without the cheap route; and what the solvers did."""
    matrix = routes()
    best = Incumbent(matrix, 1e-6, time_limit)
    best.offer_plan(np.array([4.0, 9.0, 0.0]), exact=True)  # 85
    part = keep(matrix, np.array([True, True, False]))
    guided = Guide(np.array([2.25, 9.0, 0.0]), matrix, np.zeros(3), part)
    nowhere = np.array([-1])
    place = Place(np.array([0]), np.array([0]), nowhere, nowhere, np.zeros((1, 1)), 1, {})
    around = Neighbourhoods(place, guided.relaxed, 0, 0.5)
    asked: list[Job] = []
    with Crew() as crew:
        real = crew.run

        def ask(job: Job, *arguments: Any) -> Outcome:
            asked.append(job)
            return run(real, job, *arguments)

        crew.run = ask  # type: ignore[method-assign]
        improve(crew, best, guided, around, 1, pace)
    return best, asked


def test_a_better_plan_may_use_what_the_part_leaves_out() -> None:
    # In the part: 3 halls and 9 by the dear route, 75. With all routes: 30 + 9 = 39.
    best, asked = improved(lambda real, *order: real(*order), SMALL_PACE)

    assert best.objective == pytest.approx(39.0)
    assert best.is_exact
    assert [len(job.matrix.cost) for job in asked[:3]] == [2, 3, 3]  # then the part has the route


def test_a_plan_that_cannot_be_made_exact_is_asked_for_once() -> None:
    def without_routes(real: Callable[..., Outcome], job: Job, *rest: Any) -> Outcome:
        return Outcome("infeasible") if job.method == "simplex" else real(job, *rest)

    best, asked = improved(without_routes, SMALL_PACE)

    assert best.objective == pytest.approx(75.0)
    assert [job.method for job in asked].count("simplex") == 1
    assert len(asked) == 1 + (SMALL_PACE.round_tries or 0)


def test_what_ends_with_the_time_still_counts() -> None:
    def late(real: Callable[..., Outcome], job: Job, _: object, stops: Callable[[], bool]) -> Any:
        while not stops():
            time.sleep(0.02)
        return real(job)

    began = time.monotonic()
    best, asked = improved(late, LARGE_PACE, time_limit=0.5)

    assert time.monotonic() - began < 20.0
    assert len(asked) == 1
    assert best.objective == pytest.approx(75.0)


def test_a_try_has_no_more_than_the_time_left() -> None:
    best = Incumbent(routes(), 0.01, time_limit=7.0)
    job = attempt(routes(), PLAN, best, None, LARGE_PACE)

    assert job.time_limit is not None
    assert 6.0 < job.time_limit <= 7.0
    unlimited = attempt(routes(), PLAN, Incumbent(routes(), 0.01, None), None, LARGE_PACE)
    assert unlimited.time_limit == LARGE_PACE.try_s


@pytest.mark.parametrize(("pace", "restarts"), [(LARGE_PACE, False), (SMALL_PACE, True)])
def test_a_try_that_ends_at_the_root_does_not_begin_it_anew(pace: Pace, restarts: bool) -> None:
    job = attempt(routes(), PLAN, Incumbent(routes(), 0.01, None), None, pace)

    assert job.restart is restarts
    solver = load(job.matrix, job.settings())
    assert solver.getOptionValue("mip_allow_restart")[1] is restarts
