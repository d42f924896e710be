"""Contingencies and reserves on random instances: verified, exact, and never a gain."""

from copy import deepcopy
from math import inf
from random import Random
from typing import Any

import pytest
from hypothesis import event, given
from pydantic import ValidationError

from models.build import build_model
from models.instance import Instance
from optimizer import compare, solve
from optimizer.compiling import compile_model
from optimizer.reuse import ModelKeeper
from optimizer.starts import decisions_of, hint_of
from tests.compare.test_random import assert_adds_up
from tests.properties.common import RELATIVE, SEEDS, close, examples
from tests.properties.resilience import (
    formulate_resilience,
    with_contingencies,
    with_price,
    with_targets,
)
from tests.properties.slices import sliced
from tests.properties.strategies import instances, yearly
from tests.properties.test_random_instances import (
    small_enough,
    smaller,
)
from tests.small import optimum
from tests.solving.test_reuse import assert_same, random_walk


def made(raw: dict[str, Any]) -> Instance:
    """The instance; where a promise has no site left at all, with a price."""
    try:
        return Instance.model_validate(raw)
    except ValidationError as error:
        if "no lawful site and no offer is left" not in str(error):
            raise
        raw |= with_price(raw)
        return Instance.model_validate(raw)


def check_plan(raw: dict[str, Any]) -> None:
    """The plan passes the checker, adds up, and its decisions can be started from."""
    inst = made(raw)
    plan = solve(inst)
    event(plan.status)
    if plan.objective_musd is None:
        assert plan.status == "infeasible"
        assert optimum(inst) == inf
        return
    assert plan.violations == ()
    assert plan.objective_musd == close(optimum(inst))
    cash = plan.table("cash")
    assert cash["discounted_musd"].sum() == pytest.approx(plan.objective_musd, rel=1e-6, abs=1e-6)
    assert_adds_up(compare(plan, plan))
    hint = hint_of(compile_model(build_model(inst), inst), decisions_of(plan))
    assert (hint is None) == (not any(decisions_of(plan).values()))
    event(f"missing: {plan.costs_musd['contingency_shortfall'] > 0}")
    bound = plan.table("limits")
    for limit in ("contingency", "reserve"):
        event(f"{limit} binds: {bound.loc[bound['limit'] == limit, 'binds'].any()}")


def check_second_formulation(raw: dict[str, Any]) -> None:
    ours = optimum(made(raw))
    theirs = formulate_resilience(raw).optimum()
    event(f"infeasible: {ours == inf}")
    assert (ours == inf and theirs == inf) or ours == close(theirs)


def check_never_cheaper(raw: dict[str, Any], plain: dict[str, Any]) -> None:
    before, after = optimum(made(plain)), optimum(made(raw))
    event(f"dearer: {after > before + 1e-6}")
    assert after >= before - RELATIVE * max(1.0, abs(before))


@examples(8)
@given(sliced(), SEEDS)
def test_plans_with_contingencies_are_verified(raw: dict[str, Any], seed: int) -> None:
    check_plan(with_contingencies(raw, seed))


@examples(8)
@given(instances(), SEEDS)
def test_plans_with_targets_are_verified(raw: dict[str, Any], seed: int) -> None:
    check_plan(with_targets(raw, seed))


@pytest.mark.slow
@examples(250)
@given(sliced(), SEEDS)
def test_many_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    check_plan(with_contingencies(with_targets(raw, seed), seed))


@examples(20)
@given(yearly(most_years=2), SEEDS)
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(with_contingencies(raw, seed))


@examples(20)
@given(yearly(most_years=2), SEEDS)
def test_a_second_formulation_finds_the_same_reserves(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(with_targets(raw, seed))


@pytest.mark.slow
@examples(400)
@given(sliced(whole_years=True), SEEDS)
def test_a_second_formulation_finds_the_same_of_many(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(with_contingencies(with_targets(raw, seed), seed))


@examples(8)
@given(yearly(most_years=2).map(smaller).filter(small_enough), SEEDS)
def test_no_choice_of_whole_numbers_is_cheaper(raw: dict[str, Any], seed: int) -> None:
    full = with_contingencies(raw, seed)
    assert optimum(made(full)) == close(formulate_resilience(full).cheapest_choice())


@examples(15)
@given(sliced(), SEEDS)
def test_merging_equivalent_streams_keeps_the_optimum(raw: dict[str, Any], seed: int) -> None:
    inst = made(with_contingencies(raw, seed))
    merged, apart = optimum(inst, merge=True), optimum(inst, merge=False)
    assert (merged == apart == inf) or merged == close(apart)


@examples(15)
@given(instances(), SEEDS)
def test_protection_never_lowers_the_cost(raw: dict[str, Any], seed: int) -> None:
    check_never_cheaper(with_contingencies(raw, seed), raw)


@examples(15)
@given(instances(), SEEDS)
def test_targets_never_lower_the_cost(raw: dict[str, Any], seed: int) -> None:
    aimed = with_targets(raw, seed)
    plain = deepcopy(aimed)
    for workload in plain["workloads"].values():
        workload.pop("availability_target", None)
    check_never_cheaper(aimed, plain)


@examples(4)
@given(sliced(), SEEDS)
def test_models_are_reused(raw: dict[str, Any], seed: int) -> None:
    keeper, dice = ModelKeeper(), Random(seed)
    inst = made(with_price(with_contingencies(with_targets(raw, seed), seed)))
    k = next(iter(inst.workloads))
    changes: list[dict[str, Any]] = [
        {"protection.*.*.*.*.*.price_usd_per_mtok": 0.7},
        {"contingencies.*.weight": 0.5},
        {f"workloads.{k}.availability_target": 0.97},
        {"unit_types.u0.availability": 0.93},
        {"contingencies.*.share": 0.45},
    ]
    walk = [*random_walk(inst, dice), *(inst.with_changes(change) for change in changes)]
    for one in (*walk, inst):
        assert_same(keeper.compiled(one), one)
