"""Searches side by side: what each ends with, and who says that it was interrupted."""

from concurrent.futures import Future
from itertools import count
from threading import Event
from time import sleep
from typing import Any, cast

import pytest

from optimizer.highs import Crew, Job, Outcome
from optimizer.search import Result
from optimizer.uncertain.found import ends_all
from optimizer.uncertain.side_by_side import NOTHING, Task, side_by_side
from tests.solving.failing import fail

NONE = Result("infeasible", None, None)
JOB = cast(Job, None)


class Endless(Crew):
    """Solvers that go on until they are stopped; the search knows when one has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = Event()

    def run(self, _job: object, _tell: object = None, should_stop: Any = None, *_: Any) -> Outcome:
        self.begun.set()
        while should_stop is None or not should_stop():
            sleep(0.01)
        return Outcome("stopped")


def searching(crew: Crew) -> Result:
    """A search with a plan in hand: interrupted, it keeps it."""
    try:
        crew.run(JOB)
    except KeyboardInterrupt:
        return Result("found", None, 7.0, interrupted=True)
    return Result("found", None, 8.0)


def after(begun: Event, result: Result) -> Task:
    """A search that ends once another has begun."""

    def task(crew: Crew) -> Result:
        begun.wait()
        return result

    return task


def test_a_search_that_another_makes_needless_is_not_interrupted() -> None:
    crew = Endless()

    results = side_by_side(crew, [searching, after(crew.begun, NONE)], 2, ends_all)

    assert results == [NOTHING, NONE]
    assert not NOTHING.interrupted


def test_an_interrupted_search_ends_the_others_with_what_they_have() -> None:
    crew = Endless()
    ended = Result("found", None, 1.0, interrupted=True)

    results = side_by_side(crew, [searching, after(crew.begun, ended)], 2, ends_all)

    assert [(one.bound, one.interrupted) for one in results] == [(7.0, True), (1.0, True)]


def test_on_ctrl_c_all_keep_what_they_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the one that has ended before, and the last, which has not begun."""
    crew = Endless()
    fail(monkeypatch, "uncertain.side_by_side.wait", KeyboardInterrupt(), 2)
    ended = after(crew.begun, Result("found", None, 1.0))

    results = side_by_side(crew, [searching, ended, searching, searching], 2, ends_all)

    assert len(results) == 4
    assert (results[0].bound, results[1].bound, results[3].bound) == (7.0, 1.0, None)
    assert all(one.interrupted for one in results)


@pytest.mark.parametrize("workers", [1, 2])
def test_there_is_a_result_for_each(workers: int) -> None:
    tasks = [lambda _: NONE, *[lambda _: Result("found", None, 1.0)] * 4]

    results = side_by_side(Crew(), tasks, workers, ends_all)

    assert len(results) == 5
    assert results[0] == NONE


def test_a_search_that_begins_while_others_are_cancelled_keeps_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The fourth is too late to be cancelled: its result is not the third's."""
    crew, cancel, calls = Endless(), Future.cancel, count(1)

    def cancelled(future: Future[Any]) -> bool:
        return next(calls) != 4 and cancel(future)

    monkeypatch.setattr(Future, "cancel", cancelled)
    tasks = [after(crew.begun, NONE), searching, searching, lambda _: Result("found", None, 4.0)]

    results = side_by_side(crew, tasks, 2, ends_all)

    assert [one.bound for one in results] == [None, None, None, 4.0]
    assert results[0] == NONE


def test_a_search_that_fails_ends_the_others() -> None:
    crew = Endless()

    def failing(_: Crew) -> Result:
        crew.begun.wait()
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        side_by_side(crew, [searching, failing], 2, ends_all)
