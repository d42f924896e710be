"""Model families: sites that serve a model get it from sites that train it.

f is a family; a site that trains needs no transfer. Only periods in which the family is renewed
have rows: those in which training is asked for.

Reads  flow[j,s,o]                     mean tokens made                              [Mtok/s]
Adds   trains[f,s,t]                   binary        s trains the models of f
       holds[f,s,t]                    binary        s serves them
       transfer[f,a,s,t]               part of what s needs that it gets from a
       transfer_musd[s,t]              expression, what s pays for them              [MUSD]
       holding_link[f,s,o]             constraint (I1)                               [Mtok/s]
       training_minimum[f,s,t]         constraint (I2)                               [Mtok/s]
       transfer_link[f,a,s,t]          constraint (I3)
       arrival_minimum[f,s,t]          constraint (I4)
"""

from collections import defaultdict
from typing import Any

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.instance import Instance
from models.model_families import barred, least_training, renewed, transfer_cost
from models.slices import most_served


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the model families to model m."""
    _add_sets(m, inst)
    m.trains = pyo.Var(m.TRAINING, domain=pyo.Integers, bounds=(0, 1))
    m.holds = pyo.Var(m.HOLDING, domain=pyo.Integers, bounds=(0, 1))
    m.transfer = pyo.Var(m.TRANSFERS, bounds=(0, 1))
    arriving: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for f, a, s, t in m.TRANSFERS:
        arriving[f, s, t].append(a)
    least = {
        ft: least_training(inst, *ft) for ft in dict.fromkeys((f, t) for f, _, t in m.TRAINING)
    }
    received = {s: [(f, x, t) for f, x, t in arriving if x == s] for s in m.SITES}

    @m.Expression(m.RECEIVING, doc="Σ_{f,a} transfer_cost[f,a,s,t] · transfer[f,a,s,t]  [MUSD]")
    def transfer_musd(m, s, t):
        return sum(
            transfer_cost(inst, f, a, s, t) * m.transfer[f, a, s, t]
            for f, _, when in received[s]
            if when == t
            for a in arriving[f, s, t]
        )

    @m.Constraint(
        m.HELD,
        doc="(I1) Σ_{j of served_by[f]} flow[j,s,o] ≤ most_made[f,s,o] · holds[f,s,t(o)]  [Mtok/s]",
    )
    def holding_link(m, f, s, o):
        served = [
            (k, _streams(m, s, k, o)) for k in dict.fromkeys(inst.model_families[f].served_by)
        ]
        most = sum(_most_made(m, inst, s, k, o) for k, streams in served if streams)
        made = sum(m.flow[j, s, o] for _, streams in served for j in streams)
        return made <= most * m.holds[f, s, m.period_of[o]]

    @m.Constraint(
        m.TRAINING,
        doc="(I2) Σ_{o: t(o) = t} share[o] · Σ_{j of trained_by[f]} flow[j,s,o] "
        "≥ least_training[f,t] · trains[f,s,t]  [Mtok/s]",
    )
    def training_minimum(m, f, s, t):
        teacher = inst.model_families[f].trained_by
        trained = sum(
            inst.states[o].share * m.flow[j, s, o]
            for o in m.states_of[t]
            for j in _streams(m, s, teacher, o)
        )
        return trained >= least[f, t] * m.trains[f, s, t]

    @m.Constraint(m.TRANSFERS, doc="(I3) transfer[f,a,s,t] ≤ trains[f,a,t]")
    def transfer_link(m, f, a, s, t):
        return m.transfer[f, a, s, t] <= m.trains[f, a, t]

    @m.Constraint(m.HOLDING, doc="(I4) Σ_a transfer[f,a,s,t] + trains[f,s,t] ≥ holds[f,s,t]")
    def arrival_minimum(m, f, s, t):
        own = m.trains[f, s, t] if (f, s, t) in m.TRAINING else 0
        got = sum(m.transfer[f, a, s, t] for a in arriving[f, s, t])
        return got + own >= m.holds[f, s, t]


def _add_sets(m: pyo.ConcreteModel, inst: Instance) -> None:
    """TRAINING, HOLDING and TRANSFERS in periods of renewal; HELD in their states."""
    training, held = dict[Any, None](), dict[Any, None]()
    for f, family in inst.model_families.items():
        for t in m.PERIODS:
            if renewed(inst, f, t):
                for s in m.SITES:
                    for o in m.states_of[t]:
                        if _streams(m, s, family.trained_by, o):
                            training[f, s, t] = None
                        if any(_streams(m, s, k, o) for k in family.served_by):
                            held[f, s, o] = None
    holding = dict.fromkeys((f, s, m.period_of[o]) for f, s, o in held)
    m.TRAINING = pyo.Set(initialize=list(training), dimen=3)
    m.HOLDING = pyo.Set(initialize=list(holding), dimen=3)
    m.HELD = pyo.Set(initialize=list(held), dimen=3)
    lawful = {
        (f, a, s)
        for f in inst.model_families
        for a in inst.sites
        for s in inst.sites
        if a != s and barred(inst, f, a, s) is None
    }
    m.TRANSFERS = pyo.Set(
        initialize=[
            (f, a, s, t)
            for f, s, t in holding
            for a in inst.sites
            if (f, a, s) in lawful and (f, a, t) in training
        ],
        dimen=4,
    )
    m.RECEIVING = pyo.Set(
        initialize=list(dict.fromkeys((s, t) for _, _, s, t in m.TRANSFERS)), dimen=2
    )


def _streams(m: pyo.ConcreteModel, s: str, k: str, o: str) -> list[str]:
    """The streams of a workload that a site can serve in a state."""
    found: list[str] = m.streams_at.get((s, k, o), [])
    return found


def _most_made(m: pyo.ConcreteModel, inst: Instance, s: str, k: str, o: str) -> float:
    """Most of a workload that a site can make in a state: what is asked for, or its units do."""
    asked = sum(most_served(inst, m.groups[j], o) for j in _streams(m, s, k, o))
    t = m.period_of[o]
    able = sum(
        inst.tokens_per_unit(s, u, k, t)
        * inst.unit_types[u].availability
        * most_online(inst, s, u, t)
        for u in m.runs_at[s, k, o]
    )
    return min(asked, able / inst.workloads[k].peak_factor)
