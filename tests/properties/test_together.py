"""Slices, capital over time, early retirement and grid upgrades together: plans are verified."""

from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.build import build_model
from models.instance import Instance
from optimizer import compare, solve
from optimizer.compiling import compile_model
from optimizer.starts import decisions_of, hint_of
from tests.compare.test_random import assert_adds_up
from tests.properties.capital_by_hand import with_capital
from tests.properties.slices import sliced
from tests.properties.test_fleet import made
from tests.properties.test_random_instances import examples, no_worse

SEEDS = st.integers(0, 10**6)


def check_plan(raw: dict[str, Any], seed: int) -> None:
    """The plan passes the checker, its cash adds up, and its decisions can be started from."""
    inst = Instance.model_validate(with_capital(made(raw, seed), seed))
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
    hint = hint_of(compiled, decisions_of(plan))
    told = sum(number for rows in decisions_of(plan).values() for *_, number in rows)
    assert (0 if hint is None else hint.sum()) == told
    assert_adds_up(compare(plan, plan))
    for table in ("retirements", "grid_upgrades", "debt", "shortfall"):
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
def test_freedom_never_costs(raw: dict[str, Any], seed: int) -> None:
    """Leaving early and upgrades never make the optimum dearer, however prices are paid."""
    free = with_capital(made(raw, seed), seed)
    units = {u: unit | {"early_retirement": False} for u, unit in free["unit_types"].items()}
    bound = free | {"unit_types": units, "grid_upgrades": {}}
    no_worse(free, bound)
