"""Network options beside other families: bounds, pools, caps, grid regions."""

import pytest

from models.fleet import misfit, most_units
from optimizer import solve
from tests.models.test_network_options import HOURS, LIGHT, lit
from tests.small import (
    coefficients,
    cost,
    demands,
    optimum,
    solved,
    twins,
    values,
)


def test_bounds_count_with_the_best_option() -> None:
    """A unit that only fits with the option can be ordered; P1 asks for it."""
    inst = lit(sites={"oslo": {"grid_mw": 2}}, demand=demands(("norway", "public", 2027, 10)))

    assert misfit(inst, "oslo", "gen1") is None
    assert most_units(inst, "oslo", "gen1", "2027") == 1
    assert cost(solved(inst)) == pytest.approx(40 + 7)


def test_pools_and_opex_caps_pay_for_it() -> None:
    short = {"pools": {"world": {"grants": {2027: 200}}}}
    m = solved(lit(budget=short))
    assert values(m.network_option) == {}
    assert coefficients(m.spend_musd["world", "2027"])["network_option[oslo,light,2027]"] == 7

    option = LIGHT | {"unit_opex_musd_per_year": 1}
    cap = {"opex_caps": {"all": {"musd_per_year": 4.9, "terms": ["unit_opex", "energy"]}}}
    sites = {"oslo": {"grid_mw": 10, "energy_price_usd_per_mwh": 10}}
    m = solved(lit(budget=cap, network_options={"light": option}, sites=sites))
    # Five units and their energy would cost 5 + 0.7 MUSD; four of them without it: 0.9 MUSD.
    assert values(m.online) == {("oslo", "gen1", "2027"): 4}
    found = coefficients(m.opex_musd["all", "2027"])
    assert found["networked[oslo,light,gen1,2027]"] == pytest.approx(
        365 / 365.25 - 0.2 * 2.5 * 0.3 * HOURS * 10 / 1e6
    )


def test_grid_regions_count_what_is_drawn() -> None:
    inst = lit(
        sites={"oslo": {"grid_mw": 25, "grid_region": "east"}},
        grid_regions={"east": {"cap_mw": 10}},
    )
    plan = solve(inst)

    assert plan.violations == ()
    assert plan.units_ordered("oslo", "gen1", 2027) == 5
    row = plan.table("limits").query("limit == 'grid_region_power'").iloc[0]
    assert (row["use"], row["allowed"], row["binds"]) == (10, 10, True)


def test_sites_can_be_named_and_need_the_network() -> None:
    option = LIGHT | {"requires_tier": "fibre"}
    inst = twins(
        sites={"oslo": {"network_tiers": ["fibre"]}, "nairobi": {"network_tiers": []}},
        network_options={"light": option, "local": LIGHT | {"sites": ["nairobi"]}},
    )

    assert set(inst.network_option_services) == {
        ("oslo", "light", "2027"),
        ("nairobi", "local", "2027"),
    }


def test_more_of_an_option_never_costs_more() -> None:
    costs = [
        optimum(lit(network_options={"light": LIGHT | {"power_saved_share": share}}))
        for share in (0.01, 0.1, 0.2, 0.4)
    ]

    assert costs == sorted(costs, reverse=True)
    assert optimum(lit(network_options={})) >= costs[0]
