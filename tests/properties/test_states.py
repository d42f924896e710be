"""Contingency states on demand find the optimum of the model that has them all."""

from typing import Any

import pytest
from hypothesis import event, given

from models.build import build_model
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.highs import Crew
from optimizer.plan.plan import Plan
from optimizer.search import polish
from optimizer.starts import decisions_of, hint_of
from optimizer.states import evaluate, fleet_of, own_cost
from tests.properties.common import SEEDS, close, examples
from tests.properties.resilience import with_contingencies
from tests.properties.slices import sliced
from tests.properties.test_resilience import made


def on_demand(raw: dict[str, Any]) -> Plan:
    """The plan with contingency states on demand, however few there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.method.AT_ONCE", -1)
        patch.setattr("optimizer.states.search.STATES_A_ROUND", 2)
        return solve(made(raw), gap=0)


@examples(5)
@given(sliced(), SEEDS)
def test_states_on_demand_find_the_same_optimum(raw: dict[str, Any], seed: int) -> None:
    """The plan is verified, and costs what the plan of the whole model costs."""
    raw = with_contingencies(raw, seed)
    plan, whole = on_demand(raw), solve(made(raw), gap=0)
    event(whole.status)
    assert plan.status == whole.status
    assert plan.violations == ()
    if whole.objective_musd is not None:
        assert plan.objective_musd == close(whole.objective_musd)
        event(f"missing: {whole.costs_musd['contingency_shortfall'] > 0}")


@examples(5)
@given(sliced(), SEEDS)
def test_answers_cost_what_the_whole_model_says(raw: dict[str, Any], seed: int) -> None:
    """For a plan of the whole model, its states answered one by one cost the same together."""
    inst = made(with_contingencies(raw, seed))
    plan = solve(inst)
    compiled = compile_model(build_model(inst, merge=True), inst)
    hint = hint_of(compiled, decisions_of(plan))
    if hint is None:
        return
    with Crew() as crew:
        x = polish(crew, compiled.matrix, hint)
        assert x is not None
        found = evaluate(crew, inst, fleet_of(compiled, x), 1)
    assert found.cost == pytest.approx(own_cost(compiled, x), rel=1e-6, abs=1e-6)
    event(f"costs: {found.cost > 0}")
