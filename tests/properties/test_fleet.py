"""Early retirement and grid upgrades on random small instances.

The second formulation of retirement decides for each cohort and each period how many units leave,
as one would write it without a thought for size; the model's is smaller and must cost the same.
"""

from copy import deepcopy
from random import Random
from typing import Any

import pyomo.environ as pyo
import pytest
from hypothesis import event, given

from models.build import FAMILIES, build_model
from models.families import retirement
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from tests.properties.common import SEEDS, assert_reused, close, examples
from tests.properties.strategies import instances
from tests.small import milp_solution, optimum


def leaving(raw: dict[str, Any], dice: Random) -> dict[str, Any]:
    """The instance with old units at open sites, newer ones to make room for, and leave to go."""
    more = deepcopy(raw)
    for unit in more["unit_types"].values():
        unit["early_retirement"] = True
        unit["scrap_value_share"] = dice.choice([0, 0.1, 0.5])
        unit["decommissioning_musd"] = dice.choice([0, 0.7])
        unit["life_years"] = dice.choice([2, 3, 5])
    better = deepcopy(more["unit_types"]["u0"]) | {"available_from": "2027-06-01"}
    better.pop("available_until", None)
    more["unit_types"]["better"] = better
    workloads = [row["workload"] for row in more["throughput"] if row["unit_type"] == "u0"]
    more["throughput"] += [
        {"unit_type": "better", "workload": k, "mtok_s": dice.choice([6, 9])} for k in workloads
    ]
    first = next(iter(more["sites"].values()))
    first |= {"opened": True, "initial_hall_mw": 4}
    day = ["2026-03-01", "2026-10-01", "2027-01-01", "2028-03-01"]
    more["initial_units"] = [
        {"site": "s0", "unit_type": "u0", "in_service": one, "units": 1}
        for one in dice.sample(day, dice.randint(1, 2))
    ]
    first["grid_mw"] = dice.choice([1.8, 3])
    for region in more["grid_regions"].values():
        region["cap_mw"] = 3
    return more


def upgraded(raw: dict[str, Any], dice: Random) -> dict[str, Any]:
    """The instance with up to three upgrades, some of which require an earlier one."""
    more = deepcopy(raw)
    upgrades: dict[str, Any] = {}
    for n in range(dice.randint(1, 3)):
        site = dice.choice(list(more["sites"]))
        own = [name for name, one in upgrades.items() if one["site"] == site]
        upgrades[f"up{n}"] = {
            "site": site,
            "added_mw": dice.choice([0.9, 2.1, 4]),
            "added_cap_mw": dice.choice([0, 2]) if "grid_region" in more["sites"][site] else 0,
            "cost_musd": dice.choice([0, 0.4, 3]),
            "lead_months": dice.choice([0, 3, 9, 14]),
            "available_from": dice.choice([None, "2027-04-01"]),
            "requires": dice.choice([None, *own]),
        }
    return more | {"grid_upgrades": upgrades}


def made(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    dice = Random(seed)
    return upgraded(leaving(raw, dice), dice)


def by_cohort_and_period(m: pyo.ConcreteModel, inst: Instance) -> None:
    """The second formulation: leave[s,u,c,t] units of cohort c leave at the start of t."""
    after = {before: t for t, before in m.before.items()}
    m.outlived, chances = {}, {}
    for (s, u, c), cohort in inst.cohorts.items():
        for t in cohort.leaves:
            chances.setdefault((s, u, t), []).append(c)
        if end := after.get(cohort.serves[-1]):
            m.outlived.setdefault((s, u, end), []).append(c)
    index = [(s, u, c, t) for (s, u, c), one in inst.cohorts.items() for t in one.leaves]
    m.leave = pyo.Var(index, domain=pyo.Integers, bounds=(0, 99))
    m.COHORTS = pyo.Set(initialize=list(inst.cohorts), dimen=3)
    ordered = [key for key, one in inst.cohorts.items() if one.units is None]
    m.ORDERED_COHORTS = pyo.Set(initialize=ordered, dimen=3)
    m.RETIREMENTS = pyo.Set(initialize=list(chances), dimen=3)
    m.retired = pyo.Expression(
        m.COHORTS,
        rule=lambda m, s, u, c: sum(m.leave[s, u, c, t] for t in inst.cohorts[s, u, c].leaves),
    )
    m.retire = pyo.Expression(
        m.RETIREMENTS, rule=lambda m, s, u, t: sum(m.leave[s, u, c, t] for c in chances[s, u, t])
    )

    def most(m: pyo.ConcreteModel, s: str, u: str, c: str) -> Any:
        units = inst.cohorts[s, u, c].units
        return m.retired[s, u, c] <= (m.order[s, u, c] if units is None else units)

    m.most_that_leave = pyo.Constraint(m.COHORTS, rule=most)


SECOND = tuple(by_cohort_and_period if one is retirement.add_to else one for one in FAMILIES)


def second_optimum(inst: Instance) -> float:
    matrix = compile_model(build_model(inst, SECOND), inst).matrix
    x = milp_solution(matrix)
    return float("inf") if x is None else matrix.value(x)


@examples(6)
@given(raw=instances(), seed=SEEDS)
def test_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(made(raw, seed))
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.verified
    event(f"leave early: {not plan.table('retirements').empty}")
    event(f"upgrades: {not plan.table('grid_upgrades').empty}")
    assert plan.objective_musd == close(optimum(inst))


def check_second_formulation(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(made(raw, seed))
    assert optimum(inst) == close(second_optimum(inst))


@examples(20)
@given(raw=instances(), seed=SEEDS)
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(raw, seed)


@pytest.mark.slow
@examples(600)
@given(raw=instances(), seed=SEEDS)
def test_a_second_formulation_agrees_on_many(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(raw, seed)


@examples(12)
@given(raw=instances(), seed=SEEDS)
def test_more_freedom_never_costs_more(raw: dict[str, Any], seed: int) -> None:
    free = made(raw, seed)
    bound = deepcopy(free)
    for unit in bound["unit_types"].values():
        unit["early_retirement"] = False
    fewer = deepcopy(free) | {"grid_upgrades": {}}
    best = optimum(Instance.model_validate(free))
    for less in (bound, fewer):
        worse = optimum(Instance.model_validate(less))
        event(f"cheaper: {best < worse - 1e-6}")
        assert best <= worse + 1e-6 * max(1.0, abs(worse))


@examples(12)
@given(raw=instances(), seed=SEEDS)
def test_every_choice_of_upgrades_is_tried(raw: dict[str, Any], seed: int) -> None:
    """Brute force: the best over all ways to order upgrades, each a connection known beforehand."""
    dice = Random(seed)
    few = upgraded(raw, dice)
    few["grid_upgrades"] = dict(list(few["grid_upgrades"].items())[:1])
    inst = Instance.model_validate(few)
    m = build_model(inst)
    choices = [None, *m.grid_upgrade]
    found = []
    for chosen in choices:
        one = build_model(inst)
        for index, variable in one.grid_upgrade.items():
            variable.fix(int(index == chosen))
        matrix = compile_model(one, inst).matrix
        x = milp_solution(matrix)
        found.append(float("inf") if x is None else matrix.value(x))
    assert optimum(inst) == close(min(found))


@examples(4)
@given(raw=instances(), seed=SEEDS)
def test_models_are_reused_to_the_last_bit(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(made(raw, seed))
    walk = [
        inst,
        inst.with_changes({"unit_types.*.decommissioning_musd": 0.3}),
        inst.with_changes({"grid_upgrades.*.added_mw": 3}),
        inst.with_changes({"grid_upgrades.*.added_cap_mw": 0}),
        inst.with_changes({"grid_upgrades.*.cost_musd": 1.5, "initial_units.*.scale": 1}),
        Instance.model_validate(raw),
        inst,
    ]
    assert_reused(walk)
