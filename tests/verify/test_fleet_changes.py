"""The checker on early leavers and grid upgrades: right plans pass, spoiled ones are named."""

import pytest
from corrupt import Corruption, add, drop, off, put, without

from models.instance import Instance
from optimizer import Plan, solve
from optimizer.verify import verify_tables
from tests.small import demands, twins, years

GEN1 = {"early_retirement": True, "scrap_value_share": 0.1, "decommissioning_musd": 3}
GEN2 = {"generation": "two", "cooling": "liquid", "it_mw": 2, "capex_musd": 30, "life_years": 5}


def changing() -> Instance:
    """Oslo replaces its old unit in 2028 and has a line of 5 MW from then on, for two more."""
    return twins(
        horizon=years(3),
        finance={"discount_rate_per_year": 0.05, "end_of_horizon_value": "straight_line"},
        budget={"pools": {"world": {"grants": {2027: 400}}}},
        sites={
            "oslo": {"grid_mw": 2.5, "initial_hall_mw": 4, "grid_region": "east"},
            "nairobi": {"open_cost_musd": 1e5},
        },
        unit_types={"gen1": GEN1, "gen2": GEN2 | {"available_from": 2028}},
        throughput=[
            {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
            {"unit_type": "gen2", "workload": "chat", "mtok_s": 40},
        ],
        grid_regions={"east": {"cap_mw": 4}},
        grid_upgrades={
            "line": {
                "site": "oslo",
                "added_mw": 5,
                "added_cap_mw": 4,
                "cost_musd": 7,
                "requires": "substation",
            },
            "substation": {
                "site": "oslo",
                "added_mw": 0.1,
                "cost_musd": 1,
                "lead_months": 12,
                "available_from": 2027,
            },
            "hill": {"site": "nairobi", "added_mw": 5, "cost_musd": 7},
            "late": {"site": "oslo", "added_mw": 5, "cost_musd": 1, "lead_months": 40},
        },
        demand=demands(
            ("norway", "public", 2027, 10),
            ("norway", "public", 2028, 120),
            ("kenya", "public", 2027, 0),
        ),
    )


@pytest.fixture(scope="module")
def inst() -> Instance:
    return changing()


@pytest.fixture(scope="module")
def solved(inst: Instance) -> Plan:
    return solve(inst)


def test_the_plan_passes(solved: Plan) -> None:
    # One unit of gen1 for 2027, which leaves; three of gen2 on 7.6 MW.
    assert solved.verified
    retired = solved.table("retirements").itertuples(index=False, name=None)
    assert list(retired) == [("oslo", "gen1", "2027", "2028", 1)]
    upgrades = solved.table("grid_upgrades")
    assert sorted(upgrades["upgrade"]) == ["line", "substation"]
    assert solved.kpis["units_retired"] == 1
    assert solved.costs_musd["grid_upgrade"] > 0


CASES: list[tuple[str, str, Corruption]] = [
    ("tables", "table retirements is missing", without("retirements")),
    ("tables", "table grid_upgrades is missing", without("grid_upgrades")),
    ("tables", "'tower', which is not a known upgrade", put("grid_upgrades", "upgrade", "tower")),
    ("tables", "not a known cohort", put("retirements", "cohort", "since 2020-01-01")),
    ("whole_numbers", "is not a whole number", put("retirements", "units", 0.5)),
    ("retirement", "but it has only 1", put("retirements", "units", 2)),
    ("retirement", "have not served yet", put("retirements", "period", "2027")),
    ("retirement", "serve until the end", put("retirements", "unit_type", "gen2")),
    ("capacity", "no row for oslo, gen1, 2028", drop("retirements")),
    ("capacity", "no row for oslo, gen1, 2028", put("retirements", "period", "2029")),
    ("cost", "the cost retirement", drop("retirements")),
    ("cost", "the cost end_value", drop("retirements")),
    ("cost", "the cost retirement", off("costs_musd", "retirement")),
    ("cost", "the cost grid_upgrade", off("costs_musd", "grid_upgrade")),
    ("kpi", "gives units_retired", off("kpis", "units_retired", factor=2)),
    ("kpi", "gives end_value_units_musd", off("kpis", "end_value_units_musd")),
    (
        "kpi",
        "gives objective_without_end_value_musd",
        off("kpis", "objective_without_end_value_musd"),
    ),
    ("power", "over its grid connection of 2.6 MW", drop("grid_upgrades", upgrade="line")),
    ("grid_upgrades", "which it requires, does not", drop("grid_upgrades", upgrade="substation")),
    ("grid_upgrades", "upgrade of another site", put("grid_upgrades", "site", "nairobi")),
    (
        "grid_upgrades",
        "the site is closed",
        add("grid_upgrades", "nairobi", "hill", "2027", 1, 5, 0),
    ),
    ("grid_upgrades", "power in no period", add("grid_upgrades", "oslo", "late", "2028", 1, 5, 0)),
    ("grid_upgrades", "is ordered 2 times", add("grid_upgrades", "oslo", "line", "2029", 1, 5, 0)),
    (
        "grid_upgrades",
        "line is ordered 2 times",
        put("grid_upgrades", "ordered", 2, upgrade="line"),
    ),
    ("grid_upgrades", "added_mw 6", put("grid_upgrades", "added_mw", 6.0, upgrade="line")),
    ("grid_upgrades", "added_cap_mw 5", put("grid_upgrades", "added_cap_mw", 5.0, upgrade="line")),
    ("power", "over its cap of 4 MW", drop("grid_upgrades", upgrade="line")),
    ("limits", "gives allowed", put("limits", "allowed", 4.0, at="east", period="2028")),
    ("limits", "gives allowed", put("limits", "allowed", 2.5, limit="site_power", period="2028")),
    ("limits", "gives use", drop("grid_upgrades", upgrade="line")),
    ("power", "gives limit_mw 2.5", put("power", "limit_mw", 2.5, period="2028")),
]


@pytest.mark.parametrize(
    ("family", "words", "corruption"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES]
)
def test_a_spoiled_plan_is_refused_by_name(
    inst: Instance, solved: Plan, family: str, words: str, corruption: Corruption
) -> None:
    tables, claim = {name: frame.copy() for name, frame in solved.tables.items()}, solved.summary()
    corruption(tables, claim)
    found = verify_tables(inst, tables, claim)

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations


def test_what_pools_pay_includes_upgrades(inst: Instance, solved: Plan) -> None:
    spent = solved.kpis["capex_musd"]
    # Half a MUSD less than what is spent, of which 8 MUSD are for upgrades.
    less = inst.with_changes({"budget.pools.world.grants": {"2027": spent - 0.5}})
    found = verify_tables(less, solved.tables, solved.summary())

    assert any("0.5 MUSD over its grants" in v.message for v in found.violations)


OTHERS: list[tuple[str, str, dict[str, object]]] = [
    ("retirement", "serve until the end", {"unit_types.gen1.early_retirement": False}),
    ("retirement", "their life is over", {"unit_types.gen1.life_years": 1}),
    ("grid_upgrades", "cannot be ordered then", {"grid_upgrades.line.available_from": "2028-02"}),
    ("power", "over its grid connection", {"grid_upgrades.line.lead_months": 12}),
    ("power", "over its grid connection", {"grid_upgrades.line.added_mw": 4}),
    ("grid_upgrades", "it adds 4 MW", {"grid_upgrades.line.added_mw": 4}),
    ("cost", "the cost grid_upgrade", {"grid_upgrades.line.cost_musd": 8}),
    ("cost", "the cost retirement", {"unit_types.gen1.decommissioning_musd": 4}),
    ("cost", "the cost retirement", {"unit_types.gen1.scrap_value_share": 0.2}),
    ("kpi", "gives end_value_units_musd", {"finance.end_of_horizon_value": "none"}),
]


@pytest.mark.parametrize(("family", "words", "changes"), OTHERS)
def test_a_plan_for_another_instance_is_refused(
    inst: Instance, solved: Plan, family: str, words: str, changes: dict[str, object]
) -> None:
    found = verify_tables(inst.with_changes(changes), solved.tables, solved.summary())

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations
