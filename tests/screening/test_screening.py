"""What a screening says of small instances, with the arithmetic, and on the command line."""

from pathlib import Path
from typing import Any

import pytest

from models.instance import Instance
from optimizer import Screening, screen
from tests.small import demands, tiny, twins, years

HARD = {"chat": {"shortfall_price_usd_per_mtok": None}}
KENYAN: dict[str, Any] = {
    "data_classes": {"health": {}},
    "residency": [{"jurisdiction": "KE", "data_class": "health", "compute": ["KE"]}],
}
"""Health data of Kenya stay in Kenya."""


def told(found: Screening, kind: str) -> list[tuple[str, str]]:
    """Path and message of the findings of a kind."""
    return [(".".join(map(str, f.path)), f.message) for f in found.findings if f.kind == kind]


def test_demand_beyond_all_power_is_proved_to_be_out_of_reach() -> None:
    # 25 MW hold ten units of 2.5 MW at the meter: 100 Mtok/s. 130 are asked for and must be served.
    inst = tiny(workloads=HARD, demand=demands(("norway", "public", 2027, 130)))
    found = screen(inst)
    assert found.proves_no_plan
    ((path, message),) = told(found, "unserved demand")
    assert path == "demand.0"
    assert "in 2027 at least 30.0 of 130 Mtok/s of norway/chat/public cannot be had" in message
    assert not screen(inst.with_changes({"demand.scale": 100 / 130})).proves_no_plan


def test_the_law_and_a_late_connection_are_named() -> None:
    # Nairobi, the only lawful place, has power from 2029 on: 10 MW for four units, 40 of 50 Mtok/s.
    inst = twins(
        horizon=years(3),
        workloads=HARD,
        sites={"nairobi": {"grid_mw": {2029: 10}}},
        demand=demands(("norway", "public", 2027, 5), ("kenya", "health", 2027, 50)),
        **KENYAN,
    )
    found = screen(inst)
    ((_, message),) = told(found, "unserved demand")
    assert "in 2027 (and 2 more) at least 50.0 of 50.0 Mtok/s of kenya/chat/health" in message
    assert "it can be served by nairobi from 2029 on" in message
    ((path, only),) = told(found, "one site")
    assert path == "sites.nairobi"
    assert "1 stream at the end, 50.0 Mtok/s: kenya/chat/health" in only


def test_a_floor_that_cannot_be_reached_is_named_with_its_shortfall() -> None:
    # Kenya's one site carries four units, 8 MW of IT, where 20 MW are to be hosted.
    inst = twins(
        sites={"nairobi": {"grid_mw": 10}},
        sufficiency={"kenya": {"jurisdictions": "KE", "host_it_mw": 20}},
    )
    ((path, message),) = told(screen(inst), "hopeless floor")
    assert path == "sufficiency.kenya"
    assert "at least 12.0 of 20.0 IT MW of the power that kenya hosts cannot be had" in message


def test_what_fits_alone_but_not_together_is_one_finding() -> None:
    # Each region asks for 60 Mtok/s; either fits on 25 MW, the two do not.
    inst = tiny(
        workloads=HARD,
        regions={"sweden": {"jurisdiction": "NO", "lat": 60, "lon": 15}},
        data_classes={"other": {}},
        demand=demands(("norway", "public", 2027, 60), ("sweden", "other", 2027, 60)),
        sites={"oslo": {"carbon_kg_per_mwh": 10}},
    )
    found = screen(inst)
    assert found.proves_no_plan


def test_demand_that_may_fall_short_is_only_worth_knowing() -> None:
    # 130 − 100 Mtok/s for 31.536 million s: 946 of 4 100 Ttok.
    found = screen(tiny(demand=demands(("norway", "public", 2027, 130))))
    assert not found.proves_no_plan
    ((_, message),) = told(found, "shortfall")
    assert "at least 946 of 4,100 Ttok (23.1 %)" in message


def test_grids_sites_units_and_halls_that_are_of_no_use() -> None:
    inst = twins(
        grid_regions={"north": {"cap_mw": 30}},
        sites={
            "oslo": {"grid_region": "north"},
            "nairobi": {"grid_region": "north", "pue": {"liquid": None, "air": 1.5}},
        },
        unit_types={"odd": {**OLD, "cooling": "immersion"}},
    )
    found = screen(inst)
    assert not found.proves_no_plan
    # The connections of 25 MW each add up to 50.
    ((_, grid),) = told(found, "oversubscribed grid")
    assert "carries 30.0 MW in 2027" in grid
    assert "oslo, nairobi add up to 50.0 MW" in grid
    ((path, site),) = told(found, "site of no use")
    assert path == "sites.nairobi"
    assert "gen1: the site has no liquid cooling" in site
    assert told(found, "unit type of no use")[0][0] == "unit_types.odd"
    # 20 MW of halls stand at Oslo, and 25 MW at a PUE of 1.25 are 20 MW of IT.
    assert told(found, "halls of no use")[0][0] == "sites.oslo.hall_block_mw"


OLD: dict[str, Any] = {
    "generation": "one",
    "it_mw": 2,
    "capex_musd": 40,
    "life_years": 5,
    "available_from": 2020,
}


def test_what_always_makes_a_plan_dearer_is_priced() -> None:
    # Five units for 50 Mtok/s cost 200. A unit of `gold` costs 4 000 and makes no more than one of
    # gen1, so that a plan with one costs at least 4 000 − 40 more.
    gold = OLD | {"cooling": "liquid", "capex_musd": 4000}
    inst = tiny(
        unit_types={"gold": gold},
        throughput=[{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gold")],
    )
    ((path, message),) = told(screen(inst), "dear unit type")
    assert path == "unit_types.gold"
    assert "costs at least 4,160 MUSD, 3,960 MUSD more" in message


def test_a_scenario_without_a_plan_leaves_none_for_all() -> None:
    scenarios = {
        "low": {"probability": 0.5},
        "high": {"probability": 0.5, "revealed": 2027, "changes": {"demand.scale": 3}},
    }
    found = screen(tiny(workloads=HARD, scenarios=scenarios))
    ((_, message),) = told(found, "unserved demand")
    assert message.startswith("in scenario high: in 2027 at least 50.0 of 150 Mtok/s")


def test_the_size_of_the_figures_is_told_family_by_family() -> None:
    # A unit takes 2.5 MW at the meter of the 25 MW that an open site has, and makes 10 Mtok/s.
    known = {one.family: one for one in screen(tiny()).ranges}
    power, work = known["P1 site power limit"], known["T2 throughput limit"]
    assert (power.least, power.most) == (2.5, 25.0)
    assert (work.least, work.most) == (1.0, 10.0)
    # Each of two futures has rows of its own.
    scenarios = {
        "low": {"probability": 0.5},
        "high": {"probability": 0.5, "revealed": 2027, "changes": {"demand.scale": 1.1}},
    }
    for one in screen(tiny(scenarios=scenarios)).ranges:
        assert one.rows == 2 * known[one.family].rows


@pytest.mark.parametrize("name", ["tiny", "southgate", "two-quarters", "commitments", "topology"])
def test_shipped_instances_are_not_called_hopeless(name: str) -> None:
    from optimizer import read_instance

    inst: Instance = read_instance(Path(__file__).parents[2] / "instances" / name)
    assert not screen(inst).proves_no_plan
