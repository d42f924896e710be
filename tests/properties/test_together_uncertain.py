"""Scenarios on top of all other families: verified, and as cheap as scipy finds."""

from math import inf
from random import Random

import pytest
from hypothesis import event, given

from models.instance import Instance
from models.problems import InstanceError
from optimizer import compare, solve
from tests.compare.test_random import assert_adds_up
from tests.properties.common import SEEDS, close, examples
from tests.properties.test_together import ANY
from tests.properties.together import Raw, bound, short, switched
from tests.small import optimum


def uncertain(raw: Raw, seed: int) -> Instance:
    """An instance of two periods with two futures of demand and prices, told apart in between."""
    dice = Random(seed)
    inst = Instance.model_validate(switched(short(raw), seed, without=("objectives",)))
    if dice.random() < 0.3:
        inst = bound(inst, seed)
    second = list(inst.periods.values())[-1].start.isoformat()
    changes = {
        "demand.scale": dice.choice([0.5, 1.3, 2]),
        "unit_types.*.capex_musd.scale": dice.choice([0.6, 1, 1.2]),
    }
    futures = {
        "calm": {"probability": 0.6},
        "boom": {"probability": 0.4, "revealed": second, "changes": changes},
    }
    measure = dice.choice(["expected", "expected", "cvar"])
    return inst.with_changes({"scenarios": futures, "risk.measure": measure})


def check_scenarios(raw: Raw, seed: int) -> None:
    try:
        inst = uncertain(raw, seed)
    except InstanceError:
        event("refused")
        return
    plan = solve(inst)
    event(f"{inst.risk.measure}: {plan.status}")
    best = optimum(inst)
    if plan.objective_musd is None:
        assert plan.status == "infeasible"
        assert best == inf
        return
    assert plan.violations == ()
    assert plan.verified
    assert plan.objective_musd == close(best)
    assert plan.kpis["value_of_perfect_information_musd"] >= -1e-6 * max(1.0, abs(best))
    assert_adds_up(compare(plan.scenario("calm"), plan.scenario("boom")))


@examples(3)
@given(ANY, SEEDS)
def test_plans_for_scenarios_are_verified(raw: Raw, seed: int) -> None:
    check_scenarios(raw, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@examples(100)
@given(ANY, SEEDS)
def test_many_plans_for_scenarios_are_verified(raw: Raw, seed: int) -> None:
    check_scenarios(raw, seed)
