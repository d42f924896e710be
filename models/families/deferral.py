"""Deferral: work that can wait is served in another slice of the period, and none of it is lost.

Adds   moved[j,o]              demand moved into o from other slices     [Mtok/s]
       deferral_balance[j,t]   constraint (D2)                           [Mtok/s]
"""

import pyomo.environ as pyo

from models.instance import Instance
from models.slices import deferrable, most_left, most_taken


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the deferral family to model m."""
    states_in: dict[str, list[str]] = {}
    for o, t in m.period_of.items():
        states_in.setdefault(t, []).append(o)
    m.WAITING = pyo.Set(
        initialize=[(j, o) for j, o in m.DEMANDS if deferrable(inst, m.groups[j].workload)],
        dimen=2,
    )
    m.moved = pyo.Var(
        m.WAITING,
        bounds=lambda _, j, o: (
            -most_left(inst, m.groups[j], o),
            most_taken(inst, m.groups[j], o),
        ),
    )
    m.DEFERRALS = pyo.Set(
        initialize=list(dict.fromkeys((j, m.period_of[o]) for j, o in m.WAITING)), dimen=2
    )

    @m.Constraint(m.DEFERRALS, doc="(D2) Σ_{o: t(o) = t} share[o] · moved[j,o] = 0  [Mtok/s]")
    def deferral_balance(m, j, t):
        return sum(inst.states[o].share * m.moved[j, o] for o in states_in[t]) == 0
