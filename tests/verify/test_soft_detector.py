"""Plans that miss soft limits, spoiled in one place: refused by name."""

import pytest
from corrupt import Corruption, Plan, add, drop, put, say

from models.instance import Instance
from optimizer.plan.assemble import assemble
from optimizer.verify import verify_tables
from tests.small import solved, tiny


@pytest.fixture(scope="module")
def inst() -> Instance:
    """Five units: 80 MUSD over the budget, 5 MW over the connection."""
    return tiny(
        sites={"oslo": {"grid_mw": 7.5}},
        budget={"pools": {"all": {"grants": 120}}},
        quotas={"many": {"unit_types": ["gen1"], "per_year": 9}},
        soft_limits=[
            {"limit": "budget", "price_musd": 0.2, "most": 100},
            {"limit": "site_power", "price_musd": 2},
        ],
    )


@pytest.fixture
def plan(inst: Instance) -> Plan:
    contents = assemble(solved(inst), inst)
    return contents.tables, contents.claim("optimal", contents.objective, contents.objective)


def test_the_plan_is_accepted(inst: Instance, plan: Plan) -> None:
    assert verify_tables(inst, *plan).violations == ()
    assert list(plan[0]["violations"]["excess"]) == [pytest.approx(80), pytest.approx(5)]


BUDGET, POWER = {"limit": "budget"}, {"limit": "site_power"}

# fmt: off
CORRUPTIONS: list[tuple[str, str, Corruption]] = [
    ("budget", "over its grants", drop("violations", **BUDGET)),
    ("budget", "over its grants", put("violations", "excess", 70, **BUDGET)),
    ("power", "over its grid connection", put("violations", "excess", 4, **POWER)),
    ("soft_limits", "the most is 100", put("violations", "excess", 101, **BUDGET)),
    ("soft_limits", "the most is 7.5", put("violations", "excess", 8, **POWER)),
    ("soft_limits", "gives price_musd 0.1", put("violations", "price_musd", 0.1, **BUDGET)),
    ("soft_limits", "gives musd 15", put("violations", "musd", 15, **BUDGET)),
    ("soft_limits", "another unit", put("violations", "unit", "MW", **BUDGET)),
    ("soft_limits", "which is a hard limit",
     add("violations", "quota", "many", "2027", 1, "units", 1, 1)),
    ("cost", "the cost violations", say(1.0, "costs_musd", "violations")),
    ("cost", "2027, no pool, violations", drop("cash", term="violations")),
    ("cost", "cost_per_mtok", drop("cost_per_mtok", region="")),
    ("kpi", "violations_musd", say(0.0, "kpis", "violations_musd")),
    ("limits", "binds", put("limits", "binds", False, **BUDGET)),
    ("limits", "gives slack", put("limits", "slack", 0, **BUDGET)),
    ("limits", "gives allowed", put("limits", "allowed", 200, **BUDGET)),
]
# fmt: on


@pytest.mark.parametrize(("family", "words", "corrupt"), CORRUPTIONS)
def test_a_spoiled_plan_is_refused(
    inst: Instance, plan: Plan, family: str, words: str, corrupt: Corruption
) -> None:
    corrupt(*plan)
    found = verify_tables(inst, *plan).violations
    assert any(v.family == family and words in v.message for v in found), found


def test_a_violation_of_two_rows_is_one_too_many(inst: Instance, plan: Plan) -> None:
    add("violations", "budget", "all", "2027", 80, "MUSD", 0.2, 16)(*plan)
    found = verify_tables(inst, *plan).violations
    assert any("more than one row" in v.message for v in found)
