"""Plans with floors, caps, control planes and origins, spoiled in one place: refused by name."""

from typing import Any

import pytest
from corrupt import Corruption, Plan, add, drop, off, put, say, scale

from models.instance import Instance
from optimizer.plan.assemble import assemble
from optimizer.verify import verify_tables
from tests.small import GEN1, demands, solved, twins, years

HEALTH = ("kenya", "chat", "health")


def dependent() -> Instance:
    """Two years: Nairobi raises its level for Kenya's health data, which ask for Kenyan supply."""
    return twins(
        horizon=years(2),
        operators={"savanna": {"control_plane_jurisdiction": "NO"}},
        unit_types={
            "gen1": {"vendor": "north"},
            "gen2": GEN1 | {"vendor": "south", "capex_musd": 50, "origin": ["KE"]},
        },
        throughput=[{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")],
        data_classes={
            "health": {"compute": ["HOME"], "control_plane": ["HOME"], "supply_origin": ["HOME"]}
        },
        demand=demands(
            ("norway", "public", 2027, 30),
            ("kenya", "public", 2027, 20),
            ("kenya", "health", 2027, 10),
        ),
        sufficiency={"africa": {"continents": ["africa"], "serve_share": 0.6, "host_it_mw": 4}},
        concentration={
            "seats": {"share_of": "tokens", "by": "operator", "most_share": 0.8},
            "makers": {"share_of": "it_mw", "by": "vendor", "most_share": 0.9},
            "money": {"share_of": "capital", "by": "jurisdiction", "most_share": 0.75},
        },
        local_control_planes=[{"site": "nairobi", "cost_musd": 15, "opex_musd_per_year": 1}],
    )


@pytest.fixture(scope="module")
def inst() -> Instance:
    return dependent()


@pytest.fixture
def plan(inst: Instance) -> Plan:
    contents = assemble(solved(inst), inst)
    return contents.tables, contents.claim("optimal", contents.objective, contents.objective)


def test_the_plan_is_accepted(inst: Instance, plan: Plan) -> None:
    assert verify_tables(inst, *plan).violations == ()
    assert len(plan[0]["local_control_planes"]) == 1
    assert plan[0]["coverage"]["thin_ttok"].sum() == 0


CASES: list[tuple[str, str, Corruption]] = [
    ("control_planes", "oslo sets up a local", put("local_control_planes", "site", "oslo")),
    ("control_planes", "sets up 2 local", put("local_control_planes", "raised", 2)),
    ("control_planes", "sets up 2 local", add("local_control_planes", "nairobi", "2028", 1)),
    ("control_planes", "2027, but is not open", drop("openings", site="nairobi")),
    ("routes", "kenya/chat/health is served from nairobi in 2027, where its law",
     put("local_control_planes", "period", "2028")),
    ("routes", "where its law forbids it", drop("local_control_planes", site="nairobi")),
    ("origin", "of chat at the peak of 2027 for data that ask for an origin",
     put("runs", "unit_type", "gen1", unit_type="gen2", site="nairobi")),
    ("sufficiency", "africa serves within its territory 10 Mtok/s in 2027, below the least, 18",
     drop("flows", region="kenya", data_class="public", period="2027", site="nairobi")),
    ("sufficiency", "africa has in service in its territory",
     put("orders", "site", "oslo", site="nairobi")),
    ("concentration", "the cap seats allows", scale("flows", "mtok_s", 9, site="oslo")),
    ("concentration", "fjord holds", put("flows", "site", "oslo", region="kenya")),
    ("concentration", "north holds", put("orders", "unit_type", "gen1", unit_type="gen2")),
    ("concentration", "the cap money allows", put("orders", "site", "oslo", site="nairobi")),
    ("cost", "the cost control_plane_capex", off("costs_musd", "control_plane_capex")),
    ("cost", "the cost control_plane_opex", off("costs_musd", "control_plane_opex")),
    ("cost", "gives musd", scale("cash", "musd", 1.1, term="control_plane_capex")),
    ("coverage", "gives demand_ttok", scale("coverage", "demand_ttok", 1.1, jurisdiction="NO")),
    ("coverage", "gives in_country_ttok", scale("coverage", "in_country_ttok", 0.9, period="2027")),
    ("coverage", "gives thin_share", put("coverage", "thin_share", 0.1, jurisdiction="KE")),
    ("coverage", "no row for KE, health, 2028",
     drop("coverage", data_class="health", period="2028")),
    ("kpi", "gives in_country_share", off("kpis", "in_country_share")),
    ("kpi", "gives thin_share", say(0.2, "kpis", "thin_share")),
    ("limits", "no row for sufficiency_share", drop("limits", limit="sufficiency_share")),
    ("limits", "no row for sufficiency_mw", drop("limits", limit="sufficiency_mw")),
    ("limits", "no row for tokens_share, seats/fjord", drop("limits", at="seats/fjord")),
    ("limits", "no row for it_mw_share", drop("limits", limit="it_mw_share")),
    ("limits", "gives use", scale("limits", "use", 1.1, limit="capital_share")),
    ("limits", "gives allowed", scale("limits", "allowed", 1.1, limit="sufficiency_mw")),
    ("limits", "gives slack", put("limits", "slack", 99.0, limit="tokens_share")),
    ("limits", "gives another unit", put("limits", "unit", "GW", limit="it_mw_share")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("family", "words", "corruption"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES]
)
def test_a_spoiled_plan_is_refused_by_name(
    inst: Instance, plan: Plan, family: str, words: str, corruption: Corruption
) -> None:
    corruption(*plan)

    found = verify_tables(inst, *plan)

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), (messages, found.violations[:5])


def test_thin_is_told_where_it_is(inst: Instance) -> None:
    """Without the local control plane, what Nairobi serves for Kenya is thin."""
    changed: dict[str, Any] = {
        "local_control_planes": [],
        "data_classes.health.control_plane": "ANY",
    }
    other = inst.with_changes(changed)
    contents = assemble(solved(other), other)

    coverage = contents.tables["coverage"]
    kenya = coverage[coverage["jurisdiction"] == "KE"]
    assert (kenya["thin_ttok"] == kenya["in_country_ttok"]).all()
    share = kenya["thin_ttok"].sum() / coverage["demand_ttok"].sum()
    assert contents.kpis["thin_share"] == pytest.approx(share)
    claim = contents.claim("optimal", contents.objective, contents.objective)
    assert verify_tables(other, contents.tables, claim).violations == ()
