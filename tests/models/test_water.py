"""Water: what cooling uses has a price and, at some sites, a limit."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from tests.small import (
    SHORT,
    assert_row,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    twins,
    values,
    years,
)

YEAR = 365 / 365.25
M3 = 17.52
"""A unit at work for a year: 2 MW of IT · 8 760 h · 1 L/kWh [1000 m3]."""


def cooled(idle_share: float = 0.3, **oslo: Any) -> Instance:
    return tiny(
        sites={"oslo": {"water_l_per_kwh": {"liquid": 1}} | oslo},
        unit_types={"gen1": {"idle_share": idle_share}},
    )


def test_a_limit_on_water_binds() -> None:
    # Units that never idle use 17 520 m3 each: 60 000 a year are enough for three, not for five.
    inst = cooled(idle_share=1, water_limit_m3_per_year=60_000)
    m = solved(inst)

    assert values(m.order) == {("oslo", "gen1", "2027"): 3}
    assert terms(m) == pytest.approx({"unit_capex": 120, "shortfall": 20 * SHORT})
    assert optimum_without(inst, lambda m: m.water_limit) == pytest.approx(200)


def test_rows_of_a_limit() -> None:
    assert_row(
        build_model(cooled(water_limit_m3_per_year=60_000)).water_limit["oslo", "2027"],
        {"online[oslo,gen1,2027]": 0.3 * M3, "run[oslo,gen1,chat,2027]": 0.7 * M3},
        "≤",
        60 * YEAR,
    )


def test_water_has_a_price() -> None:
    # Five units: 87 600 m3 at 2 USD.
    assert terms(solved(cooled(water_price_usd_per_m3=2))) == pytest.approx(
        {"unit_capex": 200, "water": 0.1752}
    )


def test_a_limit_begins_with_its_date_and_counts_where_it_stands() -> None:
    limits = {2027: 60_000, 2028: 5000}
    inst = twins(
        horizon=years(2),
        sites={"oslo": {"water_l_per_kwh": {"liquid": 1}, "water_limit_m3_per_year": limits}},
    )
    rows = build_model(inst).water_limit
    assert list(rows) == [("oslo", "2027"), ("oslo", "2028")]
    assert rows["oslo", "2028"].upper == pytest.approx(5 * 366 / 365.25)


def test_what_uses_no_water_has_no_row() -> None:
    inst = tiny(sites={"oslo": {"water_limit_m3_per_year": 0}})
    assert len(build_model(inst).water_limit) == 0
    assert optimum(inst) == pytest.approx(200)
