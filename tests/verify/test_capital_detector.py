"""A plan with payments over time, debt and capped running costs: each falsehood is named."""

from copy import deepcopy

import pytest
from corrupt import Corruption, Plan, add, drop, put, say, scale

from models.instance import Instance
from optimizer import solve
from optimizer.verify import verify_tables
from tests.small import tiny, years


@pytest.fixture(scope="module")
def inst() -> Instance:
    """Five units in 2027: 100 paid then, of which 40 are borrowed, and 100 in 2028."""
    return tiny(
        horizon=years(3),
        finance={"discount_rate_per_year": 0.1},
        budget={
            "pools": {
                "world": {
                    "grants": {2027: 60, 2028: 200},
                    "borrowing": {2027: 50, 2028: 20},
                    "interest_per_year": 0.05,
                }
            },
            "opex_caps": {"all": {"musd_per_year": 1.2}},
        },
        sites={"oslo": {"fixed_opex_musd_per_year": 1}},
        unit_types={"gen1": {"payments": {0: 0.3, 6: 0.2, 12: 0.5}}},
    )


@pytest.fixture(scope="module")
def solved(inst: Instance) -> Plan:
    plan = solve(inst)
    assert plan.verified
    assert plan.table("debt")["debt_musd"].tolist() == pytest.approx([40])
    claim = {
        "status": plan.status,
        "objective_musd": plan.objective_musd,
        "bound_musd": plan.bound_musd,
        "gap": plan.gap,
        "costs_musd": dict(plan.costs_musd),
        "kpis": dict(plan.kpis),
    }
    return dict(plan.tables), claim


def test_the_plan_passes(inst: Instance, solved: Plan) -> None:
    assert verify_tables(inst, *solved).violations == ()


CASES: list[tuple[str, str, Corruption]] = [
    ("budget", "40 MUSD over its grants of 60", drop("debt", period="2027")),
    ("budget", "over its grants and debt", scale("debt", "debt_musd", 0.9, period="2027")),
    ("budget", "up to 2027", put("orders", "units", 6, site="oslo")),
    ("borrowing", "owes 51 MUSD in 2027", put("debt", "debt_musd", 51.0, period="2027")),
    ("borrowing", "owes 1 MUSD in 2029", add("debt", "world", "2029", 1.0, 0.05)),
    ("borrowing", "gives interest_musd", scale("debt", "interest_musd", 1.001, pool="world")),
    ("cost", "the cost interest as 0", say(0.0, "costs_musd", "interest")),
    ("cost", "cash gives musd 2 for 2028", put("cash", "musd", 2.0, term="interest")),
    ("cost", "discounted_musd", scale("cash", "discounted_musd", 1.001, term="interest")),
    ("cost", "for 2027, world, interest", put("cash", "period", "2027", term="interest")),
    ("cost", "2028, world, unit_capex", drop("cash", period="2028", term="unit_capex")),
    ("cost", "discounted_musd", scale("cash", "discounted_musd", 1.0001, term="unit_capex")),
    ("limits", "no row for borrowing, world, 2028", drop("limits", limit="borrowing", use=0)),
    ("limits", "gives use", put("limits", "use", 41.0, limit="borrowing", period="2027")),
    ("limits", "gives allowed", put("limits", "allowed", 60.0, limit="budget", period="2027")),
    ("limits", "no row for opex, all, 2027", drop("limits", limit="opex", period="2027")),
    ("limits", "gives use", scale("limits", "use", 0.5, limit="opex")),
    ("tables", "the table debt names 'moon'", put("debt", "pool", "moon", period="2027")),
    ("tables", "debt_musd in row 1", put("debt", "debt_musd", -1.0, period="2027")),
]


@pytest.mark.parametrize(
    ("family", "words", "corruption"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES]
)
def test_a_falsehood_is_named(
    inst: Instance, solved: Plan, family: str, words: str, corruption: Corruption
) -> None:
    tables, claim = dict(solved[0]), deepcopy(solved[1])
    corruption(tables, claim)

    found = verify_tables(inst, tables, claim)

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations
