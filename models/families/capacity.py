"""Capacity: units in service follow from orders, lead times, lives and the initial fleet.

Reads  order[s,u,t]              units ordered                         [units]
       retire[s,u,t]             units that leave early                [units]
       retired[s,u,c]            units of a cohort that leave early    [units]
Adds   online[s,u,t]             units in service                      [units]
       online_balance[s,u,t]     constraint (C1)                       [units]
"""

import pyomo.environ as pyo

from models.instance import Instance


def most_online(inst: Instance, s: str, u: str, t: str, saved: float | None = None) -> float:
    """Most units of a type in service that the connection carries in a period [units].

    `saved` is the part of their power that a network option saves; None: the most there can be.
    """
    most_mw = inst.most_load_mw(s, t) if saved is None else inst.most_grid_mw(s, t) / (1 - saved)
    return max(most_mw / inst.meter_mw(s, u), inst.initial_online.get((s, u, t), 0))


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the capacity family to model m."""
    m.online = pyo.Var(
        m.FLEET, m.PERIODS, bounds=lambda _, s, u, t: (0, most_online(inst, s, u, t))
    )

    @m.Constraint(
        m.FLEET,
        m.PERIODS,
        doc="(C1) online[s,u,t] = online[s,u,t−1] + Σ order that enter service in t "
        "− Σ order whose last period is t−1 + initial[s,u,t] − initial[s,u,t−1] "
        "− retire[s,u,t] + Σ_c retired[s,u,c] whose last period is t−1  [units]",
    )
    def online_balance(m, s, u, t):
        before = m.before.get(t)
        entering = sum(m.order[s, u, τ] for τ in m.entering.get((s, u, t), ()))
        leaving = sum(m.order[s, u, τ] for τ in m.leaving.get((s, u, t), ()))
        initial = inst.initial_online.get((s, u, t), 0)
        initial_before = inst.initial_online.get((s, u, before or ""), 0)
        standing = m.online[s, u, before] if before else 0
        early = m.retire[s, u, t] if (s, u, t) in m.RETIREMENTS else 0
        gone = sum(m.retired[s, u, c] for c in m.outlived.get((s, u, t), ()))
        natural = leaving + initial_before - gone
        return m.online[s, u, t] == standing + entering + initial - natural - early
