"""Neighbourhoods beside branch and bound: in step, and the same whatever is faster."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from optimizer import read_instance, solve
from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job, Outcome, Progress
from optimizer.options import resolve
from optimizer.search.beside import Beside
from optimizer.search.guided import guide
from optimizer.search.incumbent import Incumbent
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import QUICK_PACE
from tests.solving.problems import knapsack

Run = Callable[..., Outcome]


def test_a_solve_waits_at_each_beat_and_ends_when_told_to() -> None:
    beats: list[int] = []

    def heard(count: int, _: Progress) -> bool:
        beats.append(count)
        return len(beats) < 3

    with Crew() as crew:
        outcome = crew.run(Job(knapsack(200), beat=20), on_beat=heard)

    assert outcome.status == "stopped"
    assert len(beats) == 3
    assert beats == sorted(set(beats))


def test_a_solve_that_may_go_on_ends_by_itself() -> None:
    job = Job(knapsack(30), beat=10)
    beats: list[int] = []

    def heard(count: int, _: Progress) -> bool:
        beats.append(count)
        return True

    with Crew() as crew:
        outcome = crew.run(job, on_beat=heard)
        alone = crew.run(Job(knapsack(30)))

    assert beats
    assert outcome.status == "optimal"
    assert outcome.bound == alone.bound
    assert outcome.iterations == alone.iterations


def found_at_beats(compiled: CompiledModel, pause_s: float, late_s: float) -> list[float]:
    """The cost known after each of some beats, with pauses between beats, and slow tries."""
    inst, matrix = compiled.inst, compiled.matrix
    best = Incumbent(matrix, 1e-4, None)
    costs = []
    with Crew() as crew:
        run: Run = crew.run

        def slowly(*arguments: Any) -> Outcome:
            time.sleep(late_s)
            return run(*arguments)

        guided = guide(crew, best, compiled, resolve(inst))
        assert guided is not None
        best.offer_plan(crew.run(Job(matrix, gap=0.05)).x)
        crew.run = slowly  # type: ignore[method-assign]
        around = Neighbourhoods(compiled.place(), guided.relaxed, 0, 0.35)
        share = dict(around.share)
        with Beside(crew, best, guided, around, QUICK_PACE) as beside:
            for number in range(1, 7):
                time.sleep(pause_s)
                beside.beat(number, Progress(None, None))
                assert best.objective is not None
                costs.append(best.objective)
        assert around.share == share  # What comes after does not know how many tries were ahead.
    return costs


def test_what_is_known_at_a_beat_does_not_depend_on_who_is_faster(compiled: CompiledModel) -> None:
    patient = found_at_beats(compiled, pause_s=0.3, late_s=0.0)
    hasty = found_at_beats(compiled, pause_s=0.0, late_s=0.2)

    assert patient == hasty
    assert patient == sorted(patient, reverse=True)


def test_failing_tries_are_told_at_once(compiled: CompiledModel) -> None:
    best = Incumbent(compiled.matrix, 1e-4, None)
    with Crew() as crew:
        guided = guide(crew, best, compiled, resolve(compiled.inst))
        assert guided is not None
        best.offer_plan(crew.run(Job(compiled.matrix, gap=0.05)).x)

        def broken(*_: Any) -> Outcome:
            raise OSError("no process")

        crew.run = broken  # type: ignore[method-assign]
        around = Neighbourhoods(compiled.place(), guided.relaxed, 0, 0.35)
        went_on = False

        def tried() -> None:
            nonlocal went_on
            with Beside(crew, best, guided, around, QUICK_PACE) as beside:
                went_on = beside.beat(3, Progress(None, None))

        with pytest.raises(OSError, match="no process"):
            tried()
        assert not went_on


def test_two_solves_give_the_same_plan_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    inst = read_instance("instances/southgate").with_changes({"horizon.months": [3, 3, 3, 3, 6]})
    monkeypatch.setattr(import_module("optimizer.search.incumbent"), "NEARLY", -1.0)
    monkeypatch.setattr(import_module("optimizer.search.branch"), "BEAT", 30)
    first, again = (solve(inst, gap=0.002, threads=2) for _ in range(2))

    assert first.status == "optimal"
    assert first.verified
    assert first.objective_musd == again.objective_musd
    assert first.table("orders").equals(again.table("orders"))
