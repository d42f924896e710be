"""Data gravity on random small instances: plans are verified, and staying never costs less.

The second formulation starts from the instance in which data weigh nothing and go anywhere: it
forbids each flow that brings data too far, and pays for the gigabytes of every other one by itself.
"""

from copy import deepcopy
from random import Random
from typing import Any

import pyomo.environ as pyo
from hypothesis import event, given

from models.build import build_model
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from tests.properties.common import SEEDS, close, examples
from tests.properties.strategies import instances
from tests.small import milp_solution, optimum


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


@examples(6)
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


def near(raw: dict[str, Any], stays: str, home: str, there: str) -> bool:
    """Data that arise at home may be worked on there."""
    a, b = raw["jurisdictions"][home], raw["jurisdictions"][there]
    return {
        "anywhere": True,
        "jurisdiction": home == there,
        "bloc": home == there or bool({*a.get("blocs", [])} & {*b.get("blocs", [])}),
        "continent": a["continent"] == b["continent"],
    }[stays]


def paid_apart(raw: dict[str, Any]) -> float:
    """The optimum of the second formulation."""
    plain = deepcopy(raw)
    for workload in plain["workloads"].values():
        workload |= {"data_gb_per_mtok": 0, "data_stays": "anywhere"}
    inst = Instance.model_validate(plain)
    m = build_model(inst)
    m.far = pyo.ConstraintList()
    rate, first = raw["finance"]["discount_rate_per_year"], inst.horizon.start
    usd: dict[frozenset[str], float] = {
        frozenset((row["zone_a"], row["zone_b"])): row["usd_per_gb"]
        for row in raw["network_prices"]
    }
    for j, s, o in m.FLOWS:
        r, k, _ = inst.streams[j]
        region, site, workload = raw["regions"][r], raw["sites"][s], raw["workloads"][k]
        if not near(raw, workload["data_stays"], region["jurisdiction"], site["jurisdiction"]):
            m.far.add(m.flow[j, s, o] <= 0)
        period = inst.periods[inst.states[o].period]
        middle = (period.start - first).days + (period.end - period.start).days // 2
        seconds = (period.end - period.start).days * 86_400 * inst.states[o].share
        gb = workload["data_gb_per_mtok"] * seconds * m.flow[j, s, o]
        price = usd[frozenset((region["network_zone"], site["network_zone"]))] / 1e6
        m.net_present_cost.expr += price * gb * (1 + rate) ** (-middle / 365.25)
    matrix = compile_model(m, inst).matrix
    x = milp_solution(matrix)
    assert x is not None
    return matrix.value(x)


@examples(8)
@given(raw=instances(), seed=SEEDS)
def test_both_formulations_agree(raw: dict[str, Any], seed: int) -> None:
    more = heavy(raw, seed)
    assert optimum(Instance.model_validate(more)) == close(paid_apart(more))
