"""Lawful routes: what law, certificates and latency allow, and the round trips behind it."""

from math import acos, cos, degrees, radians, sin
from pathlib import Path
from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import read_instance
from optimizer.verify.facts.latency import round_trips
from tests.small import (
    SHORT,
    cost,
    demands,
    merged,
    optimum,
    solved,
    terms,
    tiny,
    twins,
    values,
)

KENYA = demands(("kenya", "health", 2027, 10))


def law(policy: dict[str, Any], *residency: dict[str, Any], **changes: Any) -> Instance:
    """Oslo (NO, Fjord) and Nairobi (KE, Savanna), both open; 10 Mtok/s of Kenya's health data."""
    open_too = {"sites": {"nairobi": {"opened": True, "initial_hall_mw": 20}}}
    rules = [{"data_class": "health"} | row for row in residency]
    rest = {"data_classes": {"health": policy}, "residency": rules, "demand": KENYA}
    return twins(**merged(merged(open_too, rest), changes))


def lawful(inst: Instance, stream: str = "kenya/chat/health") -> tuple[str, ...]:
    return inst.lawful_sites[stream]


def test_any_site_is_lawful_without_a_policy() -> None:
    assert lawful(law({})) == ("oslo", "nairobi")


@pytest.mark.parametrize(
    ("policy", "sites"),
    [
        ({"compute": ["ANY"]}, ("oslo", "nairobi")),
        ({"compute": ["HOME"]}, ("nairobi",)),
        ({"compute": ["NO"]}, ("oslo",)),
        ({"compute": ["EEA"]}, ("oslo",)),
        ({"compute": ["EEA", "HOME"]}, ("oslo", "nairobi")),
        ({"operator_home": ["HOME"]}, ("nairobi",)),
        ({"operator_home": ["NO"]}, ("oslo",)),
        ({"operator_home": ["EEA", "KE"]}, ("oslo", "nairobi")),
        ({"control_plane": ["HOME"]}, ("nairobi",)),
        ({"control_plane": ["EEA"]}, ("oslo",)),
    ],
)
def test_a_policy_names_jurisdictions_blocs_home_or_any(
    policy: dict[str, Any], sites: tuple[str, ...]
) -> None:
    assert lawful(law(policy)) == sites


def test_compute_operator_and_control_plane_are_judged_apart() -> None:
    # Savanna's site stands in Kenya; the company is at home in Norway, its control plane is too.
    moved = {"operators": {"savanna": {"home_jurisdiction": "NO"}}}
    assert lawful(law({"compute": ["HOME"]}, **moved)) == ("nairobi",)
    assert lawful(law({"operator_home": ["NO"]}, **moved)) == ("oslo", "nairobi")
    assert lawful(law({"control_plane": ["KE"]}, **moved)) == ("nairobi",)

    moved = {"operators": {"savanna": {"control_plane_jurisdiction": "NO"}}}
    assert lawful(law({"operator_home": ["KE"]}, **moved)) == ("nairobi",)
    assert lawful(law({"control_plane": ["NO"]}, **moved)) == ("oslo", "nairobi")


def test_the_operator_must_hold_the_certificate() -> None:
    held = {"operators": {"fjord": {"certifications": ["exemplar", "iso"]}}}

    assert lawful(law({"certification": "exemplar"}, **held)) == ("oslo",)


def test_home_is_where_the_demand_arises() -> None:
    demand = demands(("kenya", "health", 2027, 10), ("norway", "health", 2027, 10))
    inst = law({"compute": ["HOME"]}, demand=demand)

    assert lawful(inst, "kenya/chat/health") == ("nairobi",)
    assert lawful(inst, "norway/chat/health") == ("oslo",)


NORWAY = {"demand": demands(("norway", "health", 2027, 10))}
BLOCS = {"jurisdictions": {"NO": {"blocs": ["NORDIC", "EEA"]}}}


@pytest.mark.parametrize(
    ("rows", "sites"),
    [
        # The class's own policy holds where no row does.
        ([], ("oslo",)),
        ([{"jurisdiction": "KE", "compute": ["KE"]}], ("oslo",)),
        # A bloc's row is in place of it.
        ([{"jurisdiction": "EEA", "compute": ["KE"]}], ("nairobi",)),
        # Of two blocs, the first that the jurisdiction names.
        (
            [
                {"jurisdiction": "EEA", "compute": ["KE"]},
                {"jurisdiction": "NORDIC", "compute": ["ANY"]},
            ],
            ("oslo", "nairobi"),
        ),
        # The jurisdiction's own row is before both; it is whole: what it leaves out is ANY.
        (
            [
                {"jurisdiction": "EEA", "compute": ["NO"]},
                {"jurisdiction": "NORDIC", "compute": ["NO"]},
                {"jurisdiction": "NO", "operator_home": ["KE"]},
            ],
            ("nairobi",),
        ),
        # A row for another class says nothing.
        ([{"jurisdiction": "NO", "data_class": "public", "compute": ["KE"]}], ("oslo",)),
    ],
)
def test_the_nearest_rule_holds(rows: list[dict[str, Any]], sites: tuple[str, ...]) -> None:
    inst = law({"compute": ["HOME"]}, *rows, **NORWAY, **BLOCS)

    assert lawful(inst, "norway/chat/health") == sites


def test_unlawful_routes_are_not_in_the_model() -> None:
    m = build_model(law({"compute": ["HOME"]}))

    assert list(m.flow) == [("kenya/chat/health", "nairobi", "2027")]


def test_law_costs_what_the_lawful_site_costs() -> None:
    # At Nairobi a unit costs half as much again.
    dear = {"sites": {"nairobi": {"unit_capex_factor": 1.5}}}

    assert optimum(law({}, **dear)) == pytest.approx(40)
    assert optimum(law({"compute": ["HOME"]}, **dear)) == pytest.approx(60)


def test_a_stream_without_a_lawful_site_falls_short() -> None:
    inst = law({"certification": "exemplar"})

    assert lawful(inst) == ()
    assert optimum(inst) == pytest.approx(10 * SHORT)


def test_export_control_bars_a_unit_type() -> None:
    # Barred from the EEA, the unit stands in Kenya, behind a lawful route for all.
    inst = law({}, unit_types={"gen1": {"barred": ["EEA"]}})

    assert values(solved(inst).order) == {("nairobi", "gen1", "2027"): 1}
    assert all(s == "nairobi" for s, _, _ in inst.services)


# Latency


@pytest.mark.parametrize(("limit", "sites"), [(150, ("oslo", "nairobi")), (149.9, ("nairobi",))])
def test_the_round_trip_is_within_the_limit(limit: float, sites: tuple[str, ...]) -> None:
    rtt = [
        {"region": "kenya", "site": "oslo", "rtt_ms": 150},
        {"region": "kenya", "site": "nairobi", "rtt_ms": 5},
    ]
    inst = law({}, rtt=rtt, workloads={"chat": {"latency_limit_ms": limit}})

    assert lawful(inst) == sites


def test_latency_decides_where_units_stand() -> None:
    rtt = [{"region": "kenya", "site": "oslo", "rtt_ms": 150}]
    dear = {"sites": {"nairobi": {"unit_capex_factor": 1.5}}}
    near = law({}, rtt=rtt, workloads={"chat": {"latency_limit_ms": 100}}, **dear)
    m = solved(near)

    assert cost(m) == pytest.approx(60)
    assert terms(m) == pytest.approx({"unit_capex": 60})


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """By the law of cosines, not by the haversine formula of the model."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    lats = sin(radians(lat_a)) * sin(radians(lat_b))
    lons = cos(radians(lat_a)) * cos(radians(lat_b)) * cos(radians(lon_b - lon_a))
    return 6371 * acos(min(1.0, lats + lons))


OSLO, NAIROBI = (59.9, 10.8), (-1.3, 36.8)
DEGREE_KM = 6371 / degrees(1)
"""A degree along a meridian: 111.19 km."""


def place(lat: float, lon: float) -> dict[str, float]:
    return {"lat": lat, "lon": lon}


def test_without_cities_the_round_trip_follows_the_distance() -> None:
    inst = twins(latency={"ms_per_km": 0.02, "access_ms": 3})

    km = great_circle_km(OSLO, NAIROBI)
    assert 7_100 < km < 7_200
    assert inst.rtt_ms["norway", "nairobi"] == pytest.approx(0.02 * km + 3)
    assert inst.rtt_ms["norway", "oslo"] == pytest.approx(3)


def with_cities(*measured: tuple[str, str, float], **changes: Any) -> Instance:
    """Norway and Oslo near two cities, Kenya and Nairobi near two others, on their meridians."""
    cities = {
        "bergen": place(58.9, 10.8),
        "tromso": place(62.9, 10.8),
        "mombasa": place(-3.3, 36.8),
        "kampala": place(2.7, 36.8),
    }
    rows = [{"city_a": a, "city_b": b, "rtt_ms": ms} for a, b, ms in measured]
    return twins(cities=cities, city_rtt=rows, **changes)


def test_the_round_trip_goes_through_the_nearest_cities() -> None:
    # Norway lies a degree from Bergen, Nairobi two degrees from Mombasa; either direction counts.
    inst = with_cities(("mombasa", "bergen", 160), latency={"access_ms": 2})

    expected = 0.0186 * (1 + 2) * DEGREE_KM + 160 + 2
    assert inst.rtt_ms["norway", "nairobi"] == pytest.approx(expected)


def test_the_city_of_the_site_is_the_nearest_one_that_was_measured() -> None:
    # Bergen has no round trip to Mombasa; Kampala is four degrees from Nairobi.
    inst = with_cities(("bergen", "kampala", 150), ("tromso", "mombasa", 100))

    expected = 0.0186 * (1 + 4) * DEGREE_KM + 150
    assert inst.rtt_ms["norway", "nairobi"] == pytest.approx(expected)


def test_only_the_nearest_city_of_both_is_a_city_in_common() -> None:
    # Oslo's site moves to 61° N: Tromso is nearest, Bergen, the region's own, next. Tromso has no
    # round trip to Bergen, and Bergen none inside, so the way leads by Kampala, far as it is.
    inst = with_cities(("bergen", "kampala", 150), sites={"oslo": {"lat": 61.0}})

    site_km = great_circle_km((61.0, 10.8), (2.7, 36.8))
    expected = 0.0186 * (DEGREE_KM + site_km) + 150
    assert inst.rtt_ms["norway", "oslo"] == pytest.approx(expected)
    assert round_trips(inst)[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize("name", ["six-continents", "southgate"])
def test_the_checker_estimates_shipped_round_trips_alike(name: str) -> None:
    inst = read_instance(Path(__file__).parents[2] / "instances" / name)
    theirs = round_trips(inst)
    for i, region in enumerate(inst.regions):
        ours = [inst.rtt_ms[region, site] for site in inst.sites]
        assert theirs[i].tolist() == pytest.approx(ours)


def test_without_a_measured_city_the_distance_counts() -> None:
    inst = with_cities(("tromso", "mombasa", 100))

    expected = 0.0186 * great_circle_km(OSLO, NAIROBI)
    assert inst.rtt_ms["norway", "nairobi"] == pytest.approx(expected)


def test_inside_one_city_its_own_round_trip_is_added() -> None:
    # Region and site share Bergen: the kilometres between them, none, and 4 ms inside the city.
    inst = with_cities(("bergen", "bergen", 4), latency={"access_ms": 1})

    assert inst.rtt_ms["norway", "oslo"] == pytest.approx(5)


def test_a_measured_round_trip_is_taken_as_it_is() -> None:
    rtt = [{"region": "norway", "site": "nairobi", "rtt_ms": 171}]
    inst = with_cities(("bergen", "mombasa", 160), latency={"access_ms": 2}, rtt=rtt)

    assert inst.rtt_ms["norway", "nairobi"] == 171


def test_of_cities_equally_near_the_first_counts() -> None:
    # Two measuring points in one place: the first in the table gives 100 ms, not the second's 30.
    cities = {"z": {"lat": 0, "lon": 0}, "a": {"lat": 0, "lon": 0}, "f": {"lat": 10, "lon": 10}}
    rtt = [
        {"city_a": "z", "city_b": "f", "rtt_ms": 100},
        {"city_a": "a", "city_b": "f", "rtt_ms": 30},
    ]
    inst = tiny(
        cities=cities,
        city_rtt=rtt,
        regions={"norway": {"lat": 0, "lon": 0}},
        sites={"oslo": {"lat": 10, "lon": 10}},
    )

    assert inst.rtt_ms["norway", "oslo"] == pytest.approx(100)
    checked = round_trips(inst)
    assert checked[0, 0] == pytest.approx(100)
