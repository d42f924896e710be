"""A plan with a price of carbon and a cap: each falsehood is named."""

from copy import deepcopy

import pytest
from corrupt import Corruption, Plan, add, drop, off, put, say, scale

from models.instance import Instance
from optimizer import solve
from optimizer.verify import verify_tables
from tests.small import tiny, years


@pytest.fixture(scope="module")
def inst() -> Instance:
    """Three units in 2027, each of 8.76 kt: 26.28 of the 30 kt allowed a year."""
    return tiny(
        horizon=years(2),
        finance={"discount_rate_per_year": 0.1},
        sites={
            "oslo": {
                "carbon_kg_per_mwh": {2027: 400, 2028: 300},
                "water_l_per_kwh": {"liquid": 1},
                "water_limit_m3_per_year": 60_000,
                "water_price_usd_per_m3": 2,
            }
        },
        unit_types={"gen1": {"idle_share": 1, "embodied_tco2": 500}},
        carbon={"price_usd_per_t": 50, "caps": {"all": {"tco2_per_year": 30_000}}},
        efficiency_floors={"all": {"mtok_per_mwh": {2027: 12_000, 2028: 0}}},
        quotas={"few": {"unit_types": ["gen1"], "per_year": {2027: 3, 2028: 0}}},
    )


@pytest.fixture(scope="module")
def solved(inst: Instance) -> Plan:
    plan = solve(inst)
    assert plan.verified
    assert plan.table("emissions")["tco2"].tolist() == pytest.approx([26_280, 19_764])
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
    ("emissions", "emit 35.04 ktCO2 in 2027, but 29.97", put("orders", "units", 4, site="oslo")),
    ("emissions", "gives tco2", scale("emissions", "tco2", 1.001, period="2027")),
    ("emissions", "gives tco2 0 for oslo, 2028", drop("emissions", period="2028")),
    ("emissions", "gives embodied_tco2", put("emissions", "embodied_tco2", 9.0, period="2028")),
    ("efficiency", "make 7,200 Mtok per MWh in 2027", scale("flows", "mtok_s", 0.5, period="2027")),
    ("limits", "gives use", scale("limits", "use", 0.5, limit="efficiency", period="2027")),
    ("limits", "no row for efficiency", drop("limits", limit="efficiency", period="2027")),
    ("limits", "has room", put("limits", "binds", True, limit="efficiency", period="2027")),
    ("water", "uses 70.08 thousand m3 of water in 2027", put("orders", "units", 4, site="oslo")),
    ("emissions", "gives water_m3", scale("emissions", "water_m3", 1.001, period="2027")),
    ("cost", "the cost water as 0", say(0.0, "costs_musd", "water")),
    ("kpi", "gives water_m3 as", off("kpis", "water_m3")),
    ("limits", "no row for water, oslo, 2027", drop("limits", limit="water", period="2027")),
    ("limits", "gives allowed", scale("limits", "allowed", 2.0, limit="water")),
    ("cost", "the cost carbon as 0", say(0.0, "costs_musd", "carbon")),
    ("cost", "gives musd", scale("cash", "musd", 0.5, term="carbon", period="2027")),
    ("kpi", "gives tco2 as", off("kpis", "tco2")),
    ("kpi", "gives embodied_tco2 as", off("kpis", "embodied_tco2")),
    ("kpi", "gives gco2_per_mtok as", off("kpis", "gco2_per_mtok")),
    ("limits", "no row for carbon, all, 2027", drop("limits", limit="carbon", period="2027")),
    ("limits", "gives use", scale("limits", "use", 0.5, limit="carbon")),
    ("limits", "gives allowed", scale("limits", "allowed", 2.0, limit="carbon")),
    ("tables", "the table emissions names 'moon'", add("emissions", "moon", "2027", 1.0, 0.0, 0.0)),
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
