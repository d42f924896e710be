"""Retirement: units leave early to make room, once, and what they are still worth leaves too."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from tests.small import (
    assert_row,
    coefficients,
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

SHORT_2028 = 10 * 31.6224
"""Cost of 1 Mtok/s not served in the leap year 2028 [MUSD]."""

GEN2 = {"generation": "two", "cooling": "liquid", "it_mw": 2, "capex_musd": 30, "life_years": 5}
GEN2_FROM_2028 = GEN2 | {"available_from": 2028}
OLD = {"site": "oslo", "unit_type": "gen1", "in_service": 2026, "units": 1}


def full(**changes: Any) -> Instance:
    """One old unit fills Oslo's 2.5 MW; from 2028 a unit of gen2 would make four times as much."""
    gen1 = {"early_retirement": True, "scrap_value_share": 0.1, "decommissioning_musd": 3}
    plain = {
        "horizon": years(2),
        "sites": {"oslo": {"grid_mw": 2.5}},
        "unit_types": {"gen1": gen1 | changes.pop("gen1", {}), "gen2": GEN2_FROM_2028},
        "throughput": [
            {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
            {"unit_type": "gen2", "workload": "chat", "mtok_s": 40},
        ],
        "initial_units": [OLD],
        "demand": demands(("norway", "public", 2027, 10), ("norway", "public", 2028, 40)),
    }
    return tiny(**(plain | changes))


def test_an_old_unit_makes_room_for_a_better_one() -> None:
    m = solved(full())

    # Its removal costs 3 MUSD, it is sold for a tenth of 40: 1 MUSD is left. The new one costs 30.
    assert terms(m) == pytest.approx({"unit_capex": 30, "retirement": -1})
    assert values(m.retire) == {("oslo", "gen1", "2028"): 1}
    assert values(m.retired) == {("oslo", "gen1", "since 2026-01-01"): 1}
    assert values(m.online) == {("oslo", "gen1", "2027"): 1, ("oslo", "gen2", "2028"): 1}


def test_without_permission_it_stays_and_demand_falls_short() -> None:
    m = solved(full(gen1={"early_retirement": False}))

    assert cost(m) == pytest.approx(30 * SHORT_2028)
    assert not len(m.retire)
    assert not len(m.retired)


def test_a_unit_that_left_early_does_not_leave_again() -> None:
    # The old one would have served 2027 and 2028. In 2029 one of gen2 stands, not one less.
    inst = full(horizon=years(3), gen1={"life_years": 3})
    m = solved(inst)

    assert values(m.online)["oslo", "gen2", "2029"] == 1
    assert ("oslo", "gen1", "2029") not in values(m.online)
    assert cost(m) == pytest.approx(29)
    # Without its return to the balance, gen1 would stand at −1 in 2029.
    assert_row(
        build_model(inst).online_balance["oslo", "gen1", "2029"],
        {
            "online[oslo,gen1,2029]": 1,
            "online[oslo,gen1,2028]": -1,
            "order[oslo,gen1,2029]": -1,
            "retire[oslo,gen1,2029]": 1,
            "retired[oslo,gen1,since 2026-01-01]": -1,
        },
        "=",
        -1,
    )


def one_year_of_work(scrap: float) -> Instance:
    """One unit is bought for 2027; in 2028 nothing is asked for. It lives to the end of 2030."""
    return tiny(
        horizon=years(2),
        finance={"end_of_horizon_value": "straight_line"},
        unit_types={
            "gen1": {"life_years": 4, "early_retirement": True, "scrap_value_share": scrap}
        },
        demand=demands(("norway", "public", 2027, 10), ("norway", "public", 2028, 0)),
    )


WORTH = 730 / 1461 * 40
"""What the unit of 2027 is worth at the end of 2028, of its 1461 days [MUSD]."""


def test_a_retired_unit_has_no_value_at_the_end() -> None:
    # A tenth of its price is less than what it is worth at the end, nine tenths are more.
    assert terms(solved(one_year_of_work(0.1))) == pytest.approx(
        {"unit_capex": 40, "end_value": -WORTH}
    )
    assert terms(solved(one_year_of_work(0.9))) == pytest.approx(
        {"unit_capex": 40, "retirement": -36}
    )


def test_the_value_that_leaves_is_that_of_its_cohort() -> None:
    m = build_model(one_year_of_work(0.9))
    end_value = coefficients(m.cost_musd["end_value"].expr)

    assert end_value["retired[oslo,gen1,2027]"] == pytest.approx(WORTH)
    assert end_value["order[oslo,gen1,2027]"] == pytest.approx(-WORTH)
    # One ordered in 2028 cannot leave before the end.
    assert "retired[oslo,gen1,2028]" not in end_value


def test_more_than_was_ordered_cannot_leave() -> None:
    """(C2)"""
    gen1 = {"life_years": 4, "early_retirement": True, "scrap_value_share": 0.3}
    rates = {2027: 0, 2028: 10, 2029: 0}
    inst = tiny(
        horizon=years(3),
        finance={"end_of_horizon_value": "straight_line"},
        unit_types={"gen1": gen1},
        demand=demands(*(("norway", "public", year, rate) for year, rate in rates.items())),
    )
    # A unit of 2028 is worth 730 of 1461 days at the end of 2029, more than 12 MUSD of scrap: it
    # stays. Without the limit it would be sold as one of 2027, worth only 365 days, of which there
    # is none.
    kept = 40 - 730 / 1461 * 40
    assert optimum(inst) == pytest.approx(kept)
    found = optimum_without(inst, lambda m: m.cohort_limit)
    assert found == pytest.approx(kept - 12 + 365 / 1461 * 40)


def test_nobody_leaves_without_a_cohort() -> None:
    """(C3)"""
    # 19.99 are more than a scrap value of 4: the unit stays. Without the limit it would be sold
    # and still be worth that at the end.
    inst = one_year_of_work(0.1)

    assert optimum(inst) == pytest.approx(40 - WORTH)
    assert optimum_without(inst, lambda m: m.retire_limit) == pytest.approx(40 - WORTH - 4)


def test_a_cohort_does_not_lose_units_that_stay() -> None:
    """(C4)"""
    # Without it the old unit could be struck from its cohort and serve on for nothing.
    inst = full(
        horizon=years(3),
        gen1={"life_years": 3, "scrap_value_share": 0},
        demand=demands(("norway", "public", 2027, 10)),
    )

    # Its life ends with 2028; 2029 needs a new one.
    assert optimum(inst) == pytest.approx(30)
    assert optimum_without(inst, lambda m: m.retire_minimum) == pytest.approx(0)


ROWS = [
    {"site": "oslo", "unit_type": "gen1", "in_service": day, "units": units}
    for day, units in (("2026-07-01", 2), ("2027-01-01", 3))
]


def uneven() -> Instance:
    """Half a year, a year, two years; units live for two years."""
    return tiny(
        horizon={"start": "2027-01-01", "months": [6, 12, 24]},
        unit_types={"gen1": {"life_years": 2, "early_retirement": True}},
        initial_units=ROWS,
    )


def test_cohorts_by_exact_dates() -> None:
    # Periods: 2027-01, 2027-07 up to July 2028, 2028-07 up to July 2030. Two years from July 2026
    # end in July 2028; from January 2027 in January 2029: both serve the first two periods. From
    # July 2027 to July 2029: just 2027-07; from July 2028: 2028-07. Those have no chance to leave.
    found = uneven().cohorts

    assert {key: (one.units, one.serves, one.leaves) for key, one in found.items()} == {
        ("oslo", "gen1", "since 2026-07-01"): (
            2,
            ("2027-01", "2027-07"),
            ("2027-01", "2027-07"),
        ),
        ("oslo", "gen1", "since 2027-01-01"): (3, ("2027-01", "2027-07"), ("2027-07",)),
        ("oslo", "gen1", "2027-01"): (None, ("2027-01", "2027-07"), ("2027-07",)),
    }


def test_rows_of_retirement() -> None:
    m = build_model(uneven())

    assert list(m.cohort_limit) == [("oslo", "gen1", "2027-01")]
    assert_row(
        m.cohort_limit["oslo", "gen1", "2027-01"],
        {"retired[oslo,gen1,2027-01]": 1, "order[oslo,gen1,2027-01]": -1},
        "≤",
        0,
    )
    old, new = "retired[oslo,gen1,since 2026-07-01]", "retired[oslo,gen1,since 2027-01-01]"
    assert_row(
        m.retire_limit["oslo", "gen1", "2027-01"],
        {"retire[oslo,gen1,2027-01]": 1, old: -1},
        "≤",
        0,
    )
    everyone = {
        "retire[oslo,gen1,2027-01]": 1,
        "retire[oslo,gen1,2027-07]": 1,
        old: -1,
        new: -1,
        "retired[oslo,gen1,2027-01]": -1,
    }
    assert_row(m.retire_limit["oslo", "gen1", "2027-07"], everyone, "≤", 0)
    assert list(m.retire_minimum) == [("oslo", "gen1", "2027-07")]
    assert_row(m.retire_minimum["oslo", "gen1", "2027-07"], everyone, "≥", 0)
    # 25 MW carry ten units of 2.5 MW at the meter; two may leave on the first day.
    assert m.retire["oslo", "gen1", "2027-01"].ub == 2
    assert m.retire["oslo", "gen1", "2027-07"].ub == 10
    assert m.retired["oslo", "gen1", "since 2027-01-01"].ub == 3
    assert m.retired["oslo", "gen1", "2027-01"].ub == 10


def test_prices_of_leaving() -> None:
    inst = full(sites={"oslo": {"grid_mw": 2.5, "unit_capex_factor": 1.5}})
    found = coefficients(build_model(inst).cost_musd["retirement"].expr)

    assert found["retire[oslo,gen1,2028]"] == pytest.approx(3 - 0.1 * 1.5 * 40)


def test_it_stays_where_leaving_costs_more_than_it_brings() -> None:
    dear = 30 * SHORT_2028 - 30 + 1
    inst = full(gen1={"scrap_value_share": 0, "decommissioning_musd": dear})

    assert cost(solved(inst)) == pytest.approx(30 * SHORT_2028)


def test_no_upkeep_and_no_energy_after_it_left() -> None:
    # Nothing is asked for: it leaves on the first day, and costs 3 − 4 and no more.
    changes = {"demand": demands(("norway", "public", 2027, 0))}
    inst = full(gen1={"opex_musd_per_year": 5}, **changes)

    assert terms(solved(inst)) == pytest.approx({"retirement": -1})


def test_nothing_changes_where_nobody_may_leave() -> None:
    m = build_model(tiny(horizon=years(3)))

    for component in (m.retire, m.retired, m.cohort_limit, m.retire_limit, m.retire_minimum):
        assert not len(component)
