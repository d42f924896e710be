"""Local control planes: a site may raise its level, and so become lawful for more streams.

Reads  is_open[s,t]            s is open in t
       flow[j,s,o]             mean tokens made                          [Mtok/s]
Adds   raise_level[s,t]        binary        a local control plane is set up, decided in t
       raise_link[s,t]         constraint (J1)
       steering_link[j,s,o]    constraint (J2)                           [Mtok/s]
"""

import pyomo.environ as pyo

from models.instance import Instance
from models.slices import most_served


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the local control planes to model m."""
    m.RAISES = pyo.Set(initialize=list(inst.control_plane_use), dimen=2)
    m.raise_level = pyo.Var(m.RAISES, domain=pyo.Integers, bounds=(0, 1))

    @m.Constraint(m.RAISES, doc="(J1) Σ_{τ≤t} raise_level[s,τ] ≤ is_open[s,t]")
    def raise_link(m, s, t):
        until = list(m.PERIODS)[: list(m.PERIODS).index(t) + 1]
        return sum(m.raise_level[s, τ] for τ in until if (s, τ) in m.RAISES) <= m.is_open[s, t]

    m.STEERED = pyo.Set(
        initialize=[
            (j, s, o)
            for (j, o), sites in m.sites_of.items()
            if m.groups[j].raised
            for s in sites
            if s in m.groups[j].raised
        ],
        dimen=3,
    )

    @m.Constraint(
        m.STEERED,
        doc="(J2) flow[j,s,o] ≤ most_served[j,o] · Σ raise_level[s,τ] in use in t(o)  [Mtok/s]",
    )
    def steering_link(m, j, s, o):
        used = inst.control_plane_use
        raised = (τ for r, τ in m.RAISES if r == s and m.period_of[o] in used[s, τ])
        most = most_served(inst, m.groups[j], o)
        return m.flow[j, s, o] <= most * sum(m.raise_level[s, τ] for τ in raised)
