"""Portability on random small instances: plans are verified, and a price is never a gain."""

from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import event, given

from models.build import build_model
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.reuse import ModelKeeper
from tests.properties.strategies import instances
from tests.properties.test_fleet import SEEDS, close, examples, leaving, optimum


def priced(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """The instance with newer units, and prices of moving work to them or to other operators."""
    dice = Random(seed)
    more = leaving(deepcopy(raw), dice)
    more["unit_types"]["better"]["generation"] = "two"
    for workload in more["workloads"].values():
        workload["port_operator_musd_per_mtok_s"] = dice.choice([0, 0.2, 3])
        workload["port_generation_musd_per_mtok_s"] = dice.choice([0, 0.1, 2])
    return more


@examples(12)
@given(raw=instances(), seed=SEEDS)
def test_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(priced(raw, seed))
    plan = solve(inst)
    event(f"{plan.status}, moves: {not plan.table('portability').empty}")
    assert plan.violations == ()
    assert plan.objective_musd == close(optimum(inst))
    fields = ("port_operator_musd_per_mtok_s", "port_generation_musd_per_mtok_s")
    free = inst.with_changes({f"workloads.*.{field}": 0 for field in fields})
    without = optimum(free)
    assert without <= plan.objective_musd + 1e-6 * max(1.0, abs(without))

    keeper = ModelKeeper()
    for one in (inst, inst.with_changes({"demand.scale": 0.7}), free, inst):
        ours, fresh = keeper.compiled(one).matrix, compile_model(build_model(one, merge=True), one)
        for name in ("cost", "row_lower", "row_upper", "lower", "upper"):
            assert (getattr(ours, name) == getattr(fresh.matrix, name)).all(), name
        assert (ours.rows.data == fresh.matrix.rows.data).all()
