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
       contingency_run_limit[s,u,e]    constraint (N1)                               [units]
       contingency_throughput_limit[s,k,e]  constraint (N2)                          [Mtok/s]
       contingency_demand_balance[j,e] constraint (N3)                               [Mtok/s]
"""

from collections import defaultdict

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.instance import Instance
from models.resilience import offers_left

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

    def asked(j: str, e: str) -> float:
        return sum(inst.asked_mtok_s[member, e] for member in m.contingency_members[j, e])

    def most_missing(_: pyo.ConcreteModel, j: str, e: str) -> tuple[float, float]:
        priced = inst.protected[j].price_usd_per_mtok is not None
        return 0, asked(j, e) if priced else 0.0

    m.contingency_run = pyo.Var(
        m.CONTINGENCY_RUNS,
        bounds=lambda _, s, u, k, e: (
            0,
            inst.unit_types[u].availability * most_online(inst, s, u, t_of[e]),
        ),
    )
    m.contingency_flow = pyo.Var(m.CONTINGENCY_FLOWS, bounds=lambda _, j, s, e: (0, asked(j, e)))
    m.contingency_rent = pyo.Var(m.CONTINGENCY_RENTS, bounds=lambda _, j, x, e: (0, asked(j, e)))
    m.contingency_shortfall = pyo.Var(m.CONTINGENCY_DEMANDS, bounds=most_missing)

    @m.Constraint(
        m.CONTINGENCY_WORKING,
        doc="(N1) Σ_k contingency_run[s,u,k,e] ≤ availability[u] · "
        "(online[s,u,t(e)] − Σ order[s,u,τ] that are late in e)  [units]",
    )
    def contingency_run_limit(m, s, u, e):
        at_work = sum(m.contingency_run[s, u, k, e] for k in m.contingency_workloads[s, u, e])
        there = m.online[s, u, t_of[e]] - sum(m.order[s, u, τ] for τ in late[s, u, e])
        return at_work <= inst.unit_types[u].availability * there

    @m.Constraint(
        m.CONTINGENCY_SERVING,
        doc="(N2) Σ_{j of k} peak_factor[k] · contingency_flow[j,s,e] "
        "≤ Σ_u tokens_per_unit[s,u,k,t(e)] · contingency_run[s,u,k,e]  [Mtok/s]",
    )
    def contingency_throughput_limit(m, s, k, e):
        peak = inst.workloads[k].peak_factor
        made = sum(peak * m.contingency_flow[j, s, e] for j in m.contingency_streams[s, k, e])
        return made <= sum(
            inst.tokens_per_unit(s, u, k, t_of[e]) * m.contingency_run[s, u, k, e]
            for u in m.contingency_types[s, k, e]
        )

    @m.Constraint(
        m.CONTINGENCY_DEMANDS,
        doc="(N3) Σ_s contingency_flow[j,s,e] + Σ_x contingency_rent[j,x,e] "
        "+ contingency_shortfall[j,e] = asked[j,e]  [Mtok/s]",
    )
    def contingency_demand_balance(m, j, e):
        served = sum(m.contingency_flow[j, s, e] for s in m.contingency_sites[j, e])
        bought = sum(m.contingency_rent[j, x, e] for x in m.contingency_offers[j, e])
        return served + bought + m.contingency_shortfall[j, e] == asked(j, e)


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
    m.CONTINGENCY_DEMANDS = pyo.Set(initialize=list(m.contingency_members), dimen=2)
    m.CONTINGENCY_FLOWS = pyo.Set(
        initialize=[(j, s, e) for (j, e), sites in m.contingency_sites.items() for s in sites],
        dimen=3,
    )
    m.CONTINGENCY_RENTS = pyo.Set(
        initialize=[(j, x, e) for (j, e), offers in m.contingency_offers.items() for x in offers],
        dimen=3,
    )
    m.CONTINGENCY_SERVING = pyo.Set(initialize=list(m.contingency_types), dimen=3)
    m.CONTINGENCY_RUNS = pyo.Set(
        initialize=[
            (s, u, k, e) for (s, k, e), types in m.contingency_types.items() for u in types
        ],
        dimen=4,
    )
    m.CONTINGENCY_WORKING = pyo.Set(initialize=list(m.contingency_workloads), dimen=3)
