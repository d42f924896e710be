"""Throughput: tokens are made by units at work, and only units in service can work.

Reads  online[s,u,t]             units in service                        [units]
Adds   run[s,u,k,o]              units at work at the peak of the day    [units]
       flow[j,s,o]               mean tokens made                        [Mtok/s]
       run_limit[s,u,o]          constraint (T1)                         [units]
       throughput_limit[s,k,o]   constraint (T2)                         [Mtok/s]
"""

from functools import cache

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.instance import Instance
from models.slices import most_served


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the throughput family to model m."""

    @cache
    def able(s: str, u: str, o: str) -> float:
        return inst.unit_types[u].availability * most_online(inst, s, u, m.period_of[o])

    m.run = pyo.Var(m.RUNS, bounds=lambda _, s, u, k, o: (0, able(s, u, o)))

    def most(_: pyo.ConcreteModel, *flow: str) -> tuple[float, float]:
        j, _, o = flow
        return 0, most_served(inst, m.groups[j], o)

    m.flow = pyo.Var(m.FLOWS, bounds=most)
    m.WORKING = pyo.Set(initialize=list(m.workloads_of), dimen=3)

    @m.Constraint(
        m.WORKING, doc="(T1) Σ_k run[s,u,k,o] ≤ availability[u] · online[s,u,t(o)]  [units]"
    )
    def run_limit(m, s, u, o):
        at_work = sum(m.run[s, u, k, o] for k in m.workloads_of[s, u, o])
        return at_work <= inst.unit_types[u].availability * m.online[s, u, m.period_of[o]]

    m.SERVING = pyo.Set(initialize=list(m.runs_at), dimen=3)

    @m.Constraint(
        m.SERVING,
        doc="(T2) Σ_{j of k} peak_factor[k] · flow[j,s,o] "
        "≤ Σ_u tokens_per_unit[s,u,k,t(o)] · run[s,u,k,o]  [Mtok/s]",
    )
    def throughput_limit(m, s, k, o):
        peak = inst.workloads[k].peak_factor
        made = sum(peak * m.flow[j, s, o] for j in m.streams_at[s, k, o])
        t = m.period_of[o]
        able = sum(inst.tokens_per_unit(s, u, k, t) * m.run[s, u, k, o] for u in m.runs_at[s, k, o])
        return made <= able
