"""Contingencies: what is protected is served from the sites, and by the units, that are left.

A state of a contingency has work and flows of its own, which cost nothing: they show that the
fleet of its period can do what is asked for. Streams that may be served from the same sites are
one there, since no price tells them apart; states in which the same is lost are one.

Reads  online[s,u,t]                   units in service                              [units]
       order[s,u,t]                    units ordered                                 [units]
Adds   contingency_run[s,u,k,e]        units at work at the peak                     [units]
       contingency_flow[j,s,e]         mean tokens made                              [Mtok/s]
       contingency_rent[j,x,e]         mean tokens bought                            [Mtok/s]
       contingency_shortfall[j,e]      mean tokens missing, at a price               [Mtok/s]
       contingency_run_limit[s,u,e]    constraint (G1)                               [units]
       contingency_throughput_limit[s,k,e]  constraint (G2)                          [Mtok/s]
       contingency_demand_balance[j,e] constraint (G3)                               [Mtok/s]
"""

from collections import defaultdict
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.families.capacity import most_online
from models.instance import Instance
from models.resilience import offers_left
from models.wide import Addends, Floats, Tuples, TupleSet, WideConstraint, WideVar

_Names = tuple[str, ...]
_Alike = tuple[str, str, _Names, _Names, float | None, _Names, frozenset[str]]
"""State, workload, sites and offers that are left, price of what is missing, sites that need a
local control plane, and unit types that are barred."""


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the contingencies family to model m."""
    _add_sets(m, inst)
    t_of = {e: state.period for e, state in inst.contingency_states.items()}
    late = {
        (s, u, e): inst.late_orders.get((inst.contingency_states[e].contingency, s, u, t_of[e]), ())
        for s, u, e in m.CONTINGENCY_WORKING
    }

    stream, site, state = m.CONTINGENCY_FLOWS.tuples.codes

    def asked(j: str, e: str) -> float:
        return sum(inst.asked_mtok_s[member, e] for member in m.contingency_members[j, e])

    def most() -> Floats:
        demands = m.CONTINGENCY_DEMANDS.tuples
        every: Floats = np.array([asked(*one) for one in demands], float)
        mtok_s: Floats = every[demands.positions(stream, state)]
        return mtok_s

    def most_missing() -> Floats:
        priced = {j for j, one in inst.protected.items() if one.price_usd_per_mtok is not None}
        missing = (asked(j, e) if j in priced else 0.0 for j, e in m.CONTINGENCY_DEMANDS)
        return np.fromiter(missing, float, len(m.CONTINGENCY_DEMANDS))

    def served() -> list[Addends]:
        demands = m.CONTINGENCY_DEMANDS.tuples
        return [
            Addends(m.contingency_flow, demands.positions(stream, state)),
            Addends(m.contingency_shortfall, np.arange(len(demands))),
        ]

    def left_to_serve(j: str, e: str) -> Any:
        bought = sum(m.contingency_rent[j, x, e] for x in m.contingency_offers[j, e])
        return asked(j, e) - bought

    def made() -> list[Addends]:
        demands, serving = m.CONTINGENCY_DEMANDS.tuples, m.CONTINGENCY_SERVING.tuples
        names = list(inst.workloads)
        group_of = m.contingency_group
        kinds = [names.index(m.groups[group_of[one]].workload) for one in demands]
        work = np.array(kinds, int)[demands.positions(stream, state)]
        peak = np.array([workload.peak_factor for workload in inst.workloads.values()])
        return [Addends(m.contingency_flow, serving.positions(site, work, state), peak[work])]

    def able_to_make(s: str, k: str, e: str) -> Any:
        return sum(
            inst.tokens_per_unit(s, u, k, t_of[e]) * m.contingency_run[s, u, k, e]
            for u in m.contingency_types[s, k, e]
        )

    m.contingency_run = pyo.Var(
        m.CONTINGENCY_RUNS,
        bounds=lambda _, s, u, k, e: (
            0,
            inst.unit_types[u].availability * most_online(inst, s, u, t_of[e]),
        ),
    )
    m.contingency_flow = WideVar(m.CONTINGENCY_FLOWS, upper=most)
    m.contingency_rent = pyo.Var(m.CONTINGENCY_RENTS, bounds=lambda _, j, x, e: (0, asked(j, e)))
    m.contingency_shortfall = WideVar(m.CONTINGENCY_DEMANDS, upper=most_missing)

    @m.Constraint(
        m.CONTINGENCY_WORKING,
        doc="(G1) Σ_k contingency_run[s,u,k,e] ≤ availability[u] · "
        "(online[s,u,t(e)] − Σ order[s,u,τ] that are late in e)  [units]",
    )
    def contingency_run_limit(m, s, u, e):
        at_work = sum(m.contingency_run[s, u, k, e] for k in m.contingency_workloads[s, u, e])
        there = m.online[s, u, t_of[e]] - sum(m.order[s, u, τ] for τ in late[s, u, e])
        return at_work <= inst.unit_types[u].availability * there

    m.contingency_throughput_limit = WideConstraint(
        m.CONTINGENCY_SERVING,
        left=made,
        sense="<=",
        right=able_to_make,
        doc="(G2) Σ_{j of k} peak_factor[k] · contingency_flow[j,s,e] "
        "≤ Σ_u tokens_per_unit[s,u,k,t(e)] · contingency_run[s,u,k,e]  [Mtok/s]",
    )
    m.contingency_demand_balance = WideConstraint(
        m.CONTINGENCY_DEMANDS,
        left=served,
        sense="==",
        right=left_to_serve,
        doc="(G3) Σ_s contingency_flow[j,s,e] + Σ_x contingency_rent[j,x,e] "
        "+ contingency_shortfall[j,e] = asked[j,e]  [Mtok/s]",
    )


def _add_sets(m: pyo.ConcreteModel, inst: Instance) -> None:
    """CONTINGENCY_DEMANDS, _FLOWS and _RUNS, and their neighbours by stream and by site."""
    group_of = {member: j for j, group in m.groups.items() for member in group.members}
    pooled: dict[_Alike, list[str]] = defaultdict(list)
    spot = set(offers_left(inst))
    for j, e in inst.asked_mtok_s:
        if inst.twins[e] == e:
            loss = inst.losses[inst.contingency_states[e].contingency]
            group, o = m.groups[group_of[j]], inst.normal_state[e]
            sites = tuple(s for s in m.sites_of.get((group_of[j], o), ()) if s not in loss.sites)
            offers = tuple(x for x in group.offers if (x, e) in spot)
            raised = tuple(s for s in group.raised if s in sites)
            price = inst.protected[j].price_usd_per_mtok
            pooled[e, group.workload, sites, offers, price, raised, group.barred].append(j)
    m.contingency_members, m.contingency_sites = {}, {}
    m.contingency_streams, m.contingency_types = defaultdict(list), {}
    m.contingency_group, m.contingency_offers = {}, {}
    for (e, k, sites, offers, *_), members in pooled.items():
        m.contingency_group[members[0], e] = group_of[members[0]]
        m.contingency_offers[members[0], e] = offers
        m.contingency_members[members[0], e] = tuple(members)
        m.contingency_sites[members[0], e] = sites
        for s in sites:
            m.contingency_streams[s, k, e].append(members[0])
            m.contingency_types[s, k, e] = tuple(m.runs_at[s, k, inst.normal_state[e]])
    m.contingency_workloads = defaultdict(list)
    for (s, k, e), types in m.contingency_types.items():
        for u in types:
            m.contingency_workloads[s, u, e].append(k)
    names = list(inst.streams), list(inst.contingency_states)
    m.CONTINGENCY_DEMANDS = TupleSet(Tuples.of(m.contingency_members, names))
    m.CONTINGENCY_FLOWS = TupleSet(Tuples.routes(m.contingency_sites, list(inst.sites), names))
    m.CONTINGENCY_RENTS = pyo.Set(
        initialize=[(j, x, e) for (j, e), offers in m.contingency_offers.items() for x in offers],
        dimen=3,
    )
    m.CONTINGENCY_SERVING = TupleSet(
        Tuples.of(m.contingency_types, (list(inst.sites), list(inst.workloads), names[1]))
    )
    m.CONTINGENCY_RUNS = pyo.Set(
        initialize=[
            (s, u, k, e) for (s, k, e), types in m.contingency_types.items() for u in types
        ],
        dimen=4,
    )
    m.CONTINGENCY_WORKING = pyo.Set(initialize=list(m.contingency_workloads), dimen=3)
