"""Limits in contingencies: offers, local control planes and origins, as in normal states.

Reads  contingency_flow[j,s,e]         mean tokens made                              [Mtok/s]
       contingency_rent[j,x,e]         mean tokens bought                            [Mtok/s]
       contingency_run[s,u,k,e]        units at work at the peak                     [units]
       raise_level[s,t]                a local control plane is set up, decided in t
Adds   contingency_rental_limit[x,e]   constraint (N4)                               [Mtok/s]
       contingency_steering_link[j,s,e]  constraint (N5)                             [Mtok/s]
       contingency_origin_limit[s,k,e,v]  constraint (N6)                            [Mtok/s]
"""

from collections import defaultdict

import pyomo.environ as pyo

from models.families.origin import Types, unions
from models.instance import Instance
from models.rentals import rentable_mtok_s


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add what else holds in contingencies to model m."""
    t_of = {e: state.period for e, state in inst.contingency_states.items()}
    groups = {je: m.groups[j] for je, j in m.contingency_group.items()}
    buyers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for j, x, e in m.CONTINGENCY_RENTS:
        buyers[x, e].append(j)
    m.CONTINGENCY_OFFERS = pyo.Set(initialize=list(buyers), dimen=2)

    @m.Constraint(
        m.CONTINGENCY_OFFERS,
        doc="(N4) Σ_j peak_factor[k(j)] · contingency_rent[j,x,e] ≤ most_mtok_s[x,t(e)]  [Mtok/s]",
    )
    def contingency_rental_limit(m, x, e):
        peak = {j: inst.workloads[groups[j, e].workload].peak_factor for j in buyers[x, e]}
        bought = sum(peak[j] * m.contingency_rent[j, x, e] for j in buyers[x, e])
        return bought <= rentable_mtok_s(inst, x, t_of[e])

    m.CONTINGENCY_STEERED = pyo.Set(
        initialize=[(j, s, e) for j, s, e in m.CONTINGENCY_FLOWS if s in groups[j, e].raised],
        dimen=3,
    )

    @m.Constraint(
        m.CONTINGENCY_STEERED,
        doc="(N5) contingency_flow[j,s,e] ≤ asked[j,e] · Σ raise_level[s,τ] in use in t(e)  "
        "[Mtok/s]",
    )
    def contingency_steering_link(m, j, s, e):
        used = inst.control_plane_use
        raised = (τ for r, τ in m.RAISES if r == s and t_of[e] in used[s, τ])
        asked = sum(inst.asked_mtok_s[member, e] for member in m.contingency_members[j, e])
        return m.contingency_flow[j, s, e] <= asked * sum(m.raise_level[s, τ] for τ in raised)

    allowed = {
        (j, s, k, e): frozenset(m.contingency_types[s, k, e]) - groups[j, e].barred
        for (s, k, e), streams in m.contingency_streams.items()
        if any(groups[j, e].barred for j in streams)
        for j in streams
    }
    kinds: dict[tuple[str, str, str], set[Types]] = {}
    for (_, s, k, e), types in allowed.items():
        kinds.setdefault((s, k, e), set()).add(types)
    m.CONTINGENCY_ORIGINS = pyo.Set(
        initialize=[
            (s, k, e, "+".join(sorted(types)))
            for (s, k, e), sets in kinds.items()
            for types in unions(sets)
            if types != frozenset(m.contingency_types[s, k, e])
        ],
        dimen=4,
    )

    @m.Constraint(
        m.CONTINGENCY_ORIGINS,
        doc="(N6) Σ_{j of k that may work on v alone} peak_factor[k] · contingency_flow[j,s,e] "
        "≤ Σ_{u∈v} tokens_per_unit[s,u,k,t(e)] · contingency_run[s,u,k,e]  [Mtok/s]",
    )
    def contingency_origin_limit(m, s, k, e, v):
        types, peak = v.split("+"), inst.workloads[k].peak_factor
        bound = [j for j in m.contingency_streams[s, k, e] if allowed[j, s, k, e].issubset(types)]
        able = sum(
            inst.tokens_per_unit(s, u, k, t_of[e]) * m.contingency_run[s, u, k, e] for u in types
        )
        return sum(peak * m.contingency_flow[j, s, e] for j in bound) <= able
