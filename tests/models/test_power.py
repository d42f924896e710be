"""Power: the grid connection of a site, and the cap that sites of a grid region share."""

from typing import Any

import pytest

from models.build import build_model
from optimizer import solve
from tests.small import (
    SHORT,
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    tiny,
    twins,
    values,
    years,
)

AIR = {
    "generation": "two",
    "cooling": "air",
    "it_mw": 0.5,
    "capex_musd": 15,
    "life_years": 5,
    "available_from": 2020,
}


def test_site_power_limit_caps_the_number_of_units() -> None:
    """(P1) The grid connection, not the demand, decides how many units fit."""
    # One unit draws 1.25 · 2 MW = 2.5 MW at the meter, so 10 MW hold 4 units.
    # Demand asks for 50 / 10 = 5 units; the fifth is missing: 10 Mtok/s short.
    # Cost: 4 · 40 MUSD + 10 Mtok/s · 315.36 MUSD = 3 313.6 MUSD.
    plan = solve(tiny(sites={"oslo": {"grid_mw": 10}}))

    assert plan.units_ordered("oslo", "gen1", 2027) == 4
    assert plan.objective_musd == pytest.approx(3_313.6)
    assert plan.violations == ()


def test_site_power_limit_holds_for_units_of_several_orders() -> None:
    """(P1) A single order is capped by S2 as well; orders of two years together are not."""
    # 10 MW hold four units. Demand grows from 40 to 80 Mtok/s: 40 fall short in 2028, a leap year.
    demand = demands(("norway", "public", 2027, 40), ("norway", "public", 2028, 80))
    inst = tiny(horizon=years(2), sites={"oslo": {"grid_mw": 10}}, demand=demand)

    assert optimum(inst) == pytest.approx(4 * 40 + 40 * 316.224)
    # Without it, 20 MW of halls hold ten units, of which two orders of four units are possible;
    # what is in service is bounded by the connection, but not for two types together.
    both = tiny(
        horizon=years(2),
        sites={"oslo": {"grid_mw": 10, "pue": {"air": 1.25}}},
        unit_types={"air": AIR | {"it_mw": 2, "capex_musd": 40}},
        throughput=[
            {"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
            {"unit_type": "air", "workload": "chat", "mtok_s": 10},
        ],
        demand=demand,
    )
    assert optimum(both) == pytest.approx(4 * 40 + 40 * 316.224)
    assert optimum_without(both, lambda m: m.site_power_limit) == pytest.approx(8 * 40)


def test_a_connection_grows_at_its_date() -> None:
    # 5 MW in 2027, two units: 30 of 50 Mtok/s fall short. From 2028 on 12.5 MW carry all five.
    grid = {"grid_mw": {2027: 5, "2027-06": 12.5}}
    m = solved(tiny(horizon=years(2), sites={"oslo": grid}))

    assert cost(m) == pytest.approx(5 * 40 + 30 * SHORT)
    assert values(m.online) == {("oslo", "gen1", "2027"): 2, ("oslo", "gen1", "2028"): 5}


def shared(cap_mw: Any) -> dict[str, Any]:
    """Two open sites on one grid region."""
    nairobi = {"opened": True, "initial_hall_mw": 20, "grid_region": "east"}
    return {
        "grid_regions": {"east": {"cap_mw": cap_mw}},
        "sites": {"oslo": {"grid_region": "east"}, "nairobi": nairobi},
    }


def test_grid_region_limit_caps_the_sites_together() -> None:
    """(P2)"""
    # Twenty units would fit, 150 Mtok/s take 15; 30 MW together carry 12: 30 Mtok/s short.
    demand = demands(("norway", "public", 2027, 150))
    inst = twins(**shared(30), demand=demand)

    assert optimum(inst) == pytest.approx(12 * 40 + 30 * SHORT)
    assert optimum_without(inst, lambda m: m.grid_region_limit) == pytest.approx(15 * 40)


def test_rows_of_power_at_a_site() -> None:
    sites = {"oslo": {"pue": {"air": 1.5}, "grid_mw": {2027: 8, 2028: 12}}}
    m = build_model(tiny(horizon=years(2), sites=sites, unit_types={"air": AIR}))

    # At the meter: liquid 1.25 · 2 MW, air 1.5 · 0.5 MW.
    for t, grid_mw in (("2027", 8), ("2028", 12)):
        assert_row(
            m.site_power_limit["oslo", t],
            {
                f"online[oslo,gen1,{t}]": 2.5,
                f"online[oslo,air,{t}]": 0.75,
                f"is_open[oslo,{t}]": -grid_mw,
            },
            "≤",
            0,
        )


def test_rows_of_power_in_a_grid_region() -> None:
    changes = shared({2020: 30, "2028-01-02": 40})
    changes["sites"]["nairobi"]["pue"] = {"liquid": 1.5}
    m = build_model(twins(horizon=years(3), **changes))

    # The step of 2 January 2028 holds from the first day of 2029 on.
    for t, cap_mw in (("2027", 30), ("2028", 30), ("2029", 40)):
        assert_row(
            m.grid_region_limit["east", t],
            {f"online[oslo,gen1,{t}]": 2.5, f"online[nairobi,gen1,{t}]": 3},
            "≤",
            cap_mw,
        )
