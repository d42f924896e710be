"""Halls: units need a place, built in whole blocks, which comes late and leaves with its life."""

import pytest

from models.build import build_model
from tests.small import (
    SHORT,
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    values,
    years,
)


def test_hall_limit_makes_a_hall_be_built_as_a_whole() -> None:
    """(H2)"""
    # Halls of 6 MW hold three units of 2 MW. Five are needed, 10 MW: one block of 4 MW for 20.
    inst = tiny(sites={"oslo": {"initial_hall_mw": 6}})
    m = solved(inst)

    assert cost(m) == pytest.approx(5 * 40 + 20)
    assert values(m.hall) == {("oslo", "2027"): 1}
    assert optimum_without(inst, lambda m: m.hall_limit) == pytest.approx(200)


def test_half_a_hall_cannot_be_built() -> None:
    # The fourth unit needs 2 MW more, but pays for 4 MW.
    demand = demands(("norway", "public", 2027, 40))
    inst = tiny(sites={"oslo": {"initial_hall_mw": 6}}, demand=demand)

    assert optimum(inst) == pytest.approx(4 * 40 + 20)


def test_hall_balance_counts_a_hall_from_its_delivery() -> None:
    """(H1)"""
    # No hall stands in 2027, so 10 Mtok/s fall short; the one ordered then serves 2028.
    oslo = {"initial_hall_mw": 0, "hall_lead_months": 12}
    demand = demands(("norway", "public", 2027, 10))
    inst = tiny(horizon=years(2), sites={"oslo": oslo}, demand=demand)
    m = solved(inst)

    assert cost(m) == pytest.approx(10 * SHORT + 20 + 40)
    assert values(m.hall) == {("oslo", "2027"): 1}
    assert values(m.hall_mw) == {("oslo", "2028"): 4}
    # Without the balance, halls would cost nothing.
    assert optimum_without(inst, lambda m: m.hall_balance) == pytest.approx(40)


def test_a_hall_at_the_end_of_its_life_is_built_anew_and_its_units_stay() -> None:
    # Units live five years, halls one: a new hall each year for the same unit.
    oslo = {"initial_hall_mw": 0, "hall_life_years": 1}
    demand = demands(("norway", "public", 2027, 10))
    m = solved(tiny(horizon=years(3), sites={"oslo": oslo}, demand=demand))

    assert terms(m) == pytest.approx({"hall_capex": 3 * 20, "unit_capex": 40})


def test_a_shell_outlives_silicon() -> None:
    # The other way round: one hall, in which a unit is replaced each year.
    demand = demands(("norway", "public", 2027, 10))
    units = {"gen1": {"life_years": 1}}
    sites = {"oslo": {"initial_hall_mw": 0}}
    m = solved(tiny(horizon=years(3), sites=sites, unit_types=units, demand=demand))

    assert terms(m) == pytest.approx({"hall_capex": 20, "unit_capex": 3 * 40})


def test_rows_of_halls_in_use() -> None:
    # A lead of one year and a life of one year: ordered in 2027, in use in 2028, gone in 2029.
    oslo = {"hall_lead_months": 12, "hall_life_years": 1}
    m = build_model(tiny(horizon=years(3), sites={"oslo": oslo}))

    assert_row(m.hall_balance["oslo", "2027"], {"hall_mw[oslo,2027]": 1}, "=", 0)
    assert_row(
        m.hall_balance["oslo", "2028"],
        {"hall_mw[oslo,2028]": 1, "hall_mw[oslo,2027]": -1, "hall[oslo,2027]": -4},
        "=",
        0,
    )
    assert_row(
        m.hall_balance["oslo", "2029"],
        {
            "hall_mw[oslo,2029]": 1,
            "hall_mw[oslo,2028]": -1,
            "hall[oslo,2028]": -4,
            "hall[oslo,2027]": 4,
        },
        "=",
        0,
    )


def test_rows_of_the_room_in_halls() -> None:
    small = {"generation": "two", "cooling": "liquid", "it_mw": 0.5, "capex_musd": 15}
    gen2 = small | {"life_years": 5, "available_from": 2020}
    m = build_model(tiny(unit_types={"gen2": gen2}))

    assert_row(
        m.hall_limit["oslo", "2027"],
        {"online[oslo,gen1,2027]": 2, "online[oslo,gen2,2027]": 0.5, "hall_mw[oslo,2027]": -1},
        "≤",
        20,
    )


@pytest.mark.parametrize("lead", [0, 1, 12])
def test_halls_are_renewed_in_time_whatever_their_lead(lead: int) -> None:
    # Halls of two years for a unit of five, with a lead: the next hall is ordered while the last
    # one stands. Without lead: halls in 2027, 2029, 2031. With lead: 2027 is missed (10 Mtok/s
    # short), halls ordered in 2027, 2029 and 2031 serve from 2028 on. A hall costs 20.
    oslo = {"initial_hall_mw": 0, "hall_life_years": 2, "hall_lead_months": lead, "grid_mw": 5}
    demand = demands(("norway", "public", 2027, 10))
    inst = tiny(horizon=years(5), sites={"oslo": oslo}, demand=demand)

    missed = 0 if lead == 0 else 10 * SHORT
    halls = 3 if lead == 0 else 2
    assert optimum(inst) == pytest.approx(missed + halls * 20 + 40)
