"""Objectives on random instances: checked, and the same goals as in a second formulation."""

from math import isinf
from random import Random
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.entities.objective import ObjectiveName
from models.instance import Instance
from models.objectives import OBJECTIVES
from optimizer import solve
from tests.properties.common import SEEDS, examples
from tests.properties.environment_by_hand import goals_in_order, with_environment
from tests.properties.slices import sliced
from tests.properties.strategies import instances, yearly

NAMES: list[ObjectiveName] = ["serve_first", "least_carbon", "tokens_per_mwh"]


def made(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """An instance with carbon, random weights and revenues."""
    dice, out = Random(seed), with_environment(raw, seed)
    for workload in out["workloads"].values():
        workload["shortfall_weight"] = dice.choice([0.5, 1.0, 3.0])
        workload["revenue_usd_per_mtok"] = dice.choice([0.0, 0.4, 2.0])
    return out


def check_order(raw: dict[str, Any], seed: int) -> None:
    """Every goal is what it can be while those before it are held."""
    data = made(raw, seed)
    objective = NAMES[seed % 3]
    plan = solve(Instance.model_validate(data), objective=objective, gap=0)
    expected = goals_in_order(data, OBJECTIVES[objective])
    event(f"{objective}: {plan.status}")
    if isinf(expected[0]):
        assert plan.status == "infeasible"
        return
    assert plan.violations == ()
    scale = {"carbon": 1000.0}
    for goal, value in zip(plan.goals, expected, strict=True):
        told = goal["value"] / scale.get(goal["name"], 1.0)
        assert told == pytest.approx(value, rel=1e-4, abs=1e-3), goal["name"]


def check_profit(raw: dict[str, Any], seed: int) -> None:
    """More may be earned where less must be served, and the terms add up."""
    inst = Instance.model_validate(made(raw, seed))
    profit, cost = solve(inst, objective="profit"), solve(inst)
    event(profit.status)
    if cost.objective_musd is None or profit.objective_musd is None:
        assert cost.status == profit.status == "infeasible"
        return
    assert profit.violations == cost.violations == ()
    assert sum(profit.costs_musd.values()) == pytest.approx(profit.objective_musd)
    at_least_cost = cost.objective_musd - cost.kpis["revenue_musd"]
    event(f"serves more: {profit.kpis['served_ttok'] > cost.kpis['served_ttok'] + 1e-6}")
    assert profit.objective_musd <= at_least_cost + 1e-5 * max(1.0, abs(at_least_cost))


@examples(6)
@given(st.one_of(yearly(most_years=2), sliced(whole_years=True)), SEEDS)
def test_goals_come_in_order(raw: dict[str, Any], seed: int) -> None:
    check_order(raw, seed)


@pytest.mark.slow
@examples(150)
@given(st.one_of(yearly(most_years=2), sliced(whole_years=True)), SEEDS)
def test_goals_of_many_come_in_order(raw: dict[str, Any], seed: int) -> None:
    check_order(raw, seed)


@examples(4)
@given(instances(), SEEDS)
def test_profit_is_never_less_than_that_of_the_cheapest_plan(
    raw: dict[str, Any], seed: int
) -> None:
    check_profit(raw, seed)
