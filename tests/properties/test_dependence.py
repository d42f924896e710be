"""On random instances with floors, caps, control planes and origins: checked, exact, monotone."""

from math import inf, isfinite
from random import Random
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.build import build_model
from models.instance import Instance
from models.problems import InstanceError
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.reuse import ModelKeeper
from tests.properties.common import RELATIVE, close, examples
from tests.properties.dependence import dependent, dependent_with_offers, second_formulation
from tests.small import milp_solution, optimum
from tests.solving.test_reuse import assert_same

WITHOUT: dict[str, dict[str, Any]] = {
    "floors": {"sufficiency": {}},
    "caps": {"concentration": {}},
    "origins": {"data_classes.*.supply_origin": ["ANY"]},
}
"""What takes a limit off."""


def made(raw: dict[str, Any]) -> Instance | None:
    """The instance; none where a floor names a territory without a site."""
    try:
        return Instance.model_validate(raw)
    except ValidationError:
        event("refused")
        return None


def check_plan(raw: dict[str, Any]) -> None:
    if (inst := made(raw)) is None:
        return
    plan = solve(inst)
    matrix = compile_model(build_model(inst), inst).matrix
    x = milp_solution(matrix)
    event(f"status: {plan.status}")
    if x is None:
        assert plan.status == "infeasible"
        return
    assert plan.violations == ()
    assert plan.verified
    assert plan.objective_musd == close(matrix.value(x))
    event(f"raised: {len(plan.table('local_control_planes'))}")
    assert plan.table("coverage")["in_country_share"].max() <= 1 + 1e-6


def check_second_formulation(raw: dict[str, Any]) -> None:
    if (inst := made(raw)) is None:
        return
    matrix = compile_model(second_formulation(inst), inst).matrix
    x = milp_solution(matrix)
    found = inf if x is None else matrix.value(x)
    event(f"feasible: {isfinite(found)}")
    assert optimum(inst) == (close(found) if isfinite(found) else inf)
    assert optimum(inst, merge=True) == (close(found) if isfinite(found) else inf)


def check_limits_cost(raw: dict[str, Any]) -> None:
    if (inst := made(raw)) is None:
        return
    cost = optimum(inst)
    for what, changes in WITHOUT.items():
        free = optimum(inst.with_changes(changes))
        event(f"{what} cost something: {free < cost - 1e-6}")
        assert free <= cost + RELATIVE * max(1.0, abs(free))
    none = inst.with_changes({"local_control_planes": []})
    assert optimum(none) >= (cost - RELATIVE * max(1.0, abs(cost)) if isfinite(cost) else inf)


@examples(6)
@given(dependent())
def test_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


@pytest.mark.slow
@examples(300)
@given(dependent())
def test_many_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


@examples(30)
@given(dependent())
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@pytest.mark.slow
@examples(600)
@given(dependent())
def test_a_second_formulation_finds_the_same_optimum_of_many(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@examples(6)
@given(dependent_with_offers())
def test_plans_with_offers_are_verified(raw: dict[str, Any]) -> None:
    check_plan(raw)


@examples(30)
@given(dependent_with_offers())
def test_a_second_formulation_with_offers_finds_the_same_optimum(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@pytest.mark.slow
@examples(600)
@given(dependent_with_offers())
def test_a_second_formulation_with_offers_finds_the_same_optimum_of_many(
    raw: dict[str, Any],
) -> None:
    check_second_formulation(raw)


@examples(12)
@given(dependent())
def test_a_limit_never_lowers_the_cost(raw: dict[str, Any]) -> None:
    check_limits_cost(raw)


CHANGES: dict[str, Any] = {
    "sufficiency.*.serve_share": 0.05,
    "concentration.*.most_share": 0.6,
    "local_control_planes.*.cost_musd": 4,
    "volume_tiers.u0.2.price_share": 0.95,
    "sites.*.grid_mw.scale": 1.1,
    "demand.*.scale": 0.9,
    "unit_types.*.capex_musd.scale": 1.2,
    "unit_types.u0.it_mw": 0.6,
    "sites.*.open_cost_musd": 2,
    "data_classes.health.control_plane": ["ANY"],
}


@examples(6)
@given(dependent(), st.integers(0, 10**6))
def test_kept_models_are_the_same_as_new_ones(raw: dict[str, Any], seed: int) -> None:
    if (inst := made(raw)) is None:
        return
    dice, keeper = Random(seed), ModelKeeper()
    for path in (None, *dice.sample(sorted(CHANGES), 4)):
        try:
            inst = inst.with_changes({path: CHANGES[path]} if path else {})
        except InstanceError:
            continue
        assert_same(keeper.compiled(inst), inst)
