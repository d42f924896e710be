"""Portability on random small instances: plans are verified, and a price is never a gain.

The second formulation says of each holder's work how much of it stays, and how much of it ends
because less is asked for; the rest has moved.
"""

from collections import defaultdict
from copy import deepcopy
from itertools import pairwise
from random import Random
from typing import Any

import pyomo.environ as pyo
from hypothesis import event, given

from models.build import FAMILIES, build_model
from models.families import portability
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.reuse import ModelKeeper
from tests.properties.common import SEEDS, close, examples
from tests.properties.strategies import instances
from tests.properties.test_fleet import leaving
from tests.small import milp_solution, optimum


def priced(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """The instance with newer units, and prices of moving work to them or to other operators."""
    dice = Random(seed)
    more = leaving(deepcopy(raw), dice)
    more["unit_types"]["better"]["generation"] = "two"
    for workload in more["workloads"].values():
        workload["port_operator_musd_per_mtok_s"] = dice.choice([0, 0.2, 3])
        workload["port_generation_musd_per_mtok_s"] = dice.choice([0, 0.1, 2])
    return more


@examples(6)
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


def who_stays(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Portability as one would write it without a thought for size."""
    prices = {
        (k, kind): getattr(workload, f"port_{kind}_musd_per_mtok_s")
        for k, workload in inst.workloads.items()
        for kind in ("operator", "generation")
    }
    made: dict[tuple[str, ...], Any] = defaultdict(lambda: defaultdict(float))
    for j, s, o in m.FLOWS:
        state, k = inst.states[o], m.groups[j].workload
        made[k, "operator", state.period][inst.sites[s].operator] += state.share * m.flow[j, s, o]
    m.work = pyo.ConstraintList()
    for s, k, o in m.SERVING:
        t, peak = inst.states[o].period, inst.workloads[k].peak_factor
        tokens = {
            u: inst.tokens_per_unit(s, u, k, t) * m.run[s, u, k, o] for u in m.runs_at[s, k, o]
        }
        for u, mtok_s in tokens.items():
            of = inst.unit_types[u].generation
            made[k, "generation", t][of] += inst.states[o].share * mtok_s / peak
        if prices[k, "generation"]:
            streams = (j for j in m.groups if (j, s, o) in m.FLOWS and m.groups[j].workload == k)
            m.work.add(sum(tokens.values()) == peak * sum(m.flow[j, s, o] for j in streams))
    pairs = [(k, kind, t) for k, kind in prices if prices[k, kind] for t in list(inst.periods)[1:]]
    m.PORTED = pyo.Set(initialize=pairs, dimen=3)
    m.ported = pyo.Var(m.PORTED, bounds=(0, 1e4))
    holders = {*inst.operators, *(unit.generation for unit in inst.unit_types.values())}
    m.stays = pyo.Var(m.PORTED, list(holders), bounds=(0, 1e4))
    m.ends = pyo.Var(m.PORTED, list(holders), bounds=(0, 1e4))
    for before, t in pairwise(inst.periods):
        for k, kind in ((k, kind) for k, kind, when in pairs if when == t):
            asked = [
                sum(
                    mtok_s * inst.states[o].share
                    for (j, o), mtok_s in inst.demand_mtok_s.items()
                    if inst.states[o].period == when and inst.streams[j].workload == k
                )
                for when in (before, t)
            ]
            at, then = (k, kind, t), made[k, kind, before]
            for h, had in then.items():
                m.work.add(m.stays[at, h] + m.ends[at, h] <= had)
                m.work.add(m.stays[at, h] <= made[k, kind, t].get(h, 0.0))
            m.work.add(sum(m.ends[at, h] for h in holders) <= max(0.0, asked[0] - asked[1]))
            kept = sum(m.stays[at, h] + m.ends[at, h] for h in then)
            m.work.add(m.ported[at] >= sum(then.values()) - kept)


@examples(8)
@given(raw=instances(), seed=SEEDS)
def test_both_formulations_agree(raw: dict[str, Any], seed: int) -> None:
    inst = Instance.model_validate(priced(raw, seed))
    own = FAMILIES.index(portability.add_to)
    m = build_model(inst, [*FAMILIES[:own], who_stays, *FAMILIES[own + 1 :]])
    matrix = compile_model(m, inst).matrix
    x = milp_solution(matrix)
    assert x is not None
    assert optimum(inst) == close(matrix.value(x))
