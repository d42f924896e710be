"""Portability: work that moves between operators or generations from period to period is paid.

i says between what (operator, generation), h names one of them. What a holder gives up beyond the
fall of demand has moved elsewhere.

Reads  flow[j,s,o], run[s,u,k,o]
Adds   given_up[k,i,h,t]          work that h has less of than before          [Mtok/s]
       ported[k,i,t]              work that moved from one holder to others    [Mtok/s]
       given_up_minimum[k,i,h,t]  constraint (Y1)                              [Mtok/s]
       ported_minimum[k,i,t]      constraint (Y2)                              [Mtok/s]
       useful_work_limit[s,k,o]   constraint (Y3)                              [Mtok/s]
"""

from typing import Any

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.families.clusters import reaching
from models.instance import Instance
from models.portability import KINDS, fall, holder_of, price


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the portability family to model m."""
    work: dict[tuple[str, str, str, str], list[tuple[str, str, str]]] = {}
    for s, u, k, o in m.RUNS:
        for i in KINDS:
            if price(inst, k, i):
                at = k, i, holder_of(inst, i, s, u), m.period_of[o]
                work.setdefault(at, []).append((s, u, o))
    moves = [
        (k, i, h, t)
        for t, before in m.before.items()
        for k, i, h, made_in in work
        if made_in == before
    ]
    m.HOLDERS = pyo.Set(initialize=moves, dimen=4)
    m.PORTED = pyo.Set(initialize=list(dict.fromkeys((k, i, t) for k, i, _, t in moves)), dimen=3)

    def most(k: str, i: str, h: str, t: str) -> float:
        """What a holder can have made before: the most that its units can do [Mtok/s]."""
        return sum(
            _per_unit(m, inst, s, u, k, o)
            * inst.unit_types[u].availability
            * most_online(inst, s, u, m.period_of[o])
            for s, u, o in work[k, i, h, m.before[t]]
        )

    m.given_up = pyo.Var(m.HOLDERS, bounds=lambda _, *kiht: (0, most(*kiht)))
    m.ported = pyo.Var(
        m.PORTED,
        bounds=lambda _, *kit: (0, sum(most(*x) for x in moves if (*x[:2], x[3]) == kit)),
    )

    def made(m: pyo.ConcreteModel, k: str, i: str, h: str, t: str) -> Any:
        """What a holder makes of a workload, in the mean of a period [Mtok/s]."""
        own = work.get((k, i, h, t), ())
        if i == "generation":
            return sum(_per_unit(m, inst, s, u, k, o) * reaching(m, s, u, k, o) for s, u, o in own)
        return sum(
            inst.states[o].share * m.flow[j, s, o]
            for s, o in dict.fromkeys((s, o) for s, _, o in own)
            for j in m.streams_at[s, k, o]
        )

    @m.Constraint(
        m.HOLDERS, doc="(Y1) given_up[k,i,h,t] ≥ made[k,i,h,t−1] − made[k,i,h,t]  [Mtok/s]"
    )
    def given_up_minimum(m, k, i, h, t):
        less = made(m, k, i, h, m.before[t]) - made(m, k, i, h, t)
        return m.given_up[k, i, h, t] >= less

    @m.Constraint(m.PORTED, doc="(Y2) ported[k,i,t] ≥ Σ_h given_up[k,i,h,t] − fall[k,t]  [Mtok/s]")
    def ported_minimum(m, k, i, t):
        lost = sum(m.given_up[x] for x in moves if (*x[:2], x[3]) == (k, i, t))
        return m.ported[k, i, t] >= lost - fall(inst, k, m.before[t], t)

    m.MEASURED = pyo.Set(
        initialize=[(s, k, o) for s, k, o in m.SERVING if price(inst, k, "generation")], dimen=3
    )

    @m.Constraint(
        m.MEASURED,
        doc="(Y3) Σ_u tokens_per_unit[s,u,k,t(o)] · run[s,u,k,o] "
        "≤ Σ_{j of k} peak_factor[k] · flow[j,s,o]  [Mtok/s]",
    )
    def useful_work_limit(m, s, k, o):
        t = m.period_of[o]
        able = sum(
            inst.tokens_per_unit(s, u, k, t) * reaching(m, s, u, k, o) for u in m.runs_at[s, k, o]
        )
        peak = inst.workloads[k].peak_factor
        return able <= sum(peak * m.flow[j, s, o] for j in m.streams_at[s, k, o])


def _per_unit(m: pyo.ConcreteModel, inst: Instance, s: str, u: str, k: str, o: str) -> float:
    """What a unit at work adds to the mean of the period [Mtok/s per unit]."""
    tokens = inst.tokens_per_unit(s, u, k, m.period_of[o])
    return inst.states[o].share * tokens / inst.workloads[k].peak_factor
