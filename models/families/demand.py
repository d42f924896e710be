"""Demand: what is asked for is served from lawful sites, or falls short at a price.

Reads  flow[j,s,o]             mean tokens made                          [Mtok/s]
       moved[j,o]              demand moved into o from other slices     [Mtok/s]
       rent[j,x,o]             mean tokens bought                        [Mtok/s]
Adds   shortfall[j,o]          mean tokens not served                    [Mtok/s]
       demand_balance[j,o]     constraint (D1)                           [Mtok/s]
"""

import pyomo.environ as pyo

from models.instance import Instance
from models.objectives import may_fall_short


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the demand family to model m."""

    def most(_: pyo.ConcreteModel, j: str, o: str) -> tuple[float, float]:
        optional = may_fall_short(inst, m.groups[j].workload)
        return 0, m.groups[j].demand_mtok_s[o] if optional else 0.0

    m.shortfall = pyo.Var(m.DEMANDS, bounds=most)

    @m.Constraint(
        m.DEMANDS,
        doc="(D1) Σ_s flow[j,s,o] + Σ_x rent[j,x,o] + shortfall[j,o] "
        "= demand[j,o] + moved[j,o]  [Mtok/s]",
    )
    def demand_balance(m, j, o):
        served = sum(m.flow[j, s, o] for s in m.sites_of.get((j, o), ()))
        bought = sum(m.rent[j, x, o] for x in m.rents_of.get((j, o), ()))
        moved = m.moved[j, o] if (j, o) in m.WAITING else 0
        return served + bought + m.shortfall[j, o] - moved == m.groups[j].demand_mtok_s[o]
