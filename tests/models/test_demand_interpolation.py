"""Demand between its dates: steps, straight lines, constant growth; flat outside."""

from datetime import date
from typing import Any

import pytest

from models.demand import interpolate
from tests.small import demands, tiny, years

# 2027 and 2028 have 731 days together; the middle of 2027 is 2 July (182 days), that of 2028
# 2 July (365 + 183 days).
POINTS = [(date(2027, 1, 1), 10.0), (date(2029, 1, 1), 40.0)]
MIDDLES = (date(2027, 7, 2), date(2028, 7, 2))


@pytest.mark.parametrize(
    ("how", "in_2027", "in_2028"),
    [
        ("step", 10, 10),
        ("linear", 10 + 30 * 182 / 731, 10 + 30 * 548 / 731),
        ("geometric", 10 * 4 ** (182 / 731), 10 * 4 ** (548 / 731)),
    ],
)
def test_between_two_dates(how: Any, in_2027: float, in_2028: float) -> None:
    found = [interpolate(POINTS, day, how) for day in MIDDLES]

    assert found == pytest.approx([in_2027, in_2028])


@pytest.mark.parametrize("how", ["step", "linear", "geometric"])
def test_on_a_date_and_outside_the_dates(how: Any) -> None:
    for day, expected in (
        (date(2026, 1, 1), 10),
        (date(2027, 1, 1), 10),
        (date(2029, 1, 1), 40),
        (date(2035, 1, 1), 40),
    ):
        assert interpolate(POINTS, day, how) == expected


@pytest.mark.parametrize(("low", "high"), [(0.0, 40.0), (40.0, 0.0)])
def test_growth_from_or_to_0_is_a_straight_line(low: float, high: float) -> None:
    points = [(date(2027, 1, 1), low), (date(2029, 1, 1), high)]

    found = interpolate(points, date(2027, 7, 2), "geometric")
    assert found == pytest.approx(low + (high - low) * 182 / 731)


def test_periods_read_the_demand_at_their_middle() -> None:
    rows = demands(("norway", "public", 2029, 40), ("norway", "public", 2027, 10))
    inst = tiny(horizon=years(3), demand=rows, demand_interpolation="linear")

    found = [inst.demand_mtok_s["norway/chat/public", t] for t in ("2027", "2028", "2029")]
    assert found == pytest.approx([10 + 30 * 182 / 731, 10 + 30 * 548 / 731, 40])


def test_a_step_within_a_period_counts_if_it_is_before_the_middle() -> None:
    rows = [("norway", "public", 2027, 10), ("norway", "public", "2027-07-02", 20)]
    inst = tiny(demand=demands(*rows))
    assert inst.demand_mtok_s["norway/chat/public", "2027"] == 20

    rows[1] = ("norway", "public", "2027-07-03", 20)
    inst = tiny(demand=demands(*rows))
    assert inst.demand_mtok_s["norway/chat/public", "2027"] == 10
