"""Grid upgrades: lumpy, paid for, late; and everything that asks how much power there can be."""

from math import inf
from typing import Any

import pytest

from models.build import build_model
from models.families.siting import hall_room_blocks
from models.fleet import misfit, most_units
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
    twins,
    values,
    years,
)

GROWING = demands(("norway", "public", 2027, 10), ("norway", "public", 2028, 30))
LINE = {"site": "oslo", "added_mw": 5, "cost_musd": 7, "lead_months": 12}
ONE_UNIT = {"oslo": {"grid_mw": 2.5}}


def growing(**changes: Any) -> Instance:
    """Oslo's 2.5 MW carry one unit; 2028 asks for three, and a line of 5 MW takes a year."""
    plain = {
        "horizon": years(2),
        "sites": ONE_UNIT,
        "grid_upgrades": {"line": LINE},
        "demand": GROWING,
    }
    return tiny(**(plain | changes))


def test_an_upgrade_is_ordered_in_time() -> None:
    m = solved(growing())

    assert terms(m) == pytest.approx({"grid_upgrade": 7, "unit_capex": 3 * 40})
    assert values(m.grid_upgrade) == {("oslo", "line", "2027"): 1}
    assert values(m.online) == {("oslo", "gen1", "2027"): 1, ("oslo", "gen1", "2028"): 3}


def test_without_it_demand_falls_short() -> None:
    m = solved(growing(grid_upgrades={}))

    assert cost(m) == pytest.approx(40 + 20 * 10 * 31.6224)
    assert not len(m.grid_upgrade)
    assert not len(m.upgraded_mw)


def test_one_that_comes_too_late_is_not_bought() -> None:
    late = LINE | {"available_from": "2027-01-02"}

    assert growing(grid_upgrades={"line": late}).grid_upgrade_services == {}
    assert cost(solved(growing(grid_upgrades={"line": late}))) == pytest.approx(40 + 20 * 316.224)


def test_power_comes_with_the_first_period_after_delivery() -> None:
    # Twelve months from January 2027; half a year, a year, a year: from July 2028 on.
    horizon = {"start": "2027-01-01", "months": [6, 12, 12]}
    line = LINE | {"lead_months": 13}
    inst = growing(horizon=horizon, grid_upgrades={"line": line})

    assert inst.grid_upgrade_services == {("oslo", "line", "2027-01"): ("2028-07",)}
    assert inst.upgradable_mw == {("oslo", "2028-07"): 5}


def test_rows_of_upgrades() -> None:
    halls = {"oslo": {"grid_mw": 2.5, "opened": False}}
    more = LINE | {"lead_months": 0, "added_mw": 4, "requires": "line"}
    m = build_model(growing(sites=halls, grid_upgrades={"line": LINE, "more": more}))

    assert_row(
        m.site_power_limit["oslo", "2028"],
        {
            "online[oslo,gen1,2028]": 2.5,
            "is_open[oslo,2028]": -2.5,
            "grid_upgrade[oslo,line,2027]": -5,
            "grid_upgrade[oslo,more,2027]": -4,
            "grid_upgrade[oslo,more,2028]": -4,
        },
        "≤",
        0,
    )
    assert_row(
        m.grid_upgrade_link["oslo", "more", "2028"],
        {
            "grid_upgrade[oslo,more,2027]": 1,
            "grid_upgrade[oslo,more,2028]": 1,
            "is_open[oslo,2028]": -1,
        },
        "≤",
        0,
    )
    assert_row(
        m.grid_upgrade_order_link["oslo", "more", "2028"],
        {
            "grid_upgrade[oslo,more,2027]": 1,
            "grid_upgrade[oslo,more,2028]": 1,
            "grid_upgrade[oslo,line,2027]": -1,
        },
        "≤",
        0,
    )
    # In 2027 the line cannot be there, so nothing that requires it can.
    assert_row(
        m.grid_upgrade_order_link["oslo", "more", "2027"],
        {"grid_upgrade[oslo,more,2027]": 1},
        "≤",
        0,
    )
    assert_row(
        build_model(growing()).site_power_limit["oslo", "2027"],
        {"online[oslo,gen1,2027]": 2.5, "is_open[oslo,2027]": -2.5},
        "≤",
        0,
    )


def test_an_upgrade_is_bought_once_and_at_an_open_site() -> None:
    """(P3)"""
    # Six units are asked for, the line brings two: a second time is not to be had. The rest of
    # 2028 falls short: 30 Mtok/s at 316.224.
    inst = growing(demand=demands(("norway", "public", 2027, 10), ("norway", "public", 2028, 60)))
    once = 3 * 40 + 7 + 30 * 316.224
    assert optimum(inst) == pytest.approx(once)

    # A closed site has to be opened before it can order.
    closed = growing(sites={"oslo": {"grid_mw": 0, "opened": False, "open_cost_musd": 11}})
    m = solved(closed)
    assert cost(m) == pytest.approx(10 * 315.36 + 10 * 316.224 + 2 * 40 + 7 + 11)
    assert values(m.open_site) == {("oslo", "2027"): 1}


def test_without_the_link_a_closed_site_would_order_early() -> None:
    # Its staff costs 20 MUSD a year, so it would rather open when the line is there.
    oslo = {"grid_mw": 0, "opened": False, "fixed_opex_musd_per_year": 365.25 / 366 * 20}
    inst = growing(sites={"oslo": oslo})
    short = 10 * 315.36 + 10 * 316.224

    staff_2027 = 365 / 366 * 20
    assert optimum(inst) == pytest.approx(short + 80 + 7 + 20 + staff_2027)
    without = optimum_without(inst, lambda m: m.grid_upgrade_link)
    assert without == pytest.approx(short + 80 + 7 + 20)


def test_one_that_is_required_comes_too() -> None:
    """(P4)"""
    substation = {"site": "oslo", "added_mw": 0.1, "cost_musd": 9}
    line = LINE | {"requires": "substation"}
    inst = growing(grid_upgrades={"substation": substation, "line": line})

    assert optimum(inst) == pytest.approx(3 * 40 + 7 + 9)
    assert optimum_without(inst, lambda m: m.grid_upgrade_order_link) == pytest.approx(3 * 40 + 7)


def test_what_asks_for_the_connection_counts_upgrades_that_can_be_there() -> None:
    """A site without any connection can order units for the day when the line is there."""
    late = LINE | {"requires": "substation"}
    slow = {"site": "oslo", "added_mw": 10, "cost_musd": 1, "lead_months": 24}
    inst = tiny(
        horizon=years(3),
        sites={"oslo": {"grid_mw": 0, "initial_hall_mw": 0}},
        unit_types={"gen1": {"lead_months": 12}},
        grid_upgrades={"substation": slow, "line": late},
    )

    assert inst.upgradable_mw == {("oslo", "2029"): 15}
    assert misfit(inst, "oslo", "gen1") is None
    assert list(inst.services) == [("oslo", "gen1", "2028")]
    assert most_units(inst, "oslo", "gen1", "2028") == 6
    # 15 MW at the meter are 12 of IT: three halls of 4 MW.
    assert hall_room_blocks(inst, "oslo") == 3
    m = build_model(inst)
    assert m.online["oslo", "gen1", "2028"].ub == 0
    assert m.online["oslo", "gen1", "2029"].ub == 6


def test_a_pool_pays_for_upgrades() -> None:
    # 126 MUSD do not pay for a line and three units; 127 do.
    def budget(musd: float) -> Instance:
        return growing(budget={"pools": {"world": {"grants": {2027: musd}}}})

    assert optimum(budget(127)) == pytest.approx(127)
    assert optimum(budget(126)) > 1_000
    row = build_model(budget(127)).unspent_balance["world", "2027"]
    found = coefficients(row.body)
    assert abs(found["grid_upgrade[oslo,line,2027]"]) == 7


def test_more_upgrades_never_cost_more() -> None:
    best = inf
    for added in (
        {},
        {"line": LINE},
        {"line": LINE, "b": LINE | {"added_mw": 2.5, "cost_musd": 3}},
    ):
        found = optimum(growing(grid_upgrades=added))
        assert found <= best + 1e-6
        best = found


def shared(**line: Any) -> Instance:
    """Oslo could carry ten units, but its region's cap of 2.5 MW carries one."""
    upgrade = {"site": "oslo", "added_cap_mw": 5, "cost_musd": 7, "lead_months": 12} | line
    return growing(
        sites={"oslo": {"grid_region": "east"}},
        grid_regions={"east": {"cap_mw": 2.5}},
        grid_upgrades={"line": upgrade},
    )


def test_an_upgrade_may_add_to_the_cap_of_a_region() -> None:
    """(P2)"""
    assert cost(solved(shared())) == pytest.approx(3 * 40 + 7)
    assert cost(solved(shared(added_cap_mw=0, added_mw=5))) == pytest.approx(40 + 20 * 316.224)
    m = build_model(shared())
    assert_row(
        m.grid_region_limit["east", "2028"],
        {"online[oslo,gen1,2028]": 2.5, "grid_upgrade[oslo,line,2027]": -5},
        "≤",
        2.5,
    )
    assert shared().upgradable_mw == {}


def test_it_adds_to_its_own_site_only() -> None:
    inst = twins(horizon=years(2), sites=ONE_UNIT, grid_upgrades={"line": LINE})
    m = build_model(inst)

    assert set(m.UPGRADABLE) == {("oslo", "2027"), ("oslo", "2028")}
    assert inst.most_grid_mw("nairobi", "2028") == 25
