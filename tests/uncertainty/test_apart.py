"""Scenarios that are too large for one model, and their contingency states on demand."""

from importlib import import_module

import pytest

from models.instance import Instance
from models.standing import contingency_size
from optimizer import Plan, read_instance, solve
from optimizer.states import ADDED
from tests.uncertainty.test_together import INSTANCES
from tests.uncertainty.three import three

DEMAND = "optimizer.method.AT_ONCE"


def protected() -> Instance:
    """A shipped instance with contingencies, whose demand may be a third higher; known in 2028."""
    boom = {"probability": 0.4, "revealed": "2028-01", "changes": {"demand.scale": 1.3}}
    futures = {"calm": {"probability": 0.6}, "boom": boom}
    return read_instance(INSTANCES / "n-minus-one").with_changes({"scenarios": futures})


def call_them_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small scenarios are searched as if they were large, but by counts, not by time."""
    for module in ("uncertain.tying", "uncertain.search", "search.search"):
        monkeypatch.setattr(import_module(f"optimizer.{module}"), "is_large", lambda size: True)


@pytest.fixture(scope="module")
def whole() -> Plan:
    return solve(protected(), gap=0)


def test_states_on_demand_find_the_plan_of_all_scenarios(
    whole: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all scenarios in one model, and only the contingency states that matter."""
    monkeypatch.setattr(DEMAND, -1)
    plan = solve(protected(), gap=0)
    assert plan.verified
    assert plan.objective_musd == pytest.approx(whole.objective_musd, rel=1e-6)
    futures = protected().scenario_instances.values()
    assert all(contingency_size(future) > 0 for future in futures)
    assert 0 < plan.options[ADDED] < sum(len(set(one.twins.values())) for one in futures)


@pytest.mark.parametrize("large", [False, True])
def test_scenarios_apart_give_a_plan_and_a_bound(
    whole: Plan, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the plan nor the bound contradicts what all scenarios in one model find."""
    if large:
        call_them_large(monkeypatch)
    plan = solve(protected(), gap=0, method="decompose")
    assert plan.verified
    assert plan.bound_musd is not None
    assert plan.objective_musd is not None
    assert whole.objective_musd is not None
    assert plan.bound_musd <= whole.objective_musd * (1 + 1e-6)
    assert plan.objective_musd >= whole.objective_musd * (1 - 1e-6)


@pytest.mark.parametrize("large", [False, True])
def test_tied_scenarios_count_what_is_not_known(
    large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prices on what is decided first raise the bound above that of scenarios alone."""
    # Alone they cost 0.65 · 40 + 0.15 · 80 + 0.2 · 120 = 62 MUSD. Together one unit is best:
    # 0.65 · 40 + 0.15 · 140 + 0.2 · 240 = 95 MUSD, and so it is with part of a unit.
    if large:
        call_them_large(monkeypatch)
    plan = solve(three(), gap=0, method="decompose")
    assert plan.verified
    assert plan.objective_musd == pytest.approx(95.0)
    assert plan.bound_musd == pytest.approx(95.0)
    assert plan.status == "optimal"
