"""Throughput: tokens are made by units at work, and only units in service can work.

Reads  online[s,u,t]             units in service                        [units]
       cluster_total[s,u,k,o]    units at work in clusters               [units]
       cluster_run[s,u,k,o]      units at work in clusters · utilisation [units]
Adds   run[s,u,k,o]              units at work at the peak of the day    [units]
       flow[j,s,o]               mean tokens made                        [Mtok/s]
       run_limit[s,u,o]          constraint (T1)                         [units]
       throughput_limit[s,k,o]   constraint (T2)                         [Mtok/s]
       cluster_work_balance[s,u,k,o] constraint (T3)                     [units]
"""

from functools import cache
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.families.capacity import most_online
from models.families.clusters import reaching
from models.instance import Instance
from models.slices import most_served
from models.wide import Addends, Floats, WideConstraint, WideVar


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the throughput family to model m."""

    @cache
    def able(s: str, u: str, o: str) -> float:
        return inst.unit_types[u].availability * most_online(inst, s, u, m.period_of[o])

    m.run = pyo.Var(m.RUNS, bounds=lambda _, s, u, k, o: (0, able(s, u, o)))

    stream, site, state = m.FLOWS.tuples.codes
    m.flow = WideVar(m.FLOWS, upper=lambda: most_flow(m, inst))
    m.WORKING = pyo.Set(initialize=list(m.workloads_of), dimen=3)

    @m.Constraint(
        m.WORKING, doc="(T1) Σ_k run[s,u,k,o] ≤ availability[u] · online[s,u,t(o)]  [units]"
    )
    def run_limit(m, s, u, o):
        at_work = sum(m.run[s, u, k, o] for k in m.workloads_of[s, u, o])
        return at_work <= inst.unit_types[u].availability * m.online[s, u, m.period_of[o]]

    def made() -> list[Addends]:
        names = list(inst.workloads)
        work = np.array([names.index(group.workload) for group in m.groups.values()], int)[stream]
        peak = np.array([workload.peak_factor for workload in inst.workloads.values()])
        return [Addends(m.flow, m.SERVING.tuples.positions(site, work, state), peak[work])]

    def able_to_make(s: str, k: str, o: str) -> Any:
        t = m.period_of[o]
        return sum(
            inst.tokens_per_unit(s, u, k, t) * reaching(m, s, u, k, o) for u in m.runs_at[s, k, o]
        )

    m.throughput_limit = WideConstraint(
        m.SERVING,
        left=made,
        sense="<=",
        right=able_to_make,
        doc="(T2) Σ_{j of k} peak_factor[k] · flow[j,s,o] "
        "≤ Σ_u tokens_per_unit[s,u,k,t(o)] · run[s,u,k,o], with cluster_run[s,u,k,o] in place of "
        "run where k forms clusters  [Mtok/s]",
    )

    @m.Constraint(
        m.CLUSTER_RUNS, doc="(T3) run[s,u,k,o] = Σ_{n,i} cluster_work[s,u,k,o,n,i]  [units]"
    )
    def cluster_work_balance(m, s, u, k, o):
        return m.run[s, u, k, o] == m.cluster_total[s, u, k, o]


def most_flow(m: pyo.ConcreteModel, inst: Instance) -> Floats:
    """The most that each flow can be [Mtok/s]."""
    stream, _, state = m.FLOWS.tuples.codes
    demands = m.DEMANDS.tuples
    served: Floats = np.array([most_served(inst, m.groups[j], o) for j, o in demands], float)
    mtok_s: Floats = served[demands.positions(stream, state)]
    return mtok_s
