"""Commitments on random small instances: what an earlier plan ordered, and a changed instance.

In the second formulation every delayed unit has the period to which it is delayed.
"""

from random import Random
from typing import Any

import pyomo.environ as pyo
import pytest
from hypothesis import event, given

from models.build import FAMILIES, build_model
from models.families import commitments as family
from models.instance import Instance
from models.problems import InstanceError
from optimizer import commitments_from, compare, solve
from optimizer.compiling import compile_model
from optimizer.starts import decisions_of, hint_of
from tests.compare.test_random import assert_adds_up
from tests.properties.common import SEEDS, assert_reused, close, examples
from tests.properties.strategies import instances
from tests.properties.test_fleet import made
from tests.small import milp_solution, optimum


def committed(raw: dict[str, Any], seed: int) -> Instance | None:
    """An instance bound to what a plan of it decides, with other demand; None if there is none."""
    dice = Random(seed)
    inst = Instance.model_validate(made(raw, seed))
    plan = solve(inst)
    if plan.objective_musd is None:
        return None
    starts = [period.start.isoformat() for period in inst.periods.values()]
    until = dice.choice([*starts[1:], "2040"])
    changes = commitments_from(plan, until, dice.choice([starts[0], until, *starts]))
    changes |= {
        "commitments.cancel_share": dice.choice([None, 0, 0.3, 1]),
        "commitments.delay_share": dice.choice([None, 0.05, 0.4]),
        "demand.scale": dice.choice([0.3, 0.7, 1, 1.5]),
        "unit_types.*.capex_musd.scale": dice.choice([0.7, 1, 1.3]),
    }
    try:
        return inst.with_changes(changes)
    except InstanceError as error:
        if all(problem.path[0] == "commitments" for problem in error.problems):
            return None
        raise


@examples(8)
@given(raw=instances(), seed=SEEDS)
def test_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    inst = committed(raw, seed)
    if inst is None:
        return
    plan = solve(inst)
    event(plan.status)
    assert (plan.objective_musd is None) == (optimum(inst) == float("inf"))
    if plan.objective_musd is None:
        return
    assert plan.violations == ()
    assert plan.objective_musd == close(optimum(inst))
    told = plan.table("commitments")[["committed", "cancelled", "delayed"]].sum()
    event(f"cancelled: {told['cancelled'] > 0}, delayed: {told['delayed'] > 0}")
    hint = hint_of(compiled := compile_model(build_model(inst), inst), decisions_of(plan))
    numbers = sum(number for rows in decisions_of(plan).values() for *_, number in rows)
    assert (0 if hint is None else hint.sum()) == numbers
    assert len(compiled.variables)
    assert_adds_up(compare(plan, plan))


def by_destination(m: pyo.ConcreteModel, inst: Instance) -> None:
    """The second formulation: later[key, τ] of a commitment are ordered in τ instead."""
    possible = family._possible(m)
    told = inst.commitments
    place = {t: i for i, t in enumerate(inst.periods)}
    free = [key for key in inst.committed if key[3] not in inst.frozen_periods]
    moves = [
        (*key, τ)
        for key in free
        if told.delay_share is not None
        for τ in possible[key[:3]]
        if place[τ] > place[key[3]]
    ]
    m.later = pyo.Var(moves, domain=pyo.Integers, bounds=(0, 99))
    gone = free if told.cancel_share is not None else []
    m.gone = pyo.Var(gone, domain=pyo.Integers, bounds=(0, 99))
    cells = [(*thing, t) for thing, periods in possible.items() for t in periods]

    def stands(m: pyo.ConcreteModel, *key: str) -> Any:
        agreed = inst.committed.get(key, 0)
        out = sum(m.later[move] for move in moves if move[:4] == key)
        out += m.gone[key] if key in gone else 0
        into = sum(m.later[move] for move in moves if (*move[:3], move[4]) == key)
        ordered = family._ordered(m, *key)
        if key[3] in inst.frozen_periods:
            return ordered == agreed
        return ordered >= agreed - out + into

    m.stands = pyo.Constraint(cells, rule=stands)

    def no_more(m: pyo.ConcreteModel, *key: str) -> Any:
        out = [m.later[move] for move in moves if move[:4] == key]
        out += [m.gone[key]] if key in gone else []
        return sum(out) <= inst.committed[key] if out else pyo.Constraint.Skip

    m.no_more = pyo.Constraint(free, rule=no_more)
    paid = {
        (s, t): sum(
            family.change_cost(
                inst,
                *key[:3],
                m.gone[key] if key in gone else 0,
                sum(m.later[move] for move in moves if move[:4] == key),
            )
            for key in free
            if (key[0], key[3]) == (s, t)
        )
        for s, *_, t in free
    }
    m.CHANGES = pyo.Set(initialize=list(paid), dimen=2)
    m.changes_musd = pyo.Expression(m.CHANGES, rule=lambda _, s, t: paid[s, t])


SECOND = tuple(by_destination if one is family.add_to else one for one in FAMILIES)


def check_second_formulation(raw: dict[str, Any], seed: int) -> None:
    inst = committed(raw, seed)
    if inst is None:
        return
    matrix = compile_model(build_model(inst, SECOND), inst).matrix
    x = milp_solution(matrix)
    second = float("inf") if x is None else matrix.value(x)
    assert optimum(inst) == close(second)


@examples(8)
@given(raw=instances(), seed=SEEDS)
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(raw, seed)


@pytest.mark.slow
@examples(300)
@given(raw=instances(), seed=SEEDS)
def test_a_second_formulation_agrees_on_many(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(raw, seed)


@examples(6)
@given(raw=instances(), seed=SEEDS)
def test_being_bound_never_costs_less(raw: dict[str, Any], seed: int) -> None:
    inst = committed(raw, seed)
    if inst is None:
        return
    free = optimum(inst.with_changes({"commitments.remove": True}))
    bound = optimum(inst)
    event(f"dearer: {bound > free + 1e-6}")
    assert free <= bound + 1e-6 * max(1.0, abs(free))


@examples(4)
@given(raw=instances(), seed=SEEDS)
def test_models_are_reused_to_the_last_bit(raw: dict[str, Any], seed: int) -> None:
    inst = committed(raw, seed)
    if inst is None:
        return
    walk = [
        inst,
        inst.with_changes({"commitments.cancel_share": 0.7, "commitments.delay_share": 0.2}),
        inst.with_changes({"unit_types.*.capex_musd.scale": 1.1}),
        inst.with_changes({"commitments.remove": True}),
        inst,
    ]
    assert_reused(walk)
