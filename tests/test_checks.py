"""Checks between records: errors and warnings, in a planner's words."""

from pathlib import Path
from typing import Any

import pytest

from models.checks import find_warnings
from models.instance import Instance
from models.problems import InstanceError
from optimizer.instance_io import read_instance

HALVES = {"early": {"from_hour": 0, "hours": 12}, "late": {"from_hour": 12, "hours": 12}}
BASE = Path(__file__).parent / "broken" / "base.yaml"


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(BASE)


def warnings(inst: Instance, **changed: object) -> list[str]:
    new = inst.with_changes({path.replace("__", "."): value for path, value in changed.items()})
    return [str(problem) for problem in find_warnings(new)]


def errors(inst: Instance, changed: dict[str, object]) -> list[str]:
    with pytest.raises(InstanceError) as caught:
        inst.with_changes(changed)
    return [str(problem) for problem in caught.value.problems]


def test_the_base_has_no_warnings(inst: Instance) -> None:
    assert find_warnings(inst) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"unit_types__gen2__it_mw": 100.5}, "100.5 is the IT load of one unit, in MW"),
        ({"unit_types__gen2__capex_musd": 33000}, "1 to 200 is usual"),
        ({"sites__nairobi__energy_price_usd_per_mwh": 0.11}, "0.11 is a price in USD per MWh"),
        ({"sites__nairobi__energy_price_usd_per_mwh": 5000}, "5000 is a price in USD per MWh"),
        ({"sites__nairobi__grid_mw": 21_000}, "21000 is the grid connection, in MW"),
        ({"finance__discount_rate_per_year": 0.8}, "80% a year"),
        ({"throughput__gen2__chat__mtok_s": 5000}, "over 1000 Mtok/s per MW"),
        ({"unit_types__gen2__rack_kw": 151}, "unit_types.gen2: fits no site: 1 site: racks over"),
        ({"unit_types__gen2__barred": "EEA"}, "export control bars it from NO"),
        ({"throughput__gen2__remove": True}, "has no throughput for any workload"),
        ({"unit_types__gen2__available_from": "2031"}, "is not for sale at the start of any"),
        ({"workloads__chat__deferrable_share": 0.5}, "it needs two slices or more"),
        ({"workloads__chat__daily_profile": [*range(1, 25)]}, "it needs two slices or more"),
        ({"workloads__chat__daily_profile": [*range(1, 25)], "slices__add": HALVES},
         "the peak may be counted twice: with slices, 1.6 is the peak over the mean within"),
        ({"data_classes__public__certification": "moon"}, "no operator holds 'moon'; held: exem"),
        ({"data_classes__public__certification": "moon"}, "no lawful site for norway/chat/public"),
        ({"budget__pools__world__grants": {"2031": 5}}, "after the last period has begun"),
        ({"budget__pools__world__interest_per_year": 0.1}, "the pool has no 'borrowing'"),
        ({"budget__pools__world__debt_at_end": "owed"}, "debt_at_end: has no effect"),
        ({"budget__pools__world__borrowing": {"2030": 5}}, "allows no debt before the last period"),
        ({"budget__opex_caps__add": {"c": {"operators": "fjord", "musd_per_year": {"2028": 5}}}},
         "allows nothing before 2028-01-01; give what holds from 2027-01-01 on"),
        ({"carbon__caps__add": {"c": {"operators": "fjord", "tco2_per_year": {"2028": 5}}},
          "jurisdictions__NO__carbon_kg_per_mwh": 20, "jurisdictions__KE__carbon_kg_per_mwh": 20},
         "allows nothing before 2028-01-01; give what holds from 2027-01-01 on"),
        ({"efficiency_floors__add": {"f": {"mtok_per_mwh": 1e7}}}, "but no unit at these sites"),
        ({"sites__oslo__water_limit_m3_per_year": 5}, "'water_l_per_kwh' is not given"),
        ({"sites__oslo__water_l_per_kwh": {"air": 1800}}, "is in litres per kWh of IT"),
        ({"carbon__price_usd_per_t": 50}, "counts as free of carbon"),
        ({"sites__nairobi__carbon_kg_per_mwh": 9000}, "9000 is in kg per MWh"),
        ({"sites__nairobi__grid_mw": {"2031": 5}}, "has no power within the horizon"),
        ({"sites__nairobi__energy_price_usd_per_mwh": {"2028": 5}}, "energy costs nothing"),
        ({"demand__kenya__chat__health__2027__date": "2035"}, "is dated outside the horizon"),
        ({"workloads__add": {"idle": {}}, "demand__norway__chat__health__2027__workload": "idle",
          "workloads__idle__shortfall_price_usd_per_mtok": 1}, "so all its demand falls short"),
    ],
)  # fmt: skip
def test_warnings(inst: Instance, changed: dict[str, Any], says: str) -> None:
    found = warnings(inst, **changed)

    assert any(says in message for message in found), found
    assert len(found) <= 3


LINE = {"site": "nairobi", "added_mw": 5, "cost_musd": 3}


@pytest.mark.parametrize(
    ("upgrades", "says"),
    [
        ({"line": LINE | {"site": "mars"}}, "grid_upgrades.line.site: no site is called 'mars'"),
        ({"line": LINE | {"requires": "lin"}}, "requires: no grid upgrade is called 'lin'"),
        ({"line": LINE | {"requires": "line"}}, "can ever be the first: 'line' requires 'line'."),
        (
            {"a": LINE | {"requires": "b"}, "b": LINE | {"requires": "a"}},
            "grid_upgrades.a.requires: none of these can ever be the first: 'a' requires 'b'",
        ),
        (
            {"line": LINE | {"requires": "other"}, "other": LINE | {"site": "oslo"}},
            "'other' is an upgrade of 'oslo', but 'line' is one of 'nairobi'",
        ),
        ({"line": LINE | {"added_mw": 0}}, "grid_upgrades.line: adds nothing"),
        ({"line": LINE | {"added_cap_mw": 1}}, "'nairobi' is in no grid region whose cap"),
    ],
)
def test_errors_of_upgrades(inst: Instance, upgrades: dict[str, Any], says: str) -> None:
    found = errors(inst, {"grid_upgrades.add": upgrades})

    assert any(says in message for message in found), found


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"grid_upgrades.add": {"line": LINE | {"lead_months": 240}}},
         "grid_upgrades.line: is never of use: it cannot be energised by"),
        ({"grid_upgrades.add": {"a": LINE | {"available_from": 2090},
                                "b": LINE | {"requires": "a"}}},
         "grid_upgrades.b: is never of use: 'a', which it requires, cannot be energised by"),
        ({"grid_upgrades.add": {"line": LINE | {"added_mw": 30_000}}}, "is the power it adds, in"),
        ({"unit_types.gen1.scrap_value_share": 0.1}, "scrap_value_share: has no effect"),
        ({"unit_types.gen2.decommissioning_musd": 1}, "decommissioning_musd: has no effect"),
    ],
)  # fmt: skip
def test_warnings_of_upgrades_and_early_leavers(
    inst: Instance, changed: dict[str, Any], says: str
) -> None:
    found = [str(problem) for problem in find_warnings(inst.with_changes(changed))]

    assert any(says in message for message in found), found


LIGHT = {"cost_musd": 3, "power_saved_share": 0.1}


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (LIGHT | {"sites": ["mars"]}, "network_options.light.sites.0: no site is called 'mars'"),
        (LIGHT | {"power_saved_share": 0}, "network_options.light: changes nothing"),
        (
            LIGHT | {"utilisation": {1: 0.9, 4: 0.95}},
            "utilisation: must not rise with the number of units, but it does at 4",
        ),
        (LIGHT | {"utilisation": {0: 0.9}}, "must be at least 1"),
        (LIGHT | {"utilisation": {1: 1.1}}, "must be at most 1, but is 1.1"),
        (LIGHT | {"utilisation": "1: 0.9; 1: 0.8"}, "gives 1 units twice"),
        (LIGHT | {"utilisation": "0.9"}, "such as '8: 0.95; 64: 0.85'"),
        (LIGHT | {"power_saved_share": 1}, "must be at most 0.9, but is 1"),
    ],
)
def test_errors_of_network_options(inst: Instance, option: dict[str, Any], says: str) -> None:
    found = errors(inst, {"network_options.add": {"light": option}})

    assert any(says in message for message in found), found


def test_utilisation_may_be_text(inst: Instance) -> None:
    option = LIGHT | {"utilisation": "32: 0.9; 8: 0.95"}
    new = inst.with_changes({"network_options.add": {"light": option}})

    assert list(new.network_options["light"].utilisation.items()) == [(8, 0.95), (32, 0.9)]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"network_options.add": {"light": LIGHT | {"lead_months": 240}}},
         "network_options.light: is never of use: it cannot work by"),
        ({"network_options.add": {"light": LIGHT | {"requires_tier": "fibre"}}},
         "network_options.light.requires_tier: no site has 'fibre' among its network_tiers."),
        ({"sites.oslo.network_tiers": ["fibre"], "network_options.add": {
            "light": LIGHT | {"requires_tier": "fibre", "sites": ["nairobi"]}}},
         "requires_tier: of the sites that it names, none offers 'fibre'"),
        ({"network_options.add": {"light": LIGHT | {"utilisation": {1: 0.9}}}},
         "network_options.light.utilisation: has no effect: no workload has a cluster"),
        ({"workloads.chat.cluster.network_tier": "fibre", "sites.oslo.network_tiers": ["copper"],
          "workloads.chat.shortfall_price_usd_per_mtok": 1},
         "network_tier: no site has 'fibre' among its network_tiers; sites offer copper."),
        ({"workloads.chat.cluster.min_units": 100_000},
         "workloads.chat.cluster.min_units: no site can ever hold 100000 units of one type"),
    ],
)  # fmt: skip
def test_warnings_of_clusters_and_network_options(
    inst: Instance, changed: dict[str, Any], says: str
) -> None:
    found = [str(problem) for problem in find_warnings(inst.with_changes(changed))]

    assert any(says in message for message in found), found


def test_work_that_must_be_served_needs_its_network(inst: Instance) -> None:
    changed = {
        "workloads.chat.cluster.network_tier": "fibre",
        "workloads.chat.shortfall_price_usd_per_mtok.remove": True,
    }
    found = errors(inst, changed)

    assert any("it must offer the network fibre" in message for message in found), found


def test_an_upgrade_may_be_the_only_power(inst: Instance) -> None:
    """No warning of a site without power, and units fit it, if it can have a line."""
    bare = {"sites.nairobi.grid_mw": 0}
    line = {"grid_upgrades.add": {"line": LINE}}

    assert "has no power within the horizon" in str(find_warnings(inst.with_changes(bare))[0])
    assert find_warnings(inst.with_changes(bare | line)) == []


def test_streams_without_a_site_are_told_together(inst: Instance) -> None:
    """One warning per jurisdiction, data class and workload, with the reasons counted."""
    regions = {f"r{n}": {"jurisdiction": "KE", "lat": 0, "lon": 36, "network_zone": "africa"}
               for n in range(30)}  # fmt: skip
    rows = [{"region": r, "workload": "chat", "data_class": "health", "date": 2027, "mtok_s": 1}
            for r in regions]  # fmt: skip
    new = inst.with_changes(
        {
            "residency.KE.health.certification": "exemplar",
            "residency.KE.health.law": "Act 24",
            "regions.add": regions,
            "demand.add": rows,
        }
    )

    assert [str(problem) for problem in find_warnings(new)] == [
        "demand.3: no lawful site for kenya/chat/health (and 30 more streams) (Act 24): 1 site: "
        "compute may stand only in KE; 1 site: its operator must hold exemplar; so it falls short."
    ]


def test_a_stream_that_must_be_served_needs_a_site(inst: Instance) -> None:
    changed = {
        "workloads.chat.shortfall_price_usd_per_mtok.remove": True,
        "workloads.chat.latency_limit_ms": 0.01,
    }
    found = errors(inst, changed)

    assert len(found) == 4
    assert "2 sites: round trip over 0.01 ms; and it must be served" in found[0]


def test_nothing_fits_anywhere(inst: Instance) -> None:
    found = errors(inst, {"unit_types.gen1.it_mw": 90, "unit_types.gen2.it_mw": 90})

    assert any("no unit type fits any site: 3 pairs: one unit draws more" in one for one in found)


def test_initial_units_beyond_the_halls_are_an_error_only_until_halls_can_be_built(
    inst: Instance,
) -> None:
    # 8 units of 0.5 MW need 4 MW of IT; a hall that is ordered at once is there after a period.
    changed = {"initial_units.scale": 2, "sites.oslo.initial_hall_mw": 2}
    inst.with_changes(changed)

    [found] = errors(inst, {**changed, "sites.oslo.hall_lead_months": 6})
    assert "in 2027 the initial units of 'oslo' need 4 MW of IT, but its halls hold 2 MW" in found


def test_measured_round_trips_have_some_slack(inst: Instance) -> None:
    # Norway's centre and Oslo lie 6 km apart; Kenya's and Nairobi 11 km: 0 ms is not impossible.
    row = {"region": "norway", "site": "oslo", "rtt_ms": 0}
    assert inst.with_changes({"rtt.add": row}).rtt_ms["norway", "oslo"] == 0


def test_every_problem_is_told_at_once(inst: Instance) -> None:
    found = errors(
        inst,
        {
            "sites.oslo.operator": "fjrd",
            "rtt.kenya.oslo.rtt_ms": 1,
            "budget.pools.world.continents": "Asia",
            "quotas.supply.unit_types": "gen2; gen3",
        },
    )
    assert len(found) == 4


def test_an_instance_without_demand_gets_a_warning(inst: Instance) -> None:
    assert any("nothing is asked for" in message for message in warnings(inst, demand__scale=0))
