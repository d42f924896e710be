"""A plan that has been found is not lost: not to Ctrl-C, a failing solver, or a wrong bound."""

from collections.abc import Callable
from importlib import import_module
from threading import Barrier
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csc_array

from optimizer import read_instance
from optimizer.compiling import CompiledModel
from optimizer.errors import SolveError
from optimizer.highs import Crew, Job, Outcome
from optimizer.matrix import Matrix
from optimizer.options import resolve
from optimizer.search.dives import dive
from optimizer.search.guided import Guide, guide
from optimizer.search.incumbent import Incumbent
from optimizer.search.pace import LARGE_PACE
from optimizer.search.restriction import keep
from optimizer.search.rounds import make_exact
from optimizer.search.search import search
from tests.solving.failing import fail

Run = Callable[..., Outcome]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """All problems are searched as large ones are."""
    monkeypatch.setattr(import_module("optimizer.search.pace"), "LARGE", 0)


class Troubled(Crew):
    """A crew whose jobs are answered by `answer`, which may ask the real one."""

    def __init__(self, answer: Callable[..., Outcome]) -> None:
        super().__init__()
        self.answer = answer

    def run(self, job: Job, *rest: Any) -> Outcome:
        return self.answer(super().run, job, *rest)


def halls() -> Matrix:
    """Halls at 10 hold 4 each; 9 must come, at 1."""
    return Matrix(
        cost=np.array([10.0, 1.0]),
        offset=0.0,
        lower=np.zeros(2),
        upper=np.array([9.0, 99.0]),
        whole=np.array([True, False]),
        rows=csc_array(np.array([[0.0, 1.0], [4.0, -1.0]])),
        row_lower=np.array([9.0, 0.0]),
        row_upper=np.array([np.inf, np.inf]),
    )


def test_a_refuted_bound_is_not_taken_again() -> None:
    best = Incumbent(halls(), 0.01, None)
    best.offer_bound(50.0)
    best.offer_plan(np.array([3.0, 9.0]))  # 39
    assert best.bound is None
    best.offer_bound(50.0)
    assert best.bound is None
    best.offer_bound(39.0)
    assert best.bound == 39.0


def test_the_bound_of_the_relaxation_stays_where_another_is_refuted() -> None:
    best = Incumbent(halls(), 0.01, None)
    best.enter("relaxation")
    best.offer_duals(31.5, np.zeros(2))
    best.enter("branch and bound")
    best.offer_bound(50.0)
    best.offer_plan(np.array([3.0, 9.0]))  # 39
    assert (best.bound, best.grounds.stage) == (31.5, "relaxation")


def test_a_plan_that_was_exact_before_is_not_lost_to_a_dearer_one() -> None:
    # 3 halls, exact, cost 39; 2.8 look like 37, and made exact they are 4, by a poor solver.
    best = Incumbent(halls(), 0.01, None)
    best.offer_plan(np.array([3.0, 9.0]), exact=True)
    best.offer_plan(np.array([2.8, 9.0]))
    assert best.objective == pytest.approx(37.0)
    best.settle(np.array([4.0, 9.0]))
    assert best.objective == pytest.approx(39.0)
    assert best.is_exact


def test_rounds_end_though_fractions_look_cheaper_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds = import_module("optimizer.search.rounds")
    matrix = halls()
    best = Incumbent(matrix, 0.01, None)
    best.offer_plan(np.array([3.0, 9.0]), exact=True)
    count = 0

    def fractions(*_: object) -> None:
        nonlocal count
        count += 1
        assert count < 5
        best.offer_plan(np.array([2.8, 9.0]))

    monkeypatch.setattr(rounds, "improve", fractions)
    guided = Guide(np.zeros(2), matrix, np.zeros(2), keep(matrix, np.array([True, False])))
    options = resolve(read_instance("instances/tiny"), gap=0.01)
    with Crew() as crew:
        rounds.look_around(crew, best, guided, None, options, LARGE_PACE)

    assert count == 1
    assert best.objective == pytest.approx(39.0)
    assert best.is_exact


def test_an_answer_that_was_wrong_is_asked_for_again(compiled: CompiledModel) -> None:
    # By one model: a plan said to be optimal; the second opinion is a better plan, which refutes
    # that, without a bound of its own. So everything is asked for once more, and that counts.
    asked: list[Job] = []

    def answered(real: Run, job: Job, *rest: Any) -> Outcome:
        asked.append(job)
        if len(asked) > 2:
            return real(job, *rest)
        right = real(job)
        if len(asked) == 2:
            return Outcome("stopped", right.x)
        matrix = job.matrix
        nothing = np.where(matrix.whole, matrix.lower, matrix.upper)
        dear = real(Job(matrix.with_bounds(matrix.lower, nothing)))
        assert dear.x is not None
        return Outcome("optimal", dear.x, matrix.value(dear.x))

    inst = compiled.inst
    with Troubled(answered) as crew:
        found = search(crew, compiled, resolve(inst, method="monolith", gap=0.001))
    right = compiled.matrix.value(found.x) if found.x is not None else np.nan

    trees = [job for job in asked if job.method == "mip"]
    assert [job.presolve for job in trees] == [True, False, False]
    assert [job.node_limit is None for job in trees] == [True, False, True]
    assert found.bound is not None
    assert found.bound <= right <= found.bound * 1.0011


def test_what_whole_numbers_cost_is_not_saved_by_fractions() -> None:
    # 2.9999 halls cost 38.999; a plan has 3, for 39.
    best = Incumbent(halls(), 0.01, None)
    best.offer_plan(np.array([2.9999, 9.0]))
    with Crew() as crew:
        make_exact(crew, best, resolve(read_instance("instances/tiny")), "exact")

    assert best.is_exact
    assert best.x == pytest.approx([3.0, 9.0], abs=1e-12)
    assert best.objective == pytest.approx(39.0)


@pytest.mark.usefixtures("large")
def test_ctrl_c_during_the_relaxation_leaves_the_plan_that_builds_nothing(
    compiled: CompiledModel,
) -> None:
    def interrupted(real: Run, job: Job, *rest: Any) -> Outcome:
        if job.method == "ipm":
            raise KeyboardInterrupt
        return real(job, *rest)

    with Troubled(interrupted) as crew:
        found = search(crew, compiled, resolve(compiled.inst))

    assert found.interrupted
    assert found.x is not None
    assert not found.x[compiled.matrix.whole].any()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SolveError("it crashed")])
def test_what_ends_one_dive_leaves_the_plan_of_the_other(
    compiled: CompiledModel, error: BaseException
) -> None:
    options = resolve(compiled.inst, threads=2)
    together = Barrier(2)

    def troubled(real: Run, job: Job, *rest: Any) -> Outcome:
        if job.method != "dive":
            return real(job, *rest)
        if together.wait(10.0) == 0:
            raise error
        return real(job)

    with Troubled(troubled) as crew:
        best = Incumbent(compiled.matrix, 0.0, None)
        guided = guide(crew, best, compiled, options)
        assert guided is not None
        with pytest.raises(type(error)):
            dive(crew, best, compiled, guided, options)

    assert best.is_exact


def test_a_solver_that_fails_later_ends_the_search_with_the_plan(compiled: CompiledModel) -> None:
    limit = 3  # the relaxation, and what finds the first plan

    def failing(real: Run, job: Job, *rest: Any) -> Outcome:
        nonlocal limit
        limit -= 1
        if limit < 0:
            raise SolveError("the solver process could not be started: out of memory")
        return real(job, *rest)

    hints = [np.where(compiled.matrix.whole, 0.0, compiled.matrix.lower)]
    with Troubled(failing) as crew:
        found = search(crew, compiled, resolve(compiled.inst, gap=0.0), hints=hints)
    assert found.status == "found"
    assert found.bound is not None
    assert [why.split(",")[0] for why in found.reasons] == ["the search ended early"]
    assert "could not be started: out of memory" in found.reasons[0]

    limit = 1
    with Troubled(failing) as crew, pytest.raises(SolveError):
        search(crew, compiled, resolve(compiled.inst, gap=0.0), hints=hints)


def test_ctrl_c_while_whole_numbers_are_made_exact_is_too_late(
    compiled: CompiledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan is made exact all the same; the second time Ctrl-C is obeyed."""
    options = resolve(compiled.inst, gap=0.05)
    fail(monkeypatch, "search.search.make_exact", KeyboardInterrupt(), 1)
    with Crew() as crew:
        found = search(crew, compiled, options)
    whole = compiled.matrix.whole

    assert found.interrupted
    assert found.x is not None
    assert np.array_equal(found.x[whole], np.round(found.x[whole]))

    fail(monkeypatch, "search.search.make_exact", KeyboardInterrupt(), 1, 2)
    with Crew() as crew, pytest.raises(KeyboardInterrupt):
        search(crew, compiled, options)
