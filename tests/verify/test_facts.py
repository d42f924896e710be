"""What the checker reads out of an instance, against values worked out by hand."""

from copy import deepcopy
from datetime import date
from typing import Any

import numpy as np
import pytest
from hand_instance import RAW

from models.instance import Instance
from optimizer.verify.facts import read_facts
from optimizer.verify.facts.calendar import (
    Calendar,
    in_service,
    months_later,
    read_calendar,
    service,
    values_on,
)


def made(**changes: Any) -> Instance:
    return Instance.model_validate(deepcopy(RAW) | changes)


def calendar(start: str, months: int | list[int], count: int | None = None) -> Calendar:
    return read_calendar(made(horizon={"start": start, "months": months, "count": count}))


def days(*texts: str) -> Any:
    return np.array(texts, dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-03-15", 0, "2027-03-15"),
        ("2027-03-15", 22, "2029-01-15"),
    ],
)
def test_months_later(day: str, months: int, later: str) -> None:
    assert months_later(days(day), np.array(months)) == days(later)


def test_periods_have_names_after_start_and_length() -> None:
    found = calendar("2027-01-01", [12, 3, 6, 1, 3])

    assert found.names == ("2027", "2028Q1", "2028-04", "2028-10", "2028-11")
    assert calendar("2027-04-01", 3, 4).names == ("2027Q2", "2027Q3", "2027Q4", "2028Q1")
    assert calendar("2027-01-15", 12, 1).names == ("2027-01-15",)


def test_the_middle_is_rounded_down_to_a_day() -> None:
    # 2027 has 365 days: 182 days after its first one; 2028 has 366: 183.
    assert list(calendar("2027-01-01", 12, 2).middle) == list(days("2027-07-02", "2028-07-02"))


def test_a_value_holds_from_its_date_and_is_nothing_before() -> None:
    steps = {date(2028, 1, 1): 7.0, date(2027, 1, 1): 5.0}

    found = values_on(steps, days("2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01"))

    assert list(found) == [0, 5, 5, 7]


def test_service_starts_with_a_whole_period_and_ends_with_one() -> None:
    """Half-years from 2027; 7 months of lead, 1 year of life."""
    halves = calendar("2027-01-01", 6, 6)

    when = service(halves, np.array([7]), np.array([1]))

    # Ordered in January 2027, delivered in August, in service in 2028: two periods.
    assert list(when.first[0]) == [2, 3, 4, 5, 6, 6]
    assert list(when.exists[0]) == [True, True, True, True, False, False]
    assert list(when.last[0, :4]) == [3, 4, 5, 5]
    # The one from July 2029 serves half its life in the horizon: 184 of 365 days; 181 are left.
    assert when.left[0, 3] == pytest.approx(181 / 365)
    ordered = np.array([[1.0, 0, 0, 2, 0, 0]])
    assert in_service(ordered, when).tolist() == [[0, 0, 1, 1, 0, 2]]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        # Known: 2 on 2027-01-01 and 8 on 2028-12-31; asked on 2027-07-02, 2028-07-02, 2029-07-02.
        ("step", [2, 2, 8]),
        ("linear", [2 + 6 * 182 / 730, 2 + 6 * 548 / 730, 8]),
        ("geometric", [2 * 4 ** (182 / 730), 2 * 4 ** (548 / 730), 8]),
    ],
)
def test_demand_between_dates(how: str, expected: list[float]) -> None:
    row = {"region": "norway", "workload": "chat", "data_class": "personal"}
    demand = [row | {"date": "2027-01-01", "mtok_s": 2}, row | {"date": "2028-12-31", "mtok_s": 8}]

    facts = read_facts(made(demand=demand, demand_interpolation=how))

    assert facts.streams.demand[0] == pytest.approx(expected)


def test_geometric_demand_from_nothing_is_a_straight_line() -> None:
    row = {"region": "norway", "workload": "chat", "data_class": "personal"}
    demand = [row | {"date": "2027-01-01", "mtok_s": 0}, row | {"date": "2029-12-31", "mtok_s": 9}]

    facts = read_facts(made(demand=demand, demand_interpolation="geometric"))

    assert facts.streams.demand[0] == pytest.approx([9 * d / 1095 for d in (182, 548, 913)])


KM_PER_DEGREE = 6371 * np.pi / 180
"""Along the equator."""

ROW = {"lat": 0.0, "lon": 0.0}
"""A place on the equator; regions, cities and sites of the tests below differ in longitude."""


def _rtt(cities: dict[str, float], measured: list[tuple[str, str, float]], site: float) -> float:
    """Round trip from a region at 0° to a site on the equator, with 2 ms of access."""
    raw = deepcopy(RAW)
    raw["regions"]["norway"] |= ROW
    raw["sites"]["oslo"] |= {"lat": 0.0, "lon": site}
    raw["rtt"] = []
    raw["cities"] = {name: {"lat": 0.0, "lon": lon} for name, lon in cities.items()}
    raw["city_rtt"] = [{"city_a": a, "city_b": b, "rtt_ms": ms} for a, b, ms in measured]
    raw["latency"] = {"ms_per_km": 0.02, "access_ms": 2}
    raw["workloads"]["chat"]["latency_limit_ms"] = None
    return float(read_facts(Instance.model_validate(raw)).rtt_ms[0, 0])


def test_round_trip_without_cities_is_the_great_circle() -> None:
    assert _rtt({}, [], 90) == pytest.approx(0.02 * 90 * KM_PER_DEGREE + 2)


def test_round_trip_goes_by_the_nearest_measured_cities() -> None:
    # The nearest city of the site at 19°, 'c' at 20°, has no measured time to 'a'; 'b' has one.
    cities, measured = {"a": 1.0, "b": 15.0, "c": 20.0}, [("b", "a", 30.0)]

    assert _rtt(cities, measured, 19) == pytest.approx(30 + 0.02 * (1 + 4) * KM_PER_DEGREE + 2)


def test_round_trip_inside_one_city_adds_the_city_s_own() -> None:
    cities = {"a": 1.0, "b": 50.0}

    measured = [("a", "a", 3.0), ("a", "b", 60.0)]
    assert _rtt(cities, measured, 2) == pytest.approx(3 + 0.02 * 2 * KM_PER_DEGREE + 2)
    assert _rtt(cities, measured[1:], 2) == pytest.approx(0.02 * 2 * KM_PER_DEGREE + 2)


def test_round_trip_where_the_region_s_city_is_not_measured() -> None:
    cities, measured = {"a": 1.0, "b": 50.0, "c": 51.0}, [("b", "c", 1.0)]

    assert _rtt(cities, measured, 50) == pytest.approx(0.02 * 50 * KM_PER_DEGREE + 2)


def test_the_row_of_the_jurisdiction_wins_over_its_blocs() -> None:
    rows = [
        {"jurisdiction": "EEA", "data_class": "personal", "compute": ["EEA"]},
        {"jurisdiction": "NO", "data_class": "personal", "compute": ["HOME"]},
    ]

    # Sites: oslo (NO), lulea (SE), austin (US), tromso (NO).
    assert list(read_facts(made(residency=rows)).permitted["NO", "personal"]) == [1, 0, 0, 1]
    assert list(read_facts(made(residency=rows[:1])).permitted["NO", "personal"]) == [1, 1, 0, 1]
    assert list(read_facts(made(residency=[])).permitted["NO", "personal"]) == [1, 1, 1, 1]


def test_a_site_draws_on_the_pool_that_names_it_most_closely() -> None:
    pools = {
        "world": {"grants": 1},
        "europe": {"continents": ["europe"], "grants": 1},
        "norway": {"jurisdictions": ["NO"], "grants": 1},
        "cloud": {"operators": ["nordcloud"], "grants": 1},
        "tromso": {"sites": ["tromso"], "grants": 1},
    }

    def pools_of_sites(*names: str) -> list[str]:
        chosen = {name: pools[name] for name in names}
        positions = read_facts(made(budget={"pools": chosen})).pool
        return [names[p] if p >= 0 else "" for p in positions]

    assert pools_of_sites(*pools) == ["cloud", "cloud", "world", "tromso"]
    assert pools_of_sites("world", "europe", "norway") == ["norway", "europe", "world", "norway"]
    assert pools_of_sites("norway") == ["norway", "", "", "norway"]


def test_grants_are_spent_from_the_first_period_that_starts_then() -> None:
    grants = {"2026-06-01": 1, "2027-01-01": 2, "2027-01-02": 4, "2029-01-01": 8, "2029-01-02": 16}

    facts = read_facts(made(budget={"pools": {"world": {"grants": grants}}}))

    assert facts.grants.tolist() == [[3, 4, 8]]
