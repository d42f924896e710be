"""Siting: a site is opened once, before anything is ordered there, and with a least build."""

from typing import Any

import pytest

from models.build import build_model
from tests.small import assert_row, cost, demands, optimum, optimum_without, solved, twins, years

HOME = {"public": {"compute": ["HOME"]}}
KENYA_2028 = demands(("kenya", "public", 2027, 0), ("kenya", "public", 2028, 10))


def kenya_from_2028(**nairobi: Any) -> dict[str, Any]:
    """Kenya asks for 10 Mtok/s in 2028, which only Nairobi may serve."""
    # One unit (40) in one hall (4 MW · 5 = 20), behind a site that costs 10 to open and 0.01 MUSD
    # a day: 3.65 in 2027, 3.66 in 2028, a leap year.
    site = {"open_cost_musd": 10, "fixed_opex_musd_per_year": 3.6525} | nairobi
    return {
        "horizon": years(2),
        "data_classes": HOME,
        "sites": {"nairobi": site},
        "demand": KENYA_2028,
    }


def test_a_site_is_opened_once_and_as_late_as_possible() -> None:
    """(S1)"""
    m = solved(twins(**kenya_from_2028()))

    # 10 + 40 + 20 + 3.66.
    assert cost(m) == pytest.approx(73.66)
    assert m.open_site["nairobi", "2028"].value == pytest.approx(1)
    assert m.is_open["nairobi", "2027"].value == pytest.approx(0)


def test_opening_balance_makes_an_open_site_cost_its_opening() -> None:
    """(S1)"""
    inst = twins(**kenya_from_2028())

    # Without it nothing is paid for opening, and only as much is open as a hall of 4 of the
    # 20 MW that there is room for needs: 40 + 20 + 0.2 · 3.66.
    assert optimum_without(inst, lambda m: m.opening_balance) == pytest.approx(60.732)


def test_order_link_opens_the_site_when_units_are_ordered() -> None:
    """(S2)"""
    # A lead of a year: the order is placed in 2027, so the site is open for both years.
    inst = twins(**kenya_from_2028(unit_lead_months=12))

    assert optimum(inst) == pytest.approx(10 + 40 + 20 + 3.65 + 3.66)
    assert optimum_without(inst, lambda m: m.order_link) == pytest.approx(73.66)


def test_hall_link_opens_the_site_when_halls_are_ordered() -> None:
    """(S3)"""
    inst = twins(**kenya_from_2028(hall_lead_months=12))

    assert optimum(inst) == pytest.approx(10 + 40 + 20 + 3.65 + 3.66)
    assert optimum_without(inst, lambda m: m.hall_link) == pytest.approx(73.66)


def test_build_minimum_makes_a_site_large() -> None:
    """(S4)"""
    # At least 10 MW: three halls of 4 MW, 60 MUSD, though the unit needs one.
    inst = twins(**kenya_from_2028(min_build_mw=10))

    assert optimum(inst) == pytest.approx(10 + 40 + 60 + 3.66)
    assert optimum_without(inst, lambda m: m.build_minimum) == pytest.approx(73.66)


def test_a_site_that_is_not_worth_opening_stays_closed() -> None:
    # 10 Mtok/s of 2028 cost 3 162.24 MUSD if they fall short; opening costs more.
    m = solved(twins(**kenya_from_2028(open_cost_musd=3_200)))

    assert cost(m) == pytest.approx(3_162.24)


def test_rows_of_opening() -> None:
    m = build_model(twins(horizon=years(2)))

    assert_row(
        m.opening_balance["nairobi", "2027"],
        {"is_open[nairobi,2027]": 1, "open_site[nairobi,2027]": -1},
        "=",
        0,
    )
    assert_row(
        m.opening_balance["nairobi", "2028"],
        {
            "is_open[nairobi,2028]": 1,
            "is_open[nairobi,2027]": -1,
            "open_site[nairobi,2028]": -1,
        },
        "=",
        0,
    )
    # Oslo is open from the start: is_open before the first period is 1, and it cannot be opened.
    assert_row(
        m.opening_balance["oslo", "2027"],
        {"is_open[oslo,2027]": 1, "open_site[oslo,2027]": -1},
        "=",
        1,
    )
    assert m.open_site["oslo", "2027"].bounds == (0, 0)
    assert m.open_site["nairobi", "2027"].bounds == (0, 1)
    assert m.is_open["oslo", "2027"].bounds == (1, 1)


def test_rows_of_orders() -> None:
    # Ordered in 2027 and a year on their way, they enter service on the 11 MW of 2028:
    # ⌊11 / (1.25 · 2)⌋ = 4 units. Ordered in 2028 they come too late.
    grid = {"grid_mw": {2027: 6, 2028: 11}, "unit_lead_months": 12}
    m = build_model(twins(horizon=years(2), sites={"nairobi": grid}))

    assert_row(
        m.order_link["nairobi", "gen1", "2027"],
        {"order[nairobi,gen1,2027]": 1, "is_open[nairobi,2027]": -4},
        "≤",
        0,
    )
    assert ("nairobi", "gen1", "2028") not in m.order_link


def test_rows_of_halls() -> None:
    # 25 MW at a PUE of 1.25 are 20 MW of IT: five halls of 4 MW.
    m = build_model(twins(horizon=years(3), sites={"nairobi": {"hall_life_years": 2}}))

    assert_row(
        m.hall_link["nairobi", "2028"],
        {"hall[nairobi,2028]": 4, "is_open[nairobi,2028]": -20},
        "≤",
        0,
    )


def test_rows_of_the_least_build() -> None:
    # At least 22 MW make room for six halls.
    m = build_model(twins(horizon=years(2), sites={"nairobi": {"min_build_mw": 22}}))

    assert_row(
        m.build_minimum["nairobi"],
        {
            "hall[nairobi,2027]": 4,
            "hall[nairobi,2028]": 4,
            "open_site[nairobi,2027]": -22,
            "open_site[nairobi,2028]": -22,
        },
        "≥",
        0,
    )
    assert_row(
        m.hall_link["nairobi", "2027"],
        {"hall[nairobi,2027]": 4, "is_open[nairobi,2027]": -24},
        "≤",
        0,
    )
