"""Expected cost, CVaR and regret ask for different plans; every figure is found by hand."""

from typing import Any

import pytest

from optimizer import Plan, solve
from tests.uncertainty.three import ALONE, COSTS, three

CVAR = {"measure": "cvar", "level": 0.8, "weight": 1}


def plan(p: tuple[float, float, float] = (0.65, 0.15, 0.2), **changes: Any) -> Plan:
    found = solve(three(p, **changes))
    assert found.status == "optimal"
    assert found.violations == ()
    assert found.verified
    return found


def assert_units(found: Plan, units: int) -> None:
    """So many units are ordered in every scenario, and cost what the table says."""
    orders = found.table("orders")
    assert dict(zip(orders["scenario"], orders["units"], strict=True)) == dict.fromkeys(
        ALONE, units
    )
    table = found.table("scenarios").set_index("scenario")
    for w, musd in COSTS[units].items():
        assert table.loc[w, "cost_musd"] == pytest.approx(musd)
        assert table.loc[w, "best_cost_musd"] == pytest.approx(ALONE[w])
        assert table.loc[w, "best_bound_musd"] == pytest.approx(ALONE[w])
        assert table.loc[w, "regret_musd"] == pytest.approx(musd - ALONE[w])
        assert found.scenario(w).objective_musd == pytest.approx(musd)


def test_the_expected_cost_is_least_with_one_unit() -> None:
    # 0: .65·100 + .15·200 + .2·300 = 155    1: .65·40 + .15·140 + .2·240 = 95
    # 2: .65·80 + .15·80 + .2·180 = 100      3: 120
    found = plan()

    assert_units(found, 1)
    assert found.objective_musd == pytest.approx(95)
    assert found.bound_musd == pytest.approx(95)
    # Alone: .65·40 + .15·80 + .2·120 = 62. Low is the likeliest, and alone it orders 1 as well.
    assert found.kpis["value_of_perfect_information_musd"] == pytest.approx(95 - 62)
    assert found.kpis["value_of_stochastic_solution_musd"] == pytest.approx(0)
    assert found.costs_musd["unit_capex"] == pytest.approx(40)
    assert found.costs_musd["shortfall"] == pytest.approx(0.15 * 100 + 0.2 * 200)
    assert found.costs_musd["risk"] == 0
    # 2028 asks for 10, 20 or 30 Mtok/s for 31.6224 million seconds; 10 of them are served.
    assert found.kpis["demand_ttok"] == pytest.approx(31.6224 * (0.65 * 10 + 0.15 * 20 + 0.2 * 30))
    assert found.kpis["served_share"] == pytest.approx(10 / 15.5)
    assert found.kpis["cost_per_mtok_usd"] == pytest.approx(95e6 / (31.6224e6 * 10))


def test_cvar_looks_at_the_worst_fifth_alone() -> None:
    # The worst 20 % are high: 300, 240, 180, 120 with 0 to 3 units; with 3 all cost 120.
    found = plan(risk=CVAR)

    assert_units(found, 3)
    assert found.objective_musd == pytest.approx(120)
    assert found.kpis["value_of_perfect_information_musd"] == pytest.approx(0)
    assert found.kpis["value_of_stochastic_solution_musd"] == pytest.approx(240 - 120)


def test_cvar_takes_the_part_of_a_scenario_that_is_needed() -> None:
    # The worst 30 % with weight 1/2: 2/3 of it is the costliest scenario, the rest the next.
    # 1: 95/2 + (.2·240 + .1·140)/.3/2 = 47.5 + 103.33    2: 50 + (.2·180 + .1·80)/.3/2 = 123.33
    # 3: 120
    found = plan(risk={"measure": "cvar", "level": 0.7, "weight": 0.5})

    assert_units(found, 3)
    # With a weight of 0.1: 1: 85.5 + 20.67 = 106.17    2: 90 + 14.67 = 104.67    3: 120
    found = plan(risk={"measure": "cvar", "level": 0.7, "weight": 0.1})
    assert_units(found, 2)
    assert found.objective_musd == pytest.approx(90 + (0.2 * 180 + 0.1 * 80) / 0.3 / 10)
    assert found.costs_musd["risk"] == pytest.approx(found.objective_musd - 100)
    assert sum(found.costs_musd.values()) == pytest.approx(found.objective_musd)


def test_regret_is_least_in_the_middle() -> None:
    # Largest regrets: 1: 0, 60, 120    2: 40, 0, 60    3: 80, 40, 0
    found = plan(risk={"measure": "regret"})

    assert_units(found, 2)
    assert found.objective_musd == pytest.approx(60)
    assert found.kpis["value_of_perfect_information_musd"] == pytest.approx(60)
    # Beginning as is best for low, with 1 unit, the largest regret is 120.
    assert found.kpis["value_of_stochastic_solution_musd"] == pytest.approx(60)
    assert found.costs_musd["risk"] == pytest.approx(60 - 100)


def test_planning_for_all_is_worth_something() -> None:
    # .4, .3, .3: 1: 16 + 42 + 72 = 130    2: 32 + 24 + 54 = 110    3: 120
    # Low is the likeliest; its own plan orders 1.
    found = plan((0.4, 0.3, 0.3))

    assert_units(found, 2)
    assert found.objective_musd == pytest.approx(110)
    assert found.kpis["value_of_stochastic_solution_musd"] == pytest.approx(130 - 110)
    assert found.kpis["value_of_perfect_information_musd"] == pytest.approx(110 - 16 - 24 - 36)


def test_what_is_revealed_before_it_is_ordered_is_not_uncertain() -> None:
    # Low stands alone then: each orders what is best for it, 62 in the mean.
    inst = three()
    certain = {f"scenarios.{w}.revealed": "2027-01" for w in ("mid", "high")}
    found = solve(inst.with_changes(certain))

    assert found.objective_musd == pytest.approx(62)
    assert found.table("no_regret")["units"].tolist() == [1]
    waits = found.table("triggers")
    assert dict(zip(waits["scenario"], waits["units"], strict=True)) == {"mid": 1, "high": 2}
    assert set(waits["decide_by"]) == {"2027-01-01"} == set(waits["awaits"])
    assert found.verified


def test_two_dates() -> None:
    """High is seen in time, mid and low only later: they are told apart one after the other."""
    # High orders 3 (120). Low and mid share: 1: .65·40 + .15·140 = 47, 2: .8·80 = 64.
    found = solve(three().with_changes({"scenarios.high.revealed": "2026-06"}))

    assert found.objective_musd == pytest.approx(0.2 * 120 + 47)
    orders = found.table("orders")
    assert dict(zip(orders["scenario"], orders["units"], strict=True)) == {
        "low": 1,
        "mid": 1,
        "high": 3,
    }
    waits = found.table("triggers")
    assert waits[["scenario", "units", "awaits"]].values.tolist() == [["high", 2, "2026-06-01"]]


def test_one_scenario_is_the_instance_itself() -> None:
    inst = three()
    alone = inst.with_changes({"scenarios": {"low": {"probability": 1}}})

    found = solve(alone)

    assert found.objective_musd == pytest.approx(40)
    assert found.scenario("low").objective_musd == pytest.approx(40)
    assert found.verified
