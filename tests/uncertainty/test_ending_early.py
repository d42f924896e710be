"""Searches on scenarios, ended early: by Ctrl-C, by a solver that fails, or as one has no plan."""

from importlib import import_module
from threading import Event
from time import sleep
from typing import Any

import pytest

from models.instance import Instance
from optimizer import Plan, SolveError, solve
from optimizer.errors import ENDED_EARLY
from optimizer.highs import Crew
from optimizer.search import Result
from tests.small import demands, twins
from tests.solving.failing import fail
from tests.uncertainty.test_bounds import nothing, searches
from tests.uncertainty.three import DEMAND, three

STRICT: dict[str, Any] = {"workloads": {"chat": {"shortfall_price_usd_per_mtok": None}}}


def protected() -> Instance:
    """Two sites; half of the demand is worth something if one is lost. It may be twice as high."""
    return twins(
        sites={"nairobi": {"opened": True, "initial_hall_mw": 20}},
        horizon={"start": 2027, "months": 12, "count": 2},
        demand=demands(("norway", "public", 2027, 50), ("norway", "public", 2028, 50)),
        contingencies={"any-site": {"each": "site"}},
        protection=[{"share": 0.5, "price_usd_per_mtok": 3}],
        scenarios={
            "calm": {"probability": 0.6},
            "boom": {
                "probability": 0.4,
                "revealed": 2028,
                "changes": {f"{DEMAND}.mtok_s": 60},
            },
        },
    )


def apart(**options: Any) -> Plan:
    return solve(protected(), method="decompose", **options)


def assert_kept(plan: Plan) -> None:
    """There is a plan, and it says that it was interrupted."""
    assert plan.interrupted
    assert plan.verified
    assert plan.objective_musd is not None


def wait_for_none(monkeypatch: pytest.MonkeyPatch, waits: Any) -> None:
    """Let searches of some models begin once another has found that there is no plan."""
    running = import_module("optimizer.uncertain.running")
    search, excluded = running.search, Event()

    def waiting(crew: Crew, compiled: Any, *given: Any, **named: Any) -> Result:
        if waits(compiled):
            excluded.wait(10)
            sleep(0.5)
        result: Result = search(crew, compiled, *given, **named)
        if result.status == "infeasible":
            excluded.set()
        return result

    monkeypatch.setattr(running, "search", waiting)


def test_a_scenario_without_a_plan_does_not_interrupt_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In `high` 300 Mtok/s are asked for; low and mid are searched when that is known."""
    inst = three(**STRICT).with_changes({"scenarios.high.changes": {f"{DEMAND}.mtok_s": 300}})
    ask = inst.scenario_instances["high"].demand
    wait_for_none(monkeypatch, lambda compiled: compiled.inst.demand != ask)

    plan = solve(inst, threads=2)

    assert plan.status == "infeasible"
    assert plan.reasons[0] == "scenario high alone has no plan"
    assert not plan.interrupted


def test_first_decisions_that_leave_another_without_a_plan_do_not_end_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Oslo for `north` leaves `south` without a plan; `either` could do with it, at a price."""
    # North and south need a unit of 40 MUSD each, in Oslo and in Nairobi. With both, 80 MUSD, all
    # 20 Mtok/s of `either` are served; what is missing there costs more.
    law = "data_classes.public.compute"
    inst = twins(
        **STRICT,
        horizon={"start": 2027, "months": 12, "count": 2},
        unit_types={"gen1": {"lead_months": 12}},
        sites={"nairobi": {"opened": True, "initial_hall_mw": 20}},
        demand=demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 10)),
        scenarios={
            "north": {"probability": 0.5, "revealed": 2028, "changes": {law: ["NO"]}},
            "south": {"probability": 0.25, "revealed": 2028, "changes": {law: ["KE"]}},
            "either": {
                "probability": 0.25,
                "revealed": 2028,
                "changes": {
                    f"{DEMAND}.mtok_s": 20,
                    "workloads.chat.shortfall_price_usd_per_mtok": 10,
                },
            },
        },
    )
    priced = inst.scenario_instances["either"].workloads
    before: list[Any] = []

    def waits(compiled: Any) -> bool:
        """The search of `either` after that of `either` alone."""
        if compiled.inst.workloads == priced:
            before.append(compiled)
        return compiled.inst.workloads == priced and len(before) > 1

    wait_for_none(monkeypatch, waits)

    plan = solve(inst, threads=2)

    assert len(before) > 1
    assert plan.status == "optimal"
    assert plan.objective_musd == pytest.approx(80)
    assert not plan.interrupted


def test_ctrl_c_while_all_scenarios_are_tied_keeps_the_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail(monkeypatch, "uncertain.search.tie", KeyboardInterrupt(), 1)
    plan = solve(three(), gap=0, method="decompose")

    assert_kept(plan)
    assert plan.bound_musd == pytest.approx(62)  # each scenario alone: test_apart


def test_ctrl_c_before_the_second_round_keeps_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "uncertain.solve.build_problem", KeyboardInterrupt(), 2)
    assert_kept(apart())


@pytest.mark.parametrize("call", [3, 5, 8])
def test_ctrl_c_while_plans_are_priced_keeps_the_plan(
    monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """The first two calls are of scenarios alone, then come those of all."""
    fail(monkeypatch, "uncertain.prices.price", KeyboardInterrupt(), call)
    assert_kept(apart())


def test_ctrl_c_while_the_plan_is_checked_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "uncertain.solve._plan", KeyboardInterrupt(), 1)
    assert_kept(solve(three()))


def test_ctrl_c_again_drops_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "uncertain.search.tie", KeyboardInterrupt(), 1)
    fail(monkeypatch, "uncertain.solve._plan", KeyboardInterrupt(), 1)
    with pytest.raises(KeyboardInterrupt):
        solve(three(), gap=0, method="decompose")


def test_ctrl_c_while_it_is_explained_says_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "uncertain.solve.why_none", KeyboardInterrupt(), 1)
    inst = three(**STRICT).with_changes({"scenarios.high.changes": {f"{DEMAND}.mtok_s": 300}})
    plan = solve(inst)

    assert plan.status == "infeasible"
    assert plan.reasons == ("scenario high alone has no plan", "interrupted")


def test_a_solver_that_fails_leaves_the_plan_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "uncertain.prices.price", SolveError("it was killed"), 8)
    plan = apart()

    assert plan.verified
    assert plan.status == "feasible"
    assert f"{ENDED_EARLY}: it was killed" in plan.reasons


def test_a_search_of_a_scenario_that_ended_early_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "search.search.make_exact", SolveError("it was killed"), 1)
    plan = solve(three())

    assert plan.reasons == (f"{ENDED_EARLY}: it was killed",)
    assert plan.verified


def test_without_a_plan_a_solver_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "uncertain.prices.price", SolveError("it was killed"), 1)
    with pytest.raises(SolveError, match="it was killed"):
        apart()


def test_once_interrupted_no_first_decisions_are_tried_out() -> None:
    (search,) = searches(1)
    own = nothing(search)
    assert "low" in search._candidates(own)

    search.found.interrupted = True
    assert list(search._candidates(own)) == []
