"""Contingency states on demand, ended early: by Ctrl-C, or by a solver that fails.

Two sites of `tests.models.test_contingencies`, and what is missing has a price. The first round
finds 5 units for 200 MUSD in one place, so does the second, which knows what it is to lose that
place, in the other; the third knows both, and finds 6 units for 240 MUSD.
"""

from dataclasses import replace
from typing import Any

import pytest

from models.entities.method import Method
from models.standing import Fleet, lossless
from optimizer import Plan, SolveError, solve
from optimizer.cli import show
from optimizer.errors import ENDED_EARLY
from optimizer.search import Result, search
from optimizer.states.problem import Problem
from tests.models.test_contingencies import ANY_SITE, two
from tests.solving.failing import fail

METHODS: tuple[Method, ...] = ("decompose", "search")
INST = two(contingencies=ANY_SITE, protection=[{"share": 0.5, "price_usd_per_mtok": 3}])


def on_demand(**options: Any) -> Plan:
    return solve(INST, method="decompose", **options)


def test_undisturbed() -> None:
    plan = on_demand()

    assert (plan.status, plan.reasons) == ("optimal", ())
    assert plan.objective_musd == pytest.approx(240)


@pytest.mark.parametrize("step", ["solve.compile_with", "states.search.search"])
def test_ctrl_c_in_the_second_round_keeps_the_plan_of_the_first(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    fail(monkeypatch, step, KeyboardInterrupt(), 2)
    plan = on_demand()

    assert plan.interrupted
    assert plan.verified
    assert plan.status == "feasible"
    assert plan.costs_musd["unit_capex"] == pytest.approx(200)
    assert plan.bound_musd == pytest.approx(200)


@pytest.mark.parametrize(("call", "units_musd"), [(1, 200), (3, 240)])
def test_ctrl_c_while_a_plan_is_priced_keeps_it(
    monkeypatch: pytest.MonkeyPatch, call: int, units_musd: float
) -> None:
    fail(monkeypatch, "states.search.price", KeyboardInterrupt(), call)
    plan = on_demand()

    assert plan.interrupted
    assert plan.verified
    assert plan.costs_musd["unit_capex"] == pytest.approx(units_musd)


@pytest.mark.parametrize("method", METHODS)
def test_ctrl_c_while_the_plan_is_checked_keeps_it(
    monkeypatch: pytest.MonkeyPatch, method: Method
) -> None:
    fail(monkeypatch, "solve.plan_of", KeyboardInterrupt(), 1)
    plan = solve(INST, method=method)

    assert plan.interrupted
    assert plan.verified
    assert plan.objective_musd == pytest.approx(240)


@pytest.mark.parametrize("method", METHODS)
def test_ctrl_c_again_while_the_plan_is_checked_drops_it(
    monkeypatch: pytest.MonkeyPatch, method: Method
) -> None:
    fail(monkeypatch, "solve.plan_of", KeyboardInterrupt(), 1, 2)
    with pytest.raises(KeyboardInterrupt):
        solve(INST, method=method)


def test_ctrl_c_before_there_is_a_plan_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "solve.compile_with", KeyboardInterrupt(), 1)
    with pytest.raises(KeyboardInterrupt):
        on_demand()


@pytest.mark.parametrize("first", [("states.search.search", 2), ("states.search.price", 1)])
def test_ctrl_c_again_drops_the_plan(
    monkeypatch: pytest.MonkeyPatch, first: tuple[str, int]
) -> None:
    step, call = first
    fail(monkeypatch, step, KeyboardInterrupt(), call)
    fail(monkeypatch, "solve.plan_of", KeyboardInterrupt(), 1)
    with pytest.raises(KeyboardInterrupt):
        on_demand()


def test_ctrl_c_again_while_a_plan_is_priced_drops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: Any, **named: Any) -> Result:
        return replace(search(*given, **named), interrupted=True)

    monkeypatch.setattr("optimizer.states.search.search", interrupted)
    fail(monkeypatch, "states.search.price", KeyboardInterrupt(), 1)
    with pytest.raises(KeyboardInterrupt):
        on_demand()


@pytest.mark.parametrize("step", ["states.search.search", "states.search.price"])
def test_a_solver_that_fails_leaves_the_plan_in_hand(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    fail(monkeypatch, step, SolveError("it was killed"), 2)
    plan = on_demand()

    assert plan.reasons == (f"{ENDED_EARLY}: it was killed",)
    assert plan.verified
    assert plan.status == "feasible"
    assert plan.costs_musd["unit_capex"] == pytest.approx(200)
    assert "stopped early" in show.plan_in_words(INST, plan)


def test_without_a_plan_a_solver_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "states.search.price", SolveError("it was killed"), 1)
    with pytest.raises(SolveError, match="it was killed"):
        on_demand()


def test_a_full_disk_is_an_answer_that_the_solver_could_not_give() -> None:
    class Full:
        def run(self, *_: object) -> None:
            raise OSError(28, "No space left on device")

    fleet = Fleet({}, {}, {}, {})
    base = lossless(INST, fleet)
    problem = Problem(base.inst, fleet)
    states = list(base.inst.contingency_states)[:1]
    with pytest.raises(SolveError, match="could not be given contingencies: No space left"):
        problem.solve(Full(), frozenset(), states, lambda: False)  # type: ignore[arg-type]
