"""Data gravity on random small instances: plans are verified, and staying never costs less."""

from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import event, given

from models.instance import Instance
from optimizer import solve
from tests.properties.strategies import instances
from tests.properties.test_fleet import SEEDS, close, examples, optimum


def heavy(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """The instance with data to carry, at prices by zone, that may have to stay."""
    dice = Random(seed)
    more = deepcopy(raw)
    for workload in more["workloads"].values():
        workload["data_gb_per_mtok"] = dice.choice([0, 0.1, 2])
        workload["data_stays"] = dice.choice(["anywhere", "jurisdiction", "bloc", "continent"])
    for row in more["network_prices"]:
        row["usd_per_gb"] = dice.choice([0, 0.02, 0.2])
    return more


@examples(12)
@given(raw=instances(), seed=SEEDS)
def test_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(heavy(raw, seed))
    plan = solve(inst)
    event(plan.status)
    assert plan.violations == ()
    assert plan.objective_musd == close(optimum(inst))
    for r, k, _, s, *_ in plan.table("flows").itertuples(index=False):
        if inst.workloads[k].data_stays == "jurisdiction":
            assert inst.sites[s].jurisdiction == inst.regions[r].jurisdiction
    free = inst.with_changes({"workloads.*.data_stays": "anywhere"})
    light = free.with_changes({"workloads.*.data_gb_per_mtok": 0})
    costs = [optimum(one) for one in (light, free, inst)]
    assert costs[0] <= costs[1] + 1e-6
    assert costs[1] <= costs[2] + 1e-6
