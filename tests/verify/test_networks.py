"""The checker on clusters and network options: right plans pass, spoiled ones are named."""

import pytest
from corrupt import Corruption, add, drop, off, put, scale, without

from models.instance import Instance
from optimizer import Plan, solve
from optimizer.verify import verify_tables
from tests.small import demands, twins, years


def networked() -> Instance:
    """Oslo buys the light network in 2027 and has it from 2028 on; its 10 MW then carry five units.

    Four units at 60 % make 24 Mtok/s in 2027, five at 90 % make 45 in 2028.
    """
    return twins(
        horizon=years(2),
        finance={"discount_rate_per_year": 0.05},
        budget={
            "pools": {"world": {"grants": {2027: 400}}},
            "opex_caps": {"all": {"musd_per_year": 50}},
        },
        sites={
            "oslo": {
                "grid_mw": 10,
                "grid_region": "east",
                "network_tiers": ["fibre"],
                "energy_price_usd_per_mwh": 50,
            },
            "nairobi": {"open_cost_musd": 1e5},
        },
        unit_types={"gen1": {"opex_musd_per_year": 1}},
        grid_regions={"east": {"cap_mw": 30}},
        workloads={
            "chat": {
                "peak_factor": 1.25,
                "cluster": {
                    "min_units": 4,
                    "network_tier": "fibre",
                    "utilisation": {1: 0.7, 4: 0.6},
                },
            }
        },
        network_options={
            "light": {
                "requires_tier": "fibre",
                "cost_musd": 7,
                "unit_opex_musd_per_year": 0.1,
                "power_saved_share": 0.2,
                "utilisation": {1: 0.95, 5: 0.9},
                "lead_months": 12,
            },
            "far": {
                "sites": ["nairobi"],
                "cost_musd": 1,
                "power_saved_share": 0.1,
                "available_from": 2028,
            },
            "late": {"cost_musd": 1, "power_saved_share": 0.5, "lead_months": 40},
        },
        demand=demands(
            ("norway", "public", 2027, 19.2),
            ("norway", "public", 2028, 36),
            ("kenya", "public", 2027, 0),
        ),
    )


@pytest.fixture(scope="module")
def inst() -> Instance:
    return networked()


@pytest.fixture(scope="module")
def solved(inst: Instance) -> Plan:
    return solve(inst)


def test_the_plan_passes(solved: Plan) -> None:
    assert solved.violations == ()
    options = solved.table("network_options")
    assert options.to_numpy().tolist() == [["oslo", "light", "2027", 1]]
    rows = solved.table("clusters").to_numpy().tolist()
    assert rows == [
        ["oslo", "gen1", "chat", "2027", 0.6, 4, 4, 1, ""],
        ["oslo", "gen1", "chat", "2028", 0.9, 5, 5, 1, "light"],
    ]
    assert solved.table("power")["meter_mw"].tolist() == pytest.approx([10, 10])
    assert solved.kpis["meter_mw_end"] == pytest.approx(10)


AT = {"at": "oslo/gen1/chat", "period": "2027"}

CASES: list[tuple[str, str, Corruption]] = [
    ("tables", "table clusters is missing", without("clusters")),
    ("tables", "table network_options is missing", without("network_options")),
    ("tables", "'dark', which is not a known option", put("network_options", "option", "dark")),
    ("whole_numbers", "is not a whole number", put("clusters", "units", 3.5, period="2027")),
    ("whole_numbers", "is not a whole number", put("network_options", "ordered", 0.5)),
    ("network_options", "the site is closed", put("network_options", "site", "nairobi")),
    ("network_options", "the site cannot have it", put("network_options", "site", "nairobi")),
    ("network_options", "the site cannot have it", put("network_options", "option", "far")),
    ("network_options", "it cannot be ordered then", put("network_options", "option", "far")),
    ("network_options", "would work in no period", put("network_options", "option", "late")),
    ("network_options", "would work in no period", put("network_options", "period", "2028")),
    ("network_options", "orders 2 networks", add("network_options", "oslo", "late", "2027", 1)),
    ("network_options", "orders 2 networks", put("network_options", "ordered", 2)),
    ("power", "over its grid connection of 10 MW", drop("network_options")),
    ("power", "gives meter_mw 12.5", put("power", "meter_mw", 12.5, period="2028")),
    ("power", "gives energy_gwh", scale("power", "energy_gwh", 1.25, period="2028")),
    ("throughput", "but its units at work make 30", drop("network_options")),
    ("throughput", "of chat at the peak of 2027", scale("runs", "units", 0.99, period="2027")),
    ("clusters", "which needs 4 units in one place; 3", put("orders", "units", 3, period="2027")),
    ("clusters", "no row for oslo, gen1, chat, 2027", drop("clusters", period="2027")),
    ("clusters", "gives utilisation 0.7", put("clusters", "utilisation", 0.7, period="2027")),
    ("clusters", "gives units 5", put("clusters", "units", 5, period="2027")),
    ("clusters", "gives from_units 1", put("clusters", "from_units", 1, period="2027")),
    ("clusters", "gives stands 0", put("clusters", "stands", 0, period="2027")),
    ("clusters", "another network than 'light'", put("clusters", "option", "", period="2028")),
    ("clusters", "another network than ''", put("clusters", "option", "light", period="2027")),
    (
        "clusters",
        "gives stands 1",
        add("clusters", "nairobi", "gen1", "chat", "2027", 0.6, 4, 4, 1, ""),
    ),
    ("cost", "the cost network_option", off("costs_musd", "network_option")),
    ("cost", "the cost network_option", drop("network_options")),
    ("cost", "the cost unit_opex", drop("network_options")),
    ("cost", "the cost energy", drop("network_options")),
    ("cost", "gives musd", put("cash", "musd", 8.0, term="network_option")),
    ("kpi", "gives capex_musd", drop("network_options")),
    ("kpi", "gives meter_mw_end", drop("network_options")),
    ("limits", "no row for cluster, oslo/gen1/chat, 2027", drop("limits", limit="cluster", **AT)),
    ("limits", "gives allowed 3", put("limits", "allowed", 3.0, **AT)),
    ("limits", "gives use 5", put("limits", "use", 5.0, **AT)),
    ("limits", "gives slack 1", put("limits", "slack", 1.0, **AT)),
    ("limits", "does not say that cluster", put("limits", "binds", False, **AT)),
    ("limits", "gives another unit than units", put("limits", "unit", "MW", **AT)),
    ("limits", "gives use", drop("network_options")),
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


LIGHT = "network_options.light"
CLUSTER = "workloads.chat.cluster"

OTHERS: list[tuple[str, str, dict[str, object]]] = [
    ("routes", "does not offer the network", {"sites.oslo.network_tiers": ["copper"]}),
    ("network_options", "the site cannot have it", {f"{LIGHT}.sites": ["nairobi"]}),
    ("network_options", "the site cannot have it", {f"{LIGHT}.requires_tier": "copper"}),
    ("network_options", "cannot be ordered then", {f"{LIGHT}.available_from": "2027-02"}),
    ("network_options", "would work in no period", {f"{LIGHT}.lead_months": 13}),
    ("power", "over its grid connection", {f"{LIGHT}.power_saved_share": 0.19}),
    ("cost", "the cost network_option", {f"{LIGHT}.cost_musd": 8}),
    ("cost", "the cost unit_opex", {f"{LIGHT}.unit_opex_musd_per_year": 0.2}),
    ("clusters", "which needs 5 units in one place; 4", {f"{CLUSTER}.min_units": 5}),
    ("throughput", "its units at work make", {f"{LIGHT}.utilisation": {"1": 0.95, "5": 0.89}}),
    ("throughput", "its units at work make", {f"{CLUSTER}.utilisation": {"1": 0.7, "4": 0.59}}),
    ("clusters", "gives utilisation 0.6", {f"{CLUSTER}.utilisation": {"1": 0.7, "5": 0.6}}),
    ("clusters", "another network than ''", {f"{LIGHT}.utilisation.remove": True}),
]


@pytest.mark.parametrize(("family", "words", "changes"), OTHERS)
def test_a_plan_for_another_instance_is_refused(
    inst: Instance, solved: Plan, family: str, words: str, changes: dict[str, object]
) -> None:
    found = verify_tables(inst.with_changes(changes), solved.tables, solved.summary())

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations


def test_opex_caps_and_pools_count_it(inst: Instance, solved: Plan) -> None:
    spent = solved.kpis["capex_musd"]
    assert spent == pytest.approx(5 * 40 + 7)
    less = inst.with_changes({"budget.pools.world.grants": {"2027": spent - 0.5}})
    found = verify_tables(less, solved.tables, solved.summary())
    assert any("0.5 MUSD over its grants" in v.message for v in found.violations)

    used = solved.table("limits").query("limit == 'opex' and period == '2028'")["use"].item()
    tight = inst.with_changes({"budget.opex_caps.all.musd_per_year": used - 0.1})
    found = verify_tables(tight, solved.tables, solved.summary())
    assert any("running the sites under the cap all" in v.message for v in found.violations)
