"""Better plans from a plan, with solvers that are slow, or fail, as told."""

import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from threading import Barrier, Event, Lock
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
    run: Callable[..., Outcome],
    pace: Pace,
    time_limit: float | None = None,
    threads: int = 1,
    best: Incumbent | None = None,
) -> tuple[Incumbent, list[Job]]:
    """What comes of the plan, in a part without the cheap route; and what the solvers did."""
    matrix = routes()
    best = best or Incumbent(matrix, 1e-6, time_limit)
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
        improve(crew, best, guided, around, threads, pace)
    return best, asked


def test_a_better_plan_may_use_what_the_part_leaves_out() -> None:
    # In the part: 3 halls and 9 by the dear route, 75. With all routes: 30 + 9 = 39.
    best, asked = improved(lambda real, *order: real(*order), SMALL_PACE)

    assert best.objective == pytest.approx(39.0)
    assert best.is_exact
    assert [len(job.matrix.cost) for job in asked[:3]] == [2, 3, 3]  # then the part has the route


def test_what_was_begun_in_a_round_is_brought_to_its_end() -> None:
    stopped = []

    def late(real: Callable[..., Outcome], job: Job, *others: Any) -> Outcome:
        time.sleep(0.3)
        stopped.append(others[1]())
        return real(job, *others)

    # The round is over after 0.05 s: its one try finds 3 halls and 9 by the dear route, 75.
    best, asked = improved(late, replace(LARGE_PACE, round_s=0.05))

    assert stopped == [False]
    assert len(asked) == 1
    assert best.objective == pytest.approx(75.0)


def test_a_plan_that_cannot_be_made_exact_is_asked_for_once() -> None:
    def without_routes(real: Callable[..., Outcome], job: Job, *rest: Any) -> Outcome:
        return Outcome("infeasible") if job.method == "simplex" else real(job, *rest)

    best, asked = improved(without_routes, SMALL_PACE)

    assert best.objective == pytest.approx(75.0)
    assert [job.method for job in asked].count("simplex") == 1
    assert len(asked) == 1 + (SMALL_PACE.round_tries or 0)


@pytest.mark.parametrize(("slow", "threads"), [("mip", 2), ("simplex", 2), ("mip", 8)])
def test_in_step_it_does_not_matter_what_is_slow(slow: str, threads: int) -> None:
    # Two tries begin from 85. The first one's 75 is routed anew while the second ends, so that the
    # third begins from 75; then the routed plan is waited for, and all others begin from 39.
    active: list[int] = [0]
    lock = Lock()

    def slowed(real: Callable[..., Outcome], job: Job, *rest: Any) -> Outcome:
        with lock:
            active.append(active[-1] + 1)
        time.sleep(0.15 if job.method == slow else 0.0)
        outcome = real(job, *rest)
        with lock:
            active.append(active[-1] - 1)
        return outcome

    best, asked = improved(slowed, SMALL_PACE, threads=threads)

    assert max(active) == 2
    assert best.objective == pytest.approx(39.0)
    costs = [routes().cost[: len(one.start.x)] @ one.start.x for one in asked if one.start]
    assert sorted(costs, reverse=True) == pytest.approx([85.0, 85.0, 75.0] + 9 * [39.0])


def test_in_step_what_comes_after_a_plan_that_is_good_enough_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 80 is enough. The second try ends at once with 75; the first, after it, with 3 halls and 9.5
    # by the dear route, 77.5. On another machine the second might not have ended by then.
    made: list[Job] = []
    second_has_ended = Event()

    def noted(*arguments: Any) -> Job:
        made.append(attempt(*arguments))
        return made[-1]

    def crossed(_: object, job: Job, *__: object) -> Outcome:
        if job is made[0]:
            assert second_has_ended.wait(10.0)
            return Outcome("stopped", x=np.array([3.0, 9.5]))
        second_has_ended.set()
        return Outcome("stopped", x=np.array([3.0, 9.0]))

    monkeypatch.setattr(import_module("optimizer.search.improve"), "attempt", noted)
    best = Incumbent(routes(), 1e-6, None, enough=80.0)
    _, asked = improved(crossed, SMALL_PACE, threads=2, best=best)

    assert len(asked) == 2
    assert best.objective == pytest.approx(77.5)


@pytest.mark.parametrize("pace", [LARGE_PACE, SMALL_PACE])
def test_what_is_found_when_another_try_is_interrupted_counts(
    pace: Pace,
) -> None:
    together = Barrier(2)
    best = Incumbent(routes(), 1e-6, None)

    def interrupted(_: object, job: Job, __: object, stops: Callable[[], bool]) -> Outcome:
        if together.wait(10.0) == 0:
            raise KeyboardInterrupt
        while not stops():
            time.sleep(0.02)
        return Outcome("stopped", x=np.array([3.0, 9.0]))

    with pytest.raises(KeyboardInterrupt):
        improved(interrupted, pace, threads=2, best=best)

    assert best.objective == pytest.approx(75.0)


@pytest.mark.parametrize(("pace", "threads"), [(LARGE_PACE, 1), (SMALL_PACE, 2)])
def test_what_ends_with_the_time_still_counts(pace: Pace, threads: int) -> None:
    def late(real: Callable[..., Outcome], job: Job, _: object, stops: Callable[[], bool]) -> Any:
        while not stops():
            time.sleep(0.02)
        time.sleep(0.8)  # until the round has noticed that the time is up
        return real(job)

    began = time.monotonic()
    best, asked = improved(late, pace, time_limit=0.5, threads=threads)

    assert time.monotonic() - began < 20.0
    assert len(asked) == threads
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
