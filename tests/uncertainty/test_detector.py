"""The checker as a detector: plans with scenarios, spoiled in one place, are refused."""

import copy
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from optimizer import Plan, solve
from optimizer.verify import Verification, verify_tables
from tests.uncertainty.three import three

Tables = dict[str, pd.DataFrame]
Corruption = Callable[[Tables, dict[str, Any]], None]

INST = three().with_changes({"scenarios.high.revealed": "2026-06"})
"""High orders 3 by itself; low and mid share one unit (tests/uncertainty/test_by_hand.py)."""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(INST)


def verdict(plan: Plan, corrupt: Corruption) -> Verification:
    tables, claim = dict(plan.tables), copy.deepcopy(plan.summary())
    corrupt(tables, claim)
    return verify_tables(INST, tables, claim)


def put(table: str, column: str, value: object, row: int = 0) -> Corruption:
    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        cells = list(tables[table][column])
        cells[row] = value
        tables[table] = tables[table].assign(**{column: cells})

    return corrupt


def drop(table: str, row: int = 0) -> Corruption:
    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        tables[table] = tables[table].drop(index=row)

    return corrupt


def say(value: object, *path: str) -> Corruption:
    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        for part in path[:-1]:
            claim = claim[part]
        claim[path[-1]] = value

    return corrupt


def without(table: str, column: str = "") -> Corruption:
    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        frame = tables.pop(table)
        if column:
            tables[table] = frame.drop(columns=column)

    return corrupt


def test_the_plan_itself_passes(plan: Plan) -> None:
    assert verdict(plan, lambda *_: None).violations == ()


CASES: list[tuple[str, str, Corruption]] = [
    ("scenarios", "1 in scenario low, but 2 in scenario mid", put("orders", "units", 2, 1)),
    ("scenarios", "'dream', which is no scenario", put("orders", "scenario", "dream", 1)),
    ("scenarios", "no column scenario", without("flows", "scenario")),
    ("scenarios", "probability of low", put("scenarios", "probability", 0.5)),
    ("scenarios", "cost_musd of mid", put("scenarios", "cost_musd", 1.0, 1)),
    ("scenarios", "regret_musd of mid", put("scenarios", "regret_musd", 1.0, 1)),
    ("scenarios", "costs less than at best", put("scenarios", "best_cost_musd", 500.0)),
    ("scenarios", "best cost below its bound", put("scenarios", "best_bound_musd", 39.0 + 3)),
    ("scenarios", "revealed on 2026-06-01", put("scenarios", "revealed", "2027-06-01", 2)),
    ("scenarios", "no row for low", drop("scenarios")),
    ("tables", "table scenarios is missing", without("scenarios")),
    ("scenarios", "no_regret says 2", put("no_regret", "units", 2)),
    ("scenarios", "no_regret says nothing", drop("no_regret")),
    ("scenarios", "no_regret is missing", without("no_regret")),
    ("scenarios", "triggers says 1", put("triggers", "units", 1)),
    ("scenarios", "triggers says nothing", drop("triggers")),
    (
        "scenarios",
        "triggers says 2, 2027-01-01, 2027-01-01",
        put("triggers", "awaits", "2027-01-01"),
    ),
    ("scenarios", "triggers says 2, 2028-01-01", put("triggers", "decide_by", "2028-01-01")),
    ("capacity", "scenario high: ", put("online", "units", 9, -1)),
    ("tables", "scenario low: the table power is missing", without("power")),
    ("cost", "objective_musd as 60", say(60.0, "objective_musd")),
    ("cost", "unit_capex as 1", say(1.0, "costs_musd", "unit_capex")),
    ("cost", "risk as 3", say(3.0, "costs_musd", "risk")),
    ("cost", "a_new_term as 3", say(3.0, "costs_musd", "a_new_term")),
    ("cost", "scenario low: ", say(1.0, "by_scenario", "low", "costs_musd", "unit_capex")),
    ("kpi", "scenario mid: ", say(9.0, "by_scenario", "mid", "kpis", "units_ordered")),
    ("cost", "scenario low: ", say({}, "by_scenario")),
    ("kpi", "units_ordered as 9", say(9.0, "kpis", "units_ordered")),
    ("kpi", "served_share as 1", say(1.0, "kpis", "served_share")),
    ("kpi", "cost_per_mtok_usd as 1", say(1.0, "kpis", "cost_per_mtok_usd")),
    ("kpi", "perfect_information", say(1.0, "kpis", "value_of_perfect_information_musd")),
    ("kpi", "stochastic_solution", say(-1.0, "kpis", "value_of_stochastic_solution_musd")),
    ("status", "above the objective", say(1e3, "bound_musd")),
    ("status", "leaves no plan", say("unknown", "status")),
]


@pytest.mark.parametrize(("family", "says", "corrupt"), CASES, ids=[one[1] for one in CASES])
def test_what_is_wrong_is_named(plan: Plan, family: str, says: str, corrupt: Corruption) -> None:
    found = verdict(plan, corrupt).violations
    assert any(one.family == family and says in one.message for one in found), found
