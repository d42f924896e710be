"""Lease: halls of others, for a rent, for a least term."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import solve
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
    twins,
    values,
    years,
)

Y27, Y28, Y29 = 365 / 365.25, 366 / 365.25, 365 / 365.25

SHELL: dict[str, Any] = {"site": "oslo", "most_mw": 20, "price_musd_per_mw_year": 1}


def leasing(horizon: int = 1, demand: Any = None, life: int = 5, **shell: Any) -> Instance:
    """The small instance without halls, with a shell for lease at Oslo; units live so long."""
    changes: dict[str, Any] = {} if demand is None else {"demand": demand}
    return tiny(
        horizon=years(horizon),
        sites={"oslo": {"initial_hall_mw": 0}},
        unit_types={"gen1": {"life_years": life}},
        shells=[SHELL | shell],
        **changes,
    )


def test_a_lease_for_a_year_beats_building() -> None:
    # Ten MW for a year at 1 MUSD against three halls for 60.
    m = solved(leasing())

    assert values(m.leased_mw) == {("oslo", "2027"): 10}
    assert terms(m) == pytest.approx({"unit_capex": 200, "lease": 10 * Y27})


def test_the_plan_tells_what_is_leased() -> None:
    plan = solve(leasing(2))

    assert plan.violations == ()
    columns = ["leased_mw", "new_mw", "blocks"]
    assert plan.table("leases")[columns].to_numpy().tolist() == [
        pytest.approx([10, 10, 0]),
        pytest.approx([10, 0, 0]),
    ]
    assert plan.table("halls")["hall_mw"].tolist() == pytest.approx([10, 10])
    assert plan.kpis["leased_mw_end"] == pytest.approx(10)
    # A lease is no capital.
    assert plan.kpis["capex_musd"] == pytest.approx(200)
    limits = plan.table("limits").set_index("limit")
    assert limits.loc["lease", "allowed"].tolist() == pytest.approx([20, 20])


def test_lease_limit_and_a_closed_site() -> None:
    """(L3)"""
    # 5 MW can be leased; the other 5 of ten take two halls of 4 MW, so that 2 MW are leased.
    inst = leasing(most_mw=5)
    assert optimum(inst) == pytest.approx(200 + 40 + 2 * Y27)

    nairobi = {"open_cost_musd": 7, "initial_hall_mw": 0}
    closed = twins(
        sites={"oslo": {"grid_mw": 0}, "nairobi": nairobi}, shells=[SHELL | {"site": "nairobi"}]
    )
    assert optimum(closed) == pytest.approx(7 + 200 + 10 * Y27)


def test_least_term_binds() -> None:
    """(L2)"""
    # Five units of one year are asked for in 2027: a least term of 24 months costs another year.
    demand = demands(("norway", "public", 2027, 50), ("norway", "public", 2028, 0))
    short, long = leasing(2, demand, 1), leasing(2, demand, 1, term_months=24)

    assert optimum(short) == pytest.approx(200 + 10 * Y27)
    assert optimum(long) == pytest.approx(200 + 10 * (Y27 + Y28))
    assert optimum_without(long, lambda m: m.lease_minimum) == pytest.approx(optimum(short))


def test_a_lease_longer_than_its_least_term_ends_when_it_likes() -> None:
    # Asked for in 2027 to 2029, a term of two years: three years are paid, not four.
    demand = demands(("norway", "public", 2027, 50), ("norway", "public", 2030, 0))
    inst = leasing(4, demand, 3, term_months=24)

    assert optimum(inst) == pytest.approx(200 + 10 * (Y27 + Y28 + Y29))


def test_lease_link_bounds_growth_by_what_is_leased() -> None:
    """(L1) Without it a lease could grow without being bound for its term."""
    demand = demands(("norway", "public", 2027, 50), ("norway", "public", 2028, 0))
    inst = leasing(2, demand, 1, term_months=24)

    assert optimum_without(inst, lambda m: m.lease_link) == pytest.approx(200 + 10 * Y27)


def test_a_lead_time_delays_the_first_lease() -> None:
    # From July on: the first period that starts no earlier is 2028. Halls for 2027 cost less than
    # 50 Mtok/s that fall short.
    inst = leasing(2, lead_months=6)

    assert ("oslo", "2027") not in build_model(inst).LEASES
    assert optimum(inst) == pytest.approx(200 + 60)
    assert 50 * SHORT > 60


def test_shells_are_leased_as_a_whole() -> None:
    """(L4)"""
    # Shells of 6 MW: two of them for ten MW.
    inst = leasing(block_mw=6)
    m = solved(inst)

    assert values(m.leased_blocks) == {("oslo", "2027"): 2}
    assert cost(m) == pytest.approx(200 + 12 * Y27)
    assert optimum_without(inst, lambda m: m.lease_block_balance) == pytest.approx(200 + 10 * Y27)
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.table("leases")["blocks"].tolist() == [2]


def test_rows_of_leases() -> None:
    m = build_model(leasing(3, term_months=18, block_mw=2, most_mw={2027: 6, 2028: 8}))

    assert_row(
        m.lease_link["oslo", "2028"],
        {"leased_mw[oslo,2028]": 1, "leased_mw[oslo,2027]": -1, "lease[oslo,2028]": -1},
        "≤",
        0,
    )
    # What begins in 2027 is bound until the middle of 2028, so for all of 2028, not for 2029.
    assert_row(
        m.lease_minimum["oslo", "2029"],
        {"leased_mw[oslo,2029]": 1, "lease[oslo,2028]": -1, "lease[oslo,2029]": -1},
        "≥",
        0,
    )
    assert_row(
        m.lease_limit["oslo", "2028"],
        {"leased_mw[oslo,2028]": 1, "is_open[oslo,2028]": -8},
        "≤",
        0,
    )
    assert_row(
        m.lease_block_balance["oslo", "2027"],
        {"leased_mw[oslo,2027]": 1, "leased_blocks[oslo,2027]": -2},
        "=",
        0,
    )


@pytest.mark.parametrize(
    "strict", [{"block_mw": 3}, {"most_mw": 4}, {"lead_months": 12}, {"term_months": 36}]
)
def test_a_limit_never_lowers_the_cost(strict: dict[str, Any]) -> None:
    demand = demands(("norway", "public", 2027, 50), ("norway", "public", 2028, 20))
    assert optimum(leasing(3, demand, **strict)) >= optimum(leasing(3, demand)) - 1e-6
