"""Capacity: what is in service follows from orders, lead times, lives and the initial fleet."""

import pytest

from models.build import build_model
from tests.small import (
    SHORT,
    assert_row,
    cost,
    demands,
    optimum_without,
    solved,
    terms,
    tiny,
    values,
    years,
)

TEN = demands(("norway", "public", 2027, 10))


def test_online_balance_makes_a_unit_wait_for_its_delivery() -> None:
    """(C1)"""
    inst = tiny(horizon=years(2), unit_types={"gen1": {"lead_months": 12}}, demand=TEN)
    m = solved(inst)

    # 2027 falls short, whatever is ordered; the unit ordered then serves 2028.
    assert cost(m) == pytest.approx(10 * SHORT + 40)
    assert values(m.online) == {("oslo", "gen1", "2028"): 1}
    # Without the balance a unit would serve 2028 that nobody paid for. In 2027 there is no flow:
    # no unit can be in service.
    assert optimum_without(inst, lambda m: m.online_balance) == pytest.approx(10 * SHORT)


def test_a_unit_leaves_at_the_end_of_its_life() -> None:
    m = solved(tiny(horizon=years(3), unit_types={"gen1": {"life_years": 2}}, demand=TEN))

    # Two years, then a new one for the third: it may be ordered in 2027 or 2028 as well if it
    # serves 2029, which an order of 2027 does not.
    assert terms(m) == pytest.approx({"unit_capex": 80})
    assert m.online["oslo", "gen1", "2029"].value >= 1 - 1e-6


def test_the_initial_fleet_serves_until_its_life_ends() -> None:
    # In service since 2026 for two years: it serves 2027, and 2028 needs a new unit.
    row = {"site": "oslo", "unit_type": "gen1", "in_service": 2026, "units": 1}
    units = {"gen1": {"life_years": 2, "available_from": 2028}}
    m = solved(tiny(horizon=years(2), unit_types=units, initial_units=[row], demand=TEN))

    assert values(m.online) == {("oslo", "gen1", "2027"): 1, ("oslo", "gen1", "2028"): 1}
    assert terms(m) == pytest.approx({"unit_capex": 40})


def test_rows_of_units_in_service() -> None:
    # A lead of one year, a life of one year: ordered in 2027, in service in 2028, gone in 2029.
    # Initial units: two from 2027, three more from 2028 on, each for a year.
    rows = [
        {"site": "oslo", "unit_type": "gen1", "in_service": 2027, "units": 2},
        {"site": "oslo", "unit_type": "gen1", "in_service": 2028, "units": 3},
    ]
    units = {"gen1": {"lead_months": 12, "life_years": 1}}
    m = build_model(tiny(horizon=years(3), unit_types=units, initial_units=rows))

    assert_row(
        m.online_balance["oslo", "gen1", "2027"],
        {"online[oslo,gen1,2027]": 1},
        "=",
        2,
    )
    assert_row(
        m.online_balance["oslo", "gen1", "2028"],
        {"online[oslo,gen1,2028]": 1, "online[oslo,gen1,2027]": -1, "order[oslo,gen1,2027]": -1},
        "=",
        3 - 2,
    )
    assert_row(
        m.online_balance["oslo", "gen1", "2029"],
        {
            "online[oslo,gen1,2029]": 1,
            "online[oslo,gen1,2028]": -1,
            "order[oslo,gen1,2028]": -1,
            "order[oslo,gen1,2027]": 1,
        },
        "=",
        0 - 3,
    )
