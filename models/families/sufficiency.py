"""Sufficiency: a territory serves a share of its own demand, and hosts so much power.

Reads  flow[j,s,o]             mean tokens made                          [Mtok/s]
       rent[j,x,o]             mean tokens bought                        [Mtok/s]
       online[s,u,t]           units in service                          [units]
Adds   within[f,t]             demand of the territory served in it      [Mtok/s]
       hosted_mw[f,t]          units in service in the territory         [IT MW]
       within_balance[f,t]     constraint (F1)                           [Mtok/s]
       hosted_balance[f,t]     constraint (F2)                           [IT MW]
"""

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.instance import Instance
from models.sovereignty import demand_of, hosted_floor, offers_within, served_floor, territory


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the sufficiency family to model m."""
    inside = {f: territory(inst, f) for f in inst.sufficiency}
    offered = {f: offers_within(inst, f) for f in inst.sufficiency}

    def most_hosted(f: str, t: str) -> float:
        return sum(
            inst.unit_types[u].it_mw * most_online(inst, s, u, t)
            for s in inside[f]
            for u in m.types_at[s]
        )

    m.SERVING_FLOORS = pyo.Set(
        initialize=[(f, t) for f in inside for t in m.PERIODS if served_floor(inst, f, t)], dimen=2
    )
    m.within = pyo.Var(
        m.SERVING_FLOORS,
        bounds=lambda _, f, t: (served_floor(inst, f, t), demand_of(inst, f, t)),
    )

    @m.Constraint(
        m.SERVING_FLOORS,
        doc="(F1) within[f,t] = Σ_{o of t} share[o] · Σ_{j∈f} ( Σ_{s∈f} flow[j,s,o] "
        "+ Σ_{x∈f} rent[j,x,o] ), with "
        "serve_share[f,t] · Σ_{o of t} share[o] · Σ_{j∈f} demand[j,o] ≤ within[f,t]  [Mtok/s]",
    )
    def within_balance(m, f, t):
        own = [j for j in m.STREAMS if f in m.groups[j].floors]
        served = sum(
            inst.states[o].share * m.flow[j, s, o]
            for o in m.states_of[t]
            for j in own
            for s in m.sites_of.get((j, o), ())
            if s in inside[f]
        ) + sum(
            inst.states[o].share * m.rent[j, x, o]
            for o in m.states_of[t]
            for j in own
            for x in m.rents_of.get((j, o), ())
            if x in offered[f]
        )
        return m.within[f, t] == served

    m.HOSTING_FLOORS = pyo.Set(
        initialize=[(f, t) for f in inside for t in m.PERIODS if hosted_floor(inst, f, t)], dimen=2
    )
    m.hosted_mw = pyo.Var(
        m.HOSTING_FLOORS,
        bounds=lambda _, f, t: (
            hosted_floor(inst, f, t),
            max(hosted_floor(inst, f, t), most_hosted(f, t)),
        ),
    )

    @m.Constraint(
        m.HOSTING_FLOORS,
        doc="(F2) hosted_mw[f,t] = Σ_{s∈f} Σ_u it_mw[u] · online[s,u,t], with "
        "host_it_mw[f,t] ≤ hosted_mw[f,t]  [IT MW]",
    )
    def hosted_balance(m, f, t):
        return m.hosted_mw[f, t] == sum(m.site_it_mw[s, t] for s in inside[f])
