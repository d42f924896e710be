"""Families switched on and off together: plans are verified, and freedom never costs."""

from random import Random
from typing import Any

import pytest
from hypothesis import event, given, reject
from hypothesis import strategies as st
from pydantic import ValidationError

from models.build import build_model
from models.instance import Instance
from optimizer import compare, solve
from optimizer.compiling import compile_model
from optimizer.starts import decisions_of, hint_of
from tests.compare.test_random import assert_adds_up
from tests.properties import test_clusters as clusters
from tests.properties.capital_by_hand import with_capital
from tests.properties.dependence import with_dependence, with_offers
from tests.properties.slices import sliced
from tests.properties.soft import with_soft_limits
from tests.properties.test_fleet import made
from tests.properties.test_model_families import with_model_families
from tests.properties.test_random_instances import examples, no_worse

SEEDS = st.integers(0, 10**6)


FAMILIES = {
    "dependence": with_dependence,
    "fleet": made,
    "offers": lambda raw, _: with_offers(raw),
    "capital": with_capital,
    "soft": with_soft_limits,
    "clusters": clusters.made,
    "model families": with_model_families,
}
"""What makes a random instance use further families, with a seed."""


def switched(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """The instance with some of the families, each as often as not."""
    dice = Random(seed)
    for name, add in FAMILIES.items():
        used = dice.random() < 0.5
        raw = add(raw, seed) if used else raw
        event(f"{name}: {used}")
    return raw


def check_plan(raw: dict[str, Any], seed: int) -> None:
    """The plan passes the checker, its cash adds up, and its decisions can be started from."""
    inst = Instance.model_validate(switched(raw, seed))
    plan = solve(inst)
    event(plan.status)
    if plan.objective_musd is None:
        assert plan.status == "infeasible"
        return
    assert plan.violations == ()
    assert plan.verified
    cash = plan.table("cash")
    assert cash["discounted_musd"].sum() == pytest.approx(plan.objective_musd, rel=1e-6, abs=1e-6)
    compiled = compile_model(build_model(inst), inst)
    # Offers without a least take are used without a decision.
    decided = {name: rows for name, rows in decisions_of(plan).items() if name != "rental_use"}
    hint = hint_of(compiled, decided)
    told = sum(number for rows in decided.values() for *_, number in rows)
    assert (0 if hint is None else hint.sum()) == told
    assert_adds_up(compare(plan, plan))
    tables = (
        "retirements",
        "grid_upgrades",
        "debt",
        "rentals",
        "leases",
        "clusters",
        "model_transfers",
        "shortfall",
        "violations",
    )
    for table in tables:
        event(f"{table}: {not plan.table(table).empty}")


@examples(30)
@given(sliced(), SEEDS)
def test_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    check_plan(raw, seed)


@pytest.mark.slow
@examples(300)
@given(sliced(), SEEDS)
def test_many_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    check_plan(raw, seed)


@examples(30)
@given(sliced(), SEEDS)
def test_soft_limits_never_cost(raw: dict[str, Any], seed: int) -> None:
    hard = {name: add for name, add in FAMILIES.items() if name != "soft"}
    for add in hard.values():
        raw = add(raw, seed)
    try:
        Instance.model_validate(raw)
    except ValidationError:
        reject()  # a floor that no site can keep, say
    no_worse(with_soft_limits(raw, seed), raw)


@examples(30)
@given(sliced(), SEEDS)
def test_freedom_never_costs(raw: dict[str, Any], seed: int) -> None:
    """Leaving early and upgrades never make the optimum dearer, however prices are paid."""
    free = with_capital(made(raw, seed), seed)
    units = {u: unit | {"early_retirement": False} for u, unit in free["unit_types"].items()}
    bound = free | {"unit_types": units, "grid_upgrades": {}}
    no_worse(free, bound)
