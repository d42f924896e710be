"""Dates: which orders are possible, when they enter service, and when they leave."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from models.calendar import add_months
from models.entities.horizon import Horizon
from models.fleet import most_units
from models.instance import Instance
from tests.small import demands, solved, tiny, values, years

UNEVEN = {"start": "2027-01-01", "months": [3, 3, 6, 12, 24]}
"""2027Q1, 2027Q2, then half a year, a year and two years."""

NAMES = ["2027Q1", "2027Q2", "2027-07", "2028", "2029-01"]


def gen1(**changes: Any) -> Instance:
    """The small instance on uneven periods, with another gen1."""
    return tiny(horizon=UNEVEN, unit_types={"gen1": changes})


def serves(inst: Instance) -> dict[str, tuple[str, ...]]:
    return {t: periods for (_, _, t), periods in inst.services.items()}


def test_periods_follow_each_other() -> None:
    periods = list(gen1().periods.values())

    assert [period.name for period in periods] == NAMES
    assert [(period.end - period.start).days for period in periods] == [90, 91, 184, 366, 730]
    assert all(a.end == b.start for a, b in pairwise(periods))
    assert periods[2].middle == date(2027, 10, 1)


def test_months_are_added_by_the_calendar() -> None:
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert add_months(date(2027, 1, 1), 0) == date(2027, 1, 1)


def test_without_lead_time_units_serve_at_once() -> None:
    found = serves(gen1(life_years=5))

    assert found["2027Q1"] == tuple(NAMES)
    assert found["2029-01"] == ("2029-01",)


def test_delivery_within_a_period_waits_for_the_next() -> None:
    # Four months: from 1 January to 1 May, so from July; from 1 April to 1 August, so from 2028;
    # from July to November, so from 2028; from 2028 to May 2028, so from 2029.
    found = serves(gen1(lead_months=4, life_years=10))

    assert {t: periods[0] for t, periods in found.items()} == {
        "2027Q1": "2027-07",
        "2027Q2": "2028",
        "2027-07": "2028",
        "2028": "2029-01",
    }


def test_delivery_on_the_first_day_of_a_period_is_in_time() -> None:
    found = serves(gen1(lead_months=3, life_years=10))

    assert found["2027Q1"][0] == "2027Q2"
    assert found["2027Q2"][0] == "2027-07"


def test_the_site_adds_to_the_lead_time() -> None:
    inst = tiny(
        horizon=UNEVEN,
        sites={"oslo": {"unit_lead_months": 2}},
        unit_types={"gen1": {"lead_months": 4}},
    )

    assert serves(inst)["2027Q1"][0] == "2027-07"
    assert serves(inst)["2027Q2"][0] == "2028"


def test_life_counts_from_service_and_ends_with_a_whole_period() -> None:
    # One year of life. From 1 January 2027 to 1 January 2028: all of 2027. From 1 April 2027 to
    # 1 April 2028: 2028 does not end within it. From July as well. In 2028 just that year. From
    # 2029 on the period lasts two years, longer than the life: such an order serves nothing.
    assert serves(gen1(life_years=1)) == {
        "2027Q1": ("2027Q1", "2027Q2", "2027-07"),
        "2027Q2": ("2027Q2", "2027-07"),
        "2027-07": ("2027-07",),
        "2028": ("2028",),
    }


def test_life_counts_from_the_period_not_from_the_delivery() -> None:
    # Delivered on 1 May, in service from 1 July 2027 for two years: until 1 July 2029.
    found = serves(gen1(lead_months=4, life_years=2))

    assert found["2027Q1"] == ("2027-07", "2028")


@pytest.mark.parametrize(
    ("window", "periods"),
    [
        ({"available_from": "2027-07-01"}, ["2027-07", "2028", "2029-01"]),
        ({"available_from": "2027-07-02"}, ["2028", "2029-01"]),
        ({"available_until": "2027-07-01"}, ["2027Q1", "2027Q2", "2027-07"]),
        ({"available_until": "2027-06-30"}, ["2027Q1", "2027Q2"]),
        ({"available_from": "2027-02", "available_until": "2027-12"}, ["2027Q2", "2027-07"]),
    ],
)
def test_the_first_day_of_the_period_lies_in_the_order_window(
    window: dict[str, Any], periods: list[str]
) -> None:
    assert list(serves(gen1(**window))) == periods


def test_an_order_needs_power_for_one_unit_on_its_first_day_of_service() -> None:
    # 2.49 MW carry none of 2.5 MW. Ordered in 2027Q2 with six months, it serves from 2028.
    grid = {"grid_mw": {"2027-01": 2.49, "2028-01": 2.5}}
    units = {"gen1": {"lead_months": 6}}
    inst = tiny(horizon=UNEVEN, sites={"oslo": grid}, unit_types=units)

    assert list(serves(inst)) == ["2027Q2", "2027-07", "2028"]
    assert most_units(inst, "oslo", "gen1", "2027Q2") == 1


def test_most_units_do_not_lose_one_to_rounding() -> None:
    # 0.3 MW hold three units of 0.1 MW, though 0.3 / 0.1 is 2.9999999999999996 in floating point.
    oslo = {"grid_mw": 0.3, "pue": {"liquid": 1}}
    inst = tiny(sites={"oslo": oslo}, unit_types={"gen1": {"it_mw": 0.1}})

    assert most_units(inst, "oslo", "gen1", "2027") == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"sites": {"oslo": {"max_rack_kw": 99}}},
        {"unit_types": {"gen1": {"cooling": "air"}}},
        {"unit_types": {"gen1": {"barred": ["EEA"]}}},
        {"unit_types": {"gen1": {"barred": ["NO"]}}},
        {"sites": {"oslo": {"grid_mw": 2.4}}},
    ],
)
def test_a_unit_that_does_not_fit_is_not_ordered(changes: dict[str, Any]) -> None:
    dense = {"it_mw": 2, "cooling": "liquid", "rack_kw": 100}
    other = {"generation": "two", "cooling": "liquid", "it_mw": 1, "capex_musd": 1}
    fits = other | {"life_years": 5, "available_from": 2020}
    inst = tiny(unit_types={"gen1": dense, "other": fits})
    assert ("oslo", "gen1", "2027") in inst.services

    units = {"gen1": dense, "other": fits}
    for name, change in changes.get("unit_types", {}).items():
        units[name] = units[name] | change
    inst = tiny(unit_types=units, sites=changes.get("sites", {}))
    assert list(inst.services) == [("oslo", "other", "2027")]


def test_a_rack_as_dense_as_the_site_allows_fits() -> None:
    rack = {"unit_types": {"gen1": {"rack_kw": 100}}}

    assert tiny(sites={"oslo": {"max_rack_kw": 100}}, **rack).services


def test_halls_have_lead_times_and_lives_of_their_own() -> None:
    oslo = {"hall_lead_months": 5, "hall_life_years": 1}
    inst = tiny(horizon=UNEVEN, sites={"oslo": oslo})

    # Delivered on 1 June, 1 September and 1 December 2027, and on 1 June 2028; of two years, the
    # last period is longer than their life.
    assert {t: periods for (_, t), periods in inst.hall_services.items()} == {
        "2027Q1": ("2027-07",),
        "2027Q2": ("2028",),
        "2027-07": ("2028",),
    }


def test_the_initial_fleet_serves_the_periods_that_its_life_covers() -> None:
    # One year from 15 December 2026: 2027 but for its last days, so two quarters; from 1 April
    # 2027: the second quarter and the half year; from 2 April: the half year only.
    rows = [
        {"site": "oslo", "unit_type": "gen1", "in_service": day, "units": units}
        for day, units in (("2026-12-15", 1), ("2027-04-01", 2), ("2027-04-02", 3))
    ]
    inst = tiny(horizon=UNEVEN, unit_types={"gen1": {"life_years": 1}}, initial_units=rows)

    assert inst.initial_online == {
        ("oslo", "gen1", "2027Q1"): 1,
        ("oslo", "gen1", "2027Q2"): 1 + 2,
        ("oslo", "gen1", "2027-07"): 2 + 3,
    }


def test_initial_units_that_are_on_their_way_serve_from_their_date() -> None:
    row = {"site": "oslo", "unit_type": "gen1", "in_service": "2027-06", "units": 1}
    demand = demands(("norway", "public", 2027, 10))
    inst = tiny(horizon=years(2), initial_units=[row], demand=demand)
    m = solved(inst)

    # 2027 needs a unit of its own, which serves 2028 as well; the other one comes for nothing.
    assert values(m.order) == {("oslo", "gen1", "2027"): 1}
    assert values(m.online) == {("oslo", "gen1", "2027"): 1, ("oslo", "gen1", "2028"): 2}


def test_periods_do_not_drift_when_they_start_late_in_the_month() -> None:
    horizon = Horizon.model_validate({"start": "2027-01-31", "months": 1, "count": 4})

    starts = [period.start.isoformat() for period in horizon.periods()]
    assert starts == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
