"""Soft limits: what a plan may miss at a price; each family takes it into the row of its limit.

Adds   excess[l,a,t]           amount over limit l at a in t, or below a least amount   [its unit]
"""

from typing import Any

import pyomo.environ as pyo

from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add what may be missed to model m."""
    m.SOFT = pyo.Set(initialize=[key for key in inst.soft if inst.most_excess(*key) > 0], dimen=3)
    m.excess = pyo.Var(m.SOFT, bounds=lambda _, *key: (0, inst.most_excess(*key)))


def soft(m: pyo.ConcreteModel, limit: str, at: str, *periods: str) -> Any:
    """What is missed of a limit in some periods together; 0 where it is hard."""
    return sum(m.excess[limit, at, t] for t in periods if (limit, at, t) in m.SOFT)
