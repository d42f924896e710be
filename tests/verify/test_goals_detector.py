"""Goals and revenue: each falsehood is named."""

from copy import deepcopy
from typing import Any

import pytest
from corrupt import Corruption, Plan, off, put, say, scale

from models.instance import Instance
from optimizer import read_instance, solve
from optimizer.verify import verify_tables


def content(inst: Instance) -> Plan:
    plan = solve(inst)
    assert plan.verified
    return dict(plan.tables), plan.summary()


BASE = read_instance("instances/objectives/instance.yaml")


@pytest.fixture(scope="module")
def clean() -> tuple[Instance, Plan]:
    inst = BASE.with_changes({"objective": "least_carbon"})
    return inst, content(inst)


@pytest.fixture(scope="module")
def rich() -> tuple[Instance, Plan]:
    inst = BASE.with_changes({"objective": "profit"})
    return inst, content(inst)


def goal(position: int, field: str, value: Any) -> Corruption:
    def corrupt(tables: dict[str, Any], claim: dict[str, Any]) -> None:
        claim["goals"][position][field] = value

    return corrupt


def assert_named(inst: Instance, plan: Plan, family: str, words: str, spoil: Corruption) -> None:
    tables, claim = dict(plan[0]), deepcopy(plan[1])
    spoil(tables, claim)
    found = verify_tables(inst, tables, claim)
    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations


@pytest.mark.parametrize(
    ("words", "spoil"),
    [
        ("the objective is given as 'cost'", say("cost", "objective")),
        ("does not tell the goal shortfall", say([], "goals")),
        ("the plan gives the goal carbon as 500 tCO2", goal(1, "value", 500.0)),
        ("the bound 600 tCO2 of the goal carbon is above", goal(1, "bound", 600.0)),
        ("its goal carbon has no bound", goal(1, "bound", None)),
        ("the unit of the goal carbon is tCO2", goal(1, "unit", "kg")),
        ("another bound than bound_musd", goal(2, "bound", 1.0)),
        ("a goal 'luck', which is no known measure", goal(1, "name", "luck")),
    ],
)
def test_falsehoods_of_goals(clean: tuple[Instance, Plan], words: str, spoil: Corruption) -> None:
    assert_named(*clean, "goals", words, spoil)


@pytest.mark.parametrize(
    ("family", "words", "spoil"),
    [
        ("cost", "the cost revenue as 0", say(0.0, "costs_musd", "revenue")),
        ("cost", "gives musd", scale("cash", "musd", 0.5, term="revenue")),
        ("cost", "gives revenue_musd", scale("cost_per_mtok", "revenue_musd", 2, workload="chat")),
        ("kpi", "gives revenue_musd as", off("kpis", "revenue_musd")),
        ("cost", "for 2027, no pool, revenue", put("cash", "term", "energy", term="revenue")),
    ],
)
def test_falsehoods_of_revenue(
    rich: tuple[Instance, Plan], family: str, words: str, spoil: Corruption
) -> None:
    assert_named(*rich, family, words, spoil)


def test_who_must_be_served_depends_on_the_objective(rich: tuple[Instance, Plan]) -> None:
    """What may fall short for the sake of profit must be served at least cost."""
    inst = BASE.with_changes({"objective": "profit", "workloads.chat.revenue_usd_per_mtok": 0.01})
    tables, claim = content(inst)
    assert verify_tables(inst, tables, claim).passed
    other = inst.with_changes({"objective": "cost"})
    found = verify_tables(other, tables, claim)
    assert any("must be served in full" in v.message for v in found.violations)
