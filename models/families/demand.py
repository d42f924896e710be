"""Demand: what is asked for is served from lawful sites, or falls short at a price.

Reads  flow[j,s,o]             mean tokens made                          [Mtok/s]
       moved[j,o]              demand moved into o from other slices     [Mtok/s]
       rent[j,x,o]             mean tokens bought                        [Mtok/s]
Adds   shortfall[j,o]          mean tokens not served                    [Mtok/s]
       demand_balance[j,o]     constraint (D1)                           [Mtok/s]
"""

from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.instance import Instance
from models.objectives import may_fall_short
from models.wide import Addends, Floats, WideConstraint, WideVar


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the demand family to model m."""

    def served() -> list[Addends]:
        demands = m.DEMANDS.tuples
        j, _, o = m.FLOWS.tuples.codes
        return [
            Addends(m.flow, demands.positions(j, o)),
            Addends(m.shortfall, np.arange(len(demands))),
        ]

    def asked(j: str, o: str) -> Any:
        bought = sum(m.rent[j, x, o] for x in m.rents_of.get((j, o), ()))
        moved = m.moved[j, o] if (j, o) in m.WAITING else 0
        return m.groups[j].demand_mtok_s[o] + moved - bought

    m.shortfall = WideVar(m.DEMANDS, upper=lambda: most_shortfall(m, inst))
    m.demand_balance = WideConstraint(
        m.DEMANDS,
        left=served,
        sense="==",
        right=asked,
        doc="(D1) Σ_s flow[j,s,o] + Σ_x rent[j,x,o] + shortfall[j,o] "
        "= demand[j,o] + moved[j,o]  [Mtok/s]",
    )


def most_shortfall(m: pyo.ConcreteModel, inst: Instance) -> Floats:
    """The most that can be missing of each demand [Mtok/s]."""
    optional = {j: may_fall_short(inst, group.workload) for j, group in m.groups.items()}
    missing = (m.groups[j].demand_mtok_s[o] if optional[j] else 0.0 for j, o in m.DEMANDS)
    return np.fromiter(missing, float, len(m.DEMANDS))
