"""Conversion: crypto mining becomes power and halls for AI, and its margin is lost."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import solve
from tests.small import (
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

YEAR = 365 / 365.25
"""The year 2027 [years]."""

MINE: dict[str, Any] = {
    "site": "oslo",
    "mining_mw": 20,
    "capex_musd_per_mw": 2,
    "margin_musd_per_mw_year": 0.5,
}


def mined(horizon: int = 1, sites: Any = None, **mine: Any) -> Instance:
    """The small instance without halls, with a mine at Oslo; five units of 2 MW are asked for."""
    oslo = {"initial_hall_mw": 0, "previous_use": "crypto_mining"} | (sites or {})
    return tiny(horizon=years(horizon), sites={"oslo": oslo}, mines=[MINE | mine])


def test_conversion_beats_building() -> None:
    # Ten MW of IT draw 12.5 MW. Mining leaves 25 − 20 = 5 MW of the connection, so at least 7.5 MW
    # are converted; 12.5 MW give the halls as well: 12.5 / 1.25 = 10 MW of IT.
    # 12.5 · (2 + 0.5 · year) = 31.2 MUSD. Three halls of 4 MW at 20 would cost 60; 7.5 MW with one
    # hall beside their 6 MW 18.7 + 20.
    m = solved(mined())

    assert values(m.convert) == {("oslo", "2027"): 12.5}
    assert terms(m) == pytest.approx(
        {"unit_capex": 200, "conversion_capex": 25, "mining_margin_lost": 6.25 * YEAR}
    )


def test_the_plan_tells_what_is_converted() -> None:
    plan = solve(mined())

    assert plan.violations == ()
    columns = ["ordered_mw", "converted_mw", "hall_mw", "mining_mw", "blocks"]
    assert plan.table("conversions")[columns].to_numpy().tolist() == [
        pytest.approx([12.5, 12.5, 10, 7.5, 0])
    ]
    assert plan.table("halls")["hall_mw"].tolist() == pytest.approx([10])
    assert plan.kpis["converted_mw"] == pytest.approx(12.5)
    # 25 MW of grid, 12.5 used, 7.5 still mine: 5 are stranded.
    assert plan.kpis["stranded_mw_end"] == pytest.approx(5)
    limits = plan.table("limits").set_index("limit")
    assert limits.loc["site_power", ["use", "allowed"]].tolist() == pytest.approx([12.5, 17.5])
    assert limits.loc["conversion", ["use", "allowed"]].tolist() == pytest.approx([12.5, 20])
    capital = plan.table("cash").set_index("term")["musd"]
    assert plan.kpis["capex_musd"] == pytest.approx(225)
    assert capital["mining_margin_lost"] == pytest.approx(6.25 * YEAR)


def test_conversion_limit_counts_all_conversions() -> None:
    """(M1)"""
    # 5 MW exist and share nothing: 4 MW of IT. Two units are asked for in 2027, four in 2028: a
    # hall of 4 MW in 2027, 5 MW converted in 2028, when less margin is lost. Without the limit
    # 5 MW could be converted in each year.
    demand = demands(("norway", "public", 2027, 20), ("norway", "public", 2028, 40))
    inst = tiny(
        horizon=years(2),
        sites={"oslo": {"initial_hall_mw": 0}},
        demand=demand,
        mines=[MINE | {"mining_mw": 5, "shares_connection": False}],
    )
    next_year = 366 / 365.25

    assert optimum(inst) == pytest.approx(160 + 20 + 10 + 2.5 * next_year)
    assert optimum_without(inst, lambda m: m.conversion_limit) == pytest.approx(
        160 + 20 + 2.5 * YEAR + 5 * next_year
    )


def test_only_an_open_site_is_converted() -> None:
    """(M1)"""
    demand = demands(("norway", "public", 2027, 50))
    nairobi = {"open_cost_musd": 7, "initial_hall_mw": 0}
    inst = twins(
        sites={"oslo": {"grid_mw": 0}, "nairobi": nairobi},
        mines=[MINE | {"site": "nairobi"}],
        demand=demand,
    )

    assert terms(solved(inst))["site_opening"] == pytest.approx(7)


def test_mining_shares_the_connection_until_it_is_converted() -> None:
    """(P1) Halls stand ready for ten units; what mining leaves of the power decides."""
    # 25 − 20 = 5 MW are free for two units; 7.5 MW must be converted for the other three.
    shared = mined(sites={"initial_hall_mw": 20}, shell_share=0)
    apart = mined(sites={"initial_hall_mw": 20}, shell_share=0, shares_connection=False)

    assert values(solved(shared).convert) == {("oslo", "2027"): 7.5}
    assert optimum(shared) == pytest.approx(200 + 7.5 * (2 + 0.5 * YEAR))
    assert optimum(apart) == pytest.approx(200)


def test_a_grid_region_carries_mining_too() -> None:
    """(P2) The cap of 20 MW is full of mining; each MW of units takes its place."""
    inst = tiny(
        grid_regions={"east": {"cap_mw": 20}},
        sites={"oslo": {"grid_region": "east", "grid_mw": 100}},
        mines=[MINE | {"shell_share": 0}],
    )

    assert values(solved(inst).convert) == {("oslo", "2027"): 12.5}
    assert optimum_without(inst, lambda m: m.grid_region_limit) == pytest.approx(200)


def test_the_hall_takes_months_and_the_power_none() -> None:
    # Ordered in 2027 with six months, a hall serves from 2028 on; its margin is lost from 2027 on.
    # In 2027 the units stand in halls that are built.
    plan = solve(mined(horizon=2, months=6, sites={"initial_hall_mw": 0}))

    assert plan.violations == ()
    halls = plan.table("conversions")["hall_mw"].tolist()
    assert halls[0] == 0
    # 2027 needs three halls, for which 7.5 MW of power are converted, and these halls remain.
    assert plan.costs_musd["hall_capex"] == pytest.approx(60)
    assert plan.table("conversions")["converted_mw"].tolist() == pytest.approx([7.5, 7.5])


def test_a_converted_hall_has_a_life_and_an_end_value() -> None:
    # Life of two years, one of which is left: half of 25 MUSD.
    inst = tiny(
        finance={"end_of_horizon_value": "straight_line"},
        sites={"oslo": {"initial_hall_mw": 0, "hall_life_years": 1}},
        unit_types={"gen1": {"life_years": 1}},
        mines=[MINE | {"life_years": 2}],
    )

    # 2027 and 2028 have 365 and 366 days.
    assert terms(solved(inst))["end_value"] == pytest.approx(-25 * 366 / 731)


def test_conversions_in_blocks() -> None:
    """(M2)"""
    # Blocks of 10 MW: two of them, 16 MW of halls, or one with one hall of 4 MW (8 + 4 MW of IT).
    inst = mined(block_mw=10)
    m = solved(inst)

    assert values(m.conversion_blocks) == {("oslo", "2027"): 1}
    assert cost(m) == pytest.approx(200 + 20 + 5 * YEAR + 20)
    assert optimum_without(inst, lambda m: m.conversion_block_balance) < cost(m) - 1
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.table("conversions")["blocks"].tolist() == [1]


def test_rows_of_conversion() -> None:
    m = build_model(mined(horizon=2, mining_mw={2027: 10, 2028: 20}, block_mw=5))

    assert_row(
        m.conversion_limit["oslo", "2028"],
        {"convert[oslo,2027]": 1, "convert[oslo,2028]": 1, "is_open[oslo,2028]": -20},
        "≤",
        0,
    )
    assert_row(
        m.conversion_block_balance["oslo", "2027"],
        {"convert[oslo,2027]": 1, "conversion_blocks[oslo,2027]": -5},
        "=",
        0,
    )
    assert_row(
        m.site_power_limit["oslo", "2028"],
        {
            "online[oslo,gen1,2028]": 2.5,
            "is_open[oslo,2028]": -(25 - 20),
            "convert[oslo,2027]": -1,
            "convert[oslo,2028]": -1,
        },
        "≤",
        0,
    )
    assert_row(
        m.hall_limit["oslo", "2027"],
        {"online[oslo,gen1,2027]": 2, "hall_mw[oslo,2027]": -1, "convert[oslo,2027]": -0.8},
        "≤",
        0,
    )


@pytest.mark.parametrize(
    "strict", [{"block_mw": 7}, {"mining_mw": 15}, {"months": 12}, {"shell_share": 0.5}]
)
def test_a_limit_never_lowers_the_cost(strict: dict[str, Any]) -> None:
    free = mined(horizon=2, shares_connection=False)
    assert optimum(mined(horizon=2, shares_connection=False, **strict)) >= optimum(free) - 1e-6


def test_a_mine_without_use_adds_nothing_to_others() -> None:
    """An instance without mines and shells has no variable or row of theirs."""
    m = build_model(tiny())

    for name in ("convert", "conversion_blocks", "conversion_limit", "lease", "leased_mw"):
        assert len(m.component(name)) == 0
