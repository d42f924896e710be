"""Clusters: work that needs a block of units at one site, and the utilisation of its size.

Reads  online[s,u,t]                    units in service                          [units]
       network_works[s,n,t]             1 if option n works at s in t
Adds   cluster[s,u,k,t,n,i]             binary        a cluster on network n stands in step i
       cluster_work[s,u,k,o,n,i]        units at work in step i                   [units]
       cluster_total[s,u,k,o]           expression, units at work                 [units]
       cluster_run[s,u,k,o]             expression, units at work · utilisation   [units]
       cluster_step_limit[s,u,k,t]      constraint (Z1)
       cluster_network_link[s,u,k,t,n]  constraint (Z2)
       cluster_link[s,u,k,t]            constraint (Z3)                           [units]
       cluster_work_link[s,u,k,o,n,i]   constraint (Z4)                           [units]
"""

from collections.abc import Mapping
from typing import Any

import pyomo.environ as pyo

from models.clusters import OWN, Step, clustered, network_steps, networks
from models.families.capacity import most_online
from models.instance import Instance

Steps = Mapping[tuple[str, str], tuple[Step, ...]]
Networks = Mapping[tuple[str, str], tuple[str, ...]]


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the clusters family to model m."""
    forming = [k for k in m.WORKLOADS if clustered(inst, k)]
    m.CLUSTERED = pyo.Set(initialize=forming)
    steps = {(k, n): network_steps(inst, k, n) for k in forming for n in (OWN, *_options(inst))}
    m.CLUSTER_RUNS = pyo.Set(
        initialize=[run for run in m.RUNS if run[2] in forming] if forming else [], dimen=4
    )
    places = dict.fromkeys((s, u, k, m.period_of[o]) for s, u, k, o in m.CLUSTER_RUNS)
    on = {(s, t): networks(inst, s, t) for s, _, _, t in places}
    m.CLUSTER_PLACES = pyo.Set(initialize=list(places), dimen=4)
    m.CLUSTERS = pyo.Set(
        initialize=[
            (s, u, k, t, n, step.from_units)
            for s, u, k, t in places
            for n in on[s, t]
            for step in steps[k, n]
        ],
        dimen=6,
    )
    m.cluster = pyo.Var(m.CLUSTERS, domain=pyo.Integers, bounds=(0, 1))

    def standing(m: pyo.ConcreteModel, s: str, u: str, k: str, t: str, n: str) -> Any:
        return sum(m.cluster[s, u, k, t, n, step.from_units] for step in steps[k, n])

    @m.Constraint(
        m.CLUSTER_PLACES,
        doc="(Z1) Σ_i cluster[s,u,k,t,own,i] + Σ_n network_works[s,n,t] ≤ 1, with the options n "
        "that have steps",
    )
    def cluster_step_limit(m, s, u, k, t):
        works = sum(m.network_works[s, n, t] for n in on[s, t] if n != OWN)
        return standing(m, s, u, k, t, OWN) + works <= 1

    m.CLUSTER_NETWORKS = pyo.Set(
        initialize=[(s, u, k, t, n) for s, u, k, t in places for n in on[s, t] if n != OWN],
        dimen=5,
    )

    @m.Constraint(m.CLUSTER_NETWORKS, doc="(Z2) Σ_i cluster[s,u,k,t,n,i] ≤ network_works[s,n,t]")
    def cluster_network_link(m, s, u, k, t, n):
        return standing(m, s, u, k, t, n) <= m.network_works[s, n, t]

    m.BLOCKS = pyo.Set(
        initialize=[place for place in places if inst.workloads[place[2]].cluster.min_units],
        dimen=4,
    )

    @m.Constraint(
        m.BLOCKS,
        doc="(Z3) min_units[k] · Σ_{n,i} cluster[s,u,k,t,n,i] ≤ online[s,u,t]  [units]",
    )
    def cluster_link(m, s, u, k, t):
        least = inst.workloads[k].cluster.min_units
        return least * sum(standing(m, s, u, k, t, n) for n in on[s, t]) <= m.online[s, u, t]

    _add_work(m, inst, steps, on)


def reaching(m: pyo.ConcreteModel, s: str, u: str, k: str, o: str) -> Any:
    """Units at work, times their utilisation where the workload forms clusters [units]."""
    return m.cluster_run[s, u, k, o] if k in m.CLUSTERED else m.run[s, u, k, o]


def _options(inst: Instance) -> list[str]:
    return [n for n, option in inst.network_options.items() if option.utilisation]


def _add_work(m: pyo.ConcreteModel, inst: Instance, steps: Steps, on: Networks) -> None:
    by_name = {(k, n, step.from_units): step for (k, n), found in steps.items() for step in found}
    m.CLUSTER_WORK = pyo.Set(
        initialize=[
            (s, u, k, o, n, step.from_units)
            for s, u, k, o in m.CLUSTER_RUNS
            for n in on[s, m.period_of[o]]
            for step in steps[k, n]
        ],
        dimen=6,
    )

    def most(s: str, u: str, k: str, o: str, n: str, i: int) -> float:
        saved = inst.network_options[n].power_saved_share if n != OWN else None
        able = inst.unit_types[u].availability * most_online(inst, s, u, m.period_of[o], saved)
        return min(by_name[k, n, i].most_units, able)

    m.cluster_work = pyo.Var(m.CLUSTER_WORK, bounds=lambda _, *index: (0, most(*index)))

    @m.Constraint(
        m.CLUSTER_WORK,
        doc="(Z4) cluster_work[s,u,k,o,n,i] ≤ most_work[s,u,k,o,n,i] · cluster[s,u,k,t(o),n,i]  "
        "[units]",
    )
    def cluster_work_link(m, s, u, k, o, n, i):
        most_work = most(s, u, k, o, n, i)
        t = m.period_of[o]
        return m.cluster_work[s, u, k, o, n, i] <= most_work * m.cluster[s, u, k, t, n, i]

    @m.Expression(m.CLUSTER_RUNS, doc="Σ_{n,i} cluster_work[s,u,k,o,n,i]  [units]")
    def cluster_total(m, s, u, k, o):
        return sum(
            m.cluster_work[s, u, k, o, n, step.from_units]
            for n in on[s, m.period_of[o]]
            for step in steps[k, n]
        )

    @m.Expression(
        m.CLUSTER_RUNS, doc="Σ_{n,i} utilisation[k,n,i] · cluster_work[s,u,k,o,n,i]  [units]"
    )
    def cluster_run(m, s, u, k, o):
        return sum(
            step.utilisation * m.cluster_work[s, u, k, o, n, step.from_units]
            for n in on[s, m.period_of[o]]
            for step in steps[k, n]
        )
