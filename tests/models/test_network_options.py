"""Network options: bought once for a whole site; less power, better clusters, more upkeep."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import solve
from optimizer.starts import decisions_of
from tests.small import (
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

LIGHT = {"cost_musd": 7, "power_saved_share": 0.2}
"""A unit draws 2.5 MW at the meter, and 2 MW with this option."""

HOURS = 8760


def lit(**changes: Any) -> Instance:
    """Oslo's 10 MW carry four units, or five with the option; 50 Mtok/s ask for five."""
    plain = {"sites": {"oslo": {"grid_mw": 10}}, "network_options": {"light": LIGHT}}
    return tiny(**(plain | changes))


def test_saved_power_makes_room() -> None:
    m = solved(lit())

    assert values(m.network_option) == {("oslo", "light", "2027"): 1}
    assert values(m.networked) == {("oslo", "light", "gen1", "2027"): 5}
    assert terms(m) == pytest.approx({"network_option": 7, "unit_capex": 5 * 40})


def test_without_it_a_unit_is_missing() -> None:
    assert cost(solved(lit(network_options={}))) == pytest.approx(4 * 40 + 10 * 315.36)


def test_an_option_that_costs_more_than_it_brings_is_not_bought() -> None:
    dear = LIGHT | {"cost_musd": 4000}

    assert cost(solved(lit(network_options={"light": dear}))) == pytest.approx(160 + 3153.6)


def test_energy_is_saved_of_idle_and_of_working_units() -> None:
    """Five units of 2.5 MW; at a peak factor of 2 they work half of the time on average.

    Idle share 0.3: 12.5 MW · (0.3 + 0.7 / 2) = 8.125 MW on average, of which a fifth is saved.
    At 100 USD per MWh: 8.125 · 0.8 · 8760 h · 100 / 10⁶ = 5.694 MUSD.
    """
    inst = tiny(
        sites={"oslo": {"energy_price_usd_per_mwh": 100}},
        unit_types={"gen1": {"idle_share": 0.3}},
        workloads={"chat": {"peak_factor": 2}},
        demand=demands(("norway", "public", 2027, 25)),
        network_options={"light": LIGHT | {"cost_musd": 1}},
    )
    m = solved(inst)

    assert terms(m)["energy"] == pytest.approx(8.125 * 0.8 * HOURS * 100 / 1e6)
    assert terms(m)["network_option"] == 1
    plan = solve(inst)
    assert plan.violations == ()
    power = plan.table("power").iloc[0]
    assert power["meter_mw"] == pytest.approx(12.5 * 0.8)
    assert power["energy_gwh"] == pytest.approx(8.125 * 0.8 * HOURS / 1e3)
    # 8.125 · 0.2 MW for 8760 h at 100 USD are worth 1.42 MUSD: more than 1, less than 2.
    dear = inst.with_changes({"network_options.light.cost_musd": 2})
    assert values(solved(dear).network_option) == {}


def test_upkeep_follows_the_units_in_service() -> None:
    # 365 of 365.25 days: five units at 0.3 MUSD per year.
    m = solved(lit(network_options={"light": LIGHT | {"unit_opex_musd_per_year": 0.3}}))

    assert terms(m)["unit_opex"] == pytest.approx(5 * 0.3 * 365 / 365.25)


def test_it_works_after_its_lead_time() -> None:
    """Ordered in 2027, it works in 2028: the fifth unit comes then."""
    inst = lit(horizon=years(2), network_options={"light": LIGHT | {"lead_months": 12}})
    m = solved(inst)

    assert inst.network_option_services == {("oslo", "light", "2027"): ("2028",)}
    assert values(m.networked) == {("oslo", "light", "gen1", "2028"): 5}
    assert values(m.online) == {("oslo", "gen1", "2027"): 4, ("oslo", "gen1", "2028"): 5}


def test_its_steps_replace_those_of_the_workload() -> None:
    """36 Mtok/s: five units reach 60 % or, with the option, 90 %: 6 units or 4."""
    chat = {"chat": {"cluster": {"utilisation": {1: 0.6}}}}
    option = {"cost_musd": 7, "utilisation": {1: 0.9}}
    plain = tiny(workloads=chat, demand=demands(("norway", "public", 2027, 36)))
    inst = plain.with_changes({"network_options.add": {"light": option}})

    assert cost(solved(plain)) == pytest.approx(6 * 40)
    m = solved(inst)
    assert terms(m) == pytest.approx({"network_option": 7, "unit_capex": 4 * 40})
    assert values(m.cluster) == {("oslo", "gen1", "chat", "2027", "light", 1): 1}
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.table("clusters")["option"].tolist() == ["light"]


def test_worse_steps_hold_too() -> None:
    """An option that saves power but makes clusters worse is weighed as a whole (Z1).

    Five units on 10 MW at 50 % make 25 Mtok/s, four without the option 40.
    """
    chat = {"chat": {"cluster": {"min_units": 1}}}
    bad = LIGHT | {"cost_musd": 0, "utilisation": {1: 0.5}}
    inst = lit(workloads=chat, network_options={"light": bad})

    assert cost(solved(inst)) == pytest.approx(4 * 40 + 10 * 315.36)
    assert optimum_without(inst, lambda m: m.cluster_step_limit) < optimum(inst) - 1


def test_an_option_without_steps_leaves_those_of_the_workload() -> None:
    chat = {"chat": {"cluster": {"utilisation": {1: 0.5}}}}
    inst = lit(workloads=chat, demand=demands(("norway", "public", 2027, 25)))
    plan = solve(inst)

    assert plan.violations == ()
    assert plan.table("network_options").to_numpy().tolist() == [["oslo", "light", "2027", 1]]
    assert plan.table("clusters")["option"].tolist() == [""]
    assert decisions_of(plan)["network_options"] == [["oslo", "light", "2027", 1]]


def test_rows() -> None:
    more = {"cost_musd": 3, "power_saved_share": 0.5}
    inst = lit(
        sites={"oslo": {"grid_mw": 10, "opened": False}},
        network_options={"light": LIGHT, "more": more},
    )
    m = build_model(inst)
    light, other = (f"network_option[oslo,{n},2027]" for n in ("light", "more"))
    networked = [f"networked[oslo,{n},gen1,2027]" for n in ("light", "more")]
    online = "online[oslo,gen1,2027]"

    once = {light: 1, other: 1, "is_open[oslo,2027]": -1}
    assert_row(m.network_option_link["oslo", "2027"], once, "≤", 0)
    # 10 MW carry four units of 2.5 MW, five of 2 MW, eight of 1.25 MW.
    link = {networked[0]: 1, light: -5}
    assert_row(m.networked_link["oslo", "light", "gen1", "2027"], link, "≤", 0)
    link = {networked[1]: 1, other: -8}
    assert_row(m.networked_link["oslo", "more", "gen1", "2027"], link, "≤", 0)
    both = {networked[0]: 1, networked[1]: 1, online: -1}
    assert_row(m.networked_limit["oslo", "gen1", "2027"], both, "≤", 0)
    least = {networked[0]: 1, networked[1]: 1, online: -1, light: -4, other: -4}
    assert_row(m.networked_minimum["oslo", "gen1", "2027"], least, "≥", -4)
    power = {online: 2.5, networked[0]: -0.5, networked[1]: -1.25, "is_open[oslo,2027]": -10}
    assert_row(m.site_power_limit["oslo", "2027"], power, "≤", 0)
    run = {
        "networked_run[oslo,light,gen1,chat,2027]": 1,
        "networked[oslo,light,gen1,2027]": -1,
    }
    assert_row(m.networked_run_limit["oslo", "light", "gen1", "2027"], run, "≤", 0)
    work = {
        "networked_run[oslo,light,gen1,chat,2027]": 1,
        "networked_run[oslo,more,gen1,chat,2027]": 1,
        "run[oslo,gen1,chat,2027]": -1,
    }
    assert_row(m.networked_work_limit["oslo", "gen1", "chat", "2027"], work, "≤", 0)


def test_one_option_at_a_site() -> None:
    """One saves power, for a fifth unit; the other makes 10 Mtok/s of a unit instead of 5."""
    options = {"light": LIGHT, "fast": {"cost_musd": 7, "utilisation": {1: 1}}}
    chat = {"chat": {"cluster": {"utilisation": {1: 0.5}}}}
    inst = lit(network_options=options, workloads=chat)

    m = solved(inst)
    assert values(m.network_option) == {("oslo", "fast", "2027"): 1}
    assert values(m.online) == {("oslo", "gen1", "2027"): 4}


def test_only_an_open_site_orders() -> None:
    """(N1) To have five units in 2028, the site opens in 2027 already, for 20 MUSD more."""
    inst = lit(
        horizon=years(2),
        sites={"oslo": {"grid_mw": 10, "opened": False, "fixed_opex_musd_per_year": 20}},
        demand=demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 50)),
        network_options={"light": LIGHT | {"lead_months": 12}},
    )

    m = solved(inst)
    assert values(m.open_site) == {("oslo", "2027"): 1}
    assert values(m.network_option) == {("oslo", "light", "2027"): 1}
    later = optimum_without(inst, lambda m: m.network_option_link)
    assert later == pytest.approx(optimum(inst) - 20 * 365 / 365.25)


@pytest.mark.parametrize("name", ["networked_link", "networked_limit"])
def test_no_more_is_saved_than_stands_there(name: str) -> None:
    """With another type, more would be saved of it than stands there (N3)."""
    other = {"generation": "two", "cooling": "liquid", "it_mw": 2, "capex_musd": 50,
             "life_years": 5, "available_from": 2020}  # fmt: skip
    inst = lit(
        demand=demands(("norway", "public", 2027, 90)),
        unit_types={"gen2": other},
        throughput=[{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")],
    )

    assert optimum_without(inst, lambda m: m.component(name)) < optimum(inst) - 1


def test_all_units_have_the_upkeep() -> None:
    """(N4) Only with it a site cannot leave its units off a network that it bought for others."""
    option = {"cost_musd": 0, "utilisation": {1: 1.0}, "unit_opex_musd_per_year": 10}
    chat = {"chat": {"cluster": {"utilisation": {1: 0.6}}}}
    inst = tiny(workloads=chat, network_options={"light": option})

    assert optimum_without(inst, lambda m: m.networked_minimum) < optimum(inst) - 1


@pytest.mark.parametrize("name", ["networked_run_limit", "networked_work_limit"])
def test_no_more_energy_is_saved_than_work_draws(name: str) -> None:
    inst = lit(
        horizon=years(2),
        sites={"oslo": {"grid_mw": 10, "energy_price_usd_per_mwh": 100}},
        unit_types={"gen1": {"idle_share": 0}},
        network_options={"light": LIGHT | {"available_from": 2028}},
        demand=demands(("norway", "public", 2027, 44)),
    )
    free = inst.with_changes({"network_options.light.cost_musd": 3e3})
    chosen = inst if name == "networked_work_limit" else free

    assert optimum_without(chosen, lambda m: m.component(name)) < optimum(chosen) - 0.1
