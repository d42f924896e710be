"""Sufficiency: a territory serves a share of its own demand, and hosts so much power.

Reads  flow[j,s,o]             mean tokens made                          [Mtok/s]
       rent[j,x,o]             mean tokens bought                        [Mtok/s]
       online[s,u,t]           units in service                          [units]
       excess[l,a,t]           what is missed of a soft limit
Adds   within[f,t]             demand of the territory served in it      [Mtok/s]
       hosted_mw[f,t]          units in service in the territory         [IT MW]
       within_balance[f,t]     constraint (F1)                           [Mtok/s]
       hosted_balance[f,t]     constraint (F2)                           [IT MW]
       within_minimum[f,t]     constraint (F1), where the floor is soft  [Mtok/s]
       hosted_minimum[f,t]     constraint (F2), where the floor is soft  [IT MW]
"""

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.families.soft import soft
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
        bounds=lambda _, f, t: (
            max(0.0, served_floor(inst, f, t) - inst.most_excess("sufficiency_share", f, t)),
            demand_of(inst, f, t),
        ),
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
            max(0.0, hosted_floor(inst, f, t) - inst.most_excess("sufficiency_mw", f, t)),
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

    _add_soft(m, inst)


def _add_soft(m: pyo.ConcreteModel, inst: Instance) -> None:
    """A least that may be missed is a row, because the variable's bound is hard."""
    m.SOFT_SERVING = pyo.Set(
        initialize=[ft for ft in m.SERVING_FLOORS if ("sufficiency_share", *ft) in m.SOFT], dimen=2
    )
    m.SOFT_HOSTING = pyo.Set(
        initialize=[ft for ft in m.HOSTING_FLOORS if ("sufficiency_mw", *ft) in m.SOFT], dimen=2
    )

    @m.Constraint(
        m.SOFT_SERVING,
        doc="(F1) within[f,t] + excess[sufficiency_share,f,t] "
        "≥ serve_share[f,t] · Σ_{o of t} share[o] · Σ_{j∈f} demand[j,o]  [Mtok/s]",
    )
    def within_minimum(m, f, t):
        return m.within[f, t] + soft(m, "sufficiency_share", f, t) >= served_floor(inst, f, t)

    @m.Constraint(
        m.SOFT_HOSTING,
        doc="(F2) hosted_mw[f,t] + excess[sufficiency_mw,f,t] ≥ host_it_mw[f,t]  [IT MW]",
    )
    def hosted_minimum(m, f, t):
        return m.hosted_mw[f, t] + soft(m, "sufficiency_mw", f, t) >= hosted_floor(inst, f, t)
