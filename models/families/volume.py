"""Volume tiers: units ordered beyond a number cost less.

Reads  order[s,u,t]            units ordered                             [units]
Adds   reach[u,n,t]            binary        tier n is reached in t
       beyond[u,n,t]           units ordered beyond tier n up to t       [units]
       beyond_limit[u,n,t]     constraint (V1)                           [units]
       beyond_link[u,n,t]      constraint (V2)                           [units]
       reach_limit[u,n]        constraint (V3)
       beyond_minimum[u,n,t]   constraint (V4)                           [units]
"""

from typing import Any

import pyomo.environ as pyo

from models.instance import Instance
from models.volume import most_beyond, savings


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the volume tiers to model m."""
    periods = list(m.PERIODS)
    until = {t: periods[: i + 1] for i, t in enumerate(periods)}
    saved = savings(inst)
    most = {
        (u, n, t): most_beyond(inst, u, before, t)
        for (u, n), (before, _) in saved.items()
        for t in m.PERIODS
    }
    m.TIER_PERIODS = pyo.Set(initialize=[unt for unt in most if most[unt]], dimen=3)
    m.reach = pyo.Var(m.TIER_PERIODS, domain=pyo.Integers, bounds=(0, 1))
    m.beyond = pyo.Var(m.TIER_PERIODS, bounds=lambda _, *unt: (0, most[unt]))
    m.TIERS = pyo.Set(initialize=list(dict.fromkeys((u, n) for u, n, _ in m.TIER_PERIODS)), dimen=2)

    def reached(m: pyo.ConcreteModel, u: str, n: str, t: str) -> Any:
        return sum(m.reach[u, n, τ] for τ in until[t] if (u, n, τ) in m.TIER_PERIODS)

    def ordered(m: pyo.ConcreteModel, u: str, t: str) -> Any:
        return sum(m.order[s, u, τ] for s, v, τ in m.ORDERS if v == u and τ in until[t])

    @m.Constraint(
        m.TIER_PERIODS,
        doc="(V1) beyond[u,n,t] ≤ Σ_s Σ_{τ≤t} order[s,u,τ] − from_units[n] · Σ_{τ≤t} reach[u,n,τ]"
        "  [units]",
    )
    def beyond_limit(m, u, n, t):
        return m.beyond[u, n, t] <= ordered(m, u, t) - saved[u, n][0] * reached(m, u, n, t)

    @m.Constraint(
        m.TIER_PERIODS,
        doc="(V2) beyond[u,n,t] ≤ most_beyond[u,n,t] · Σ_{τ≤t} reach[u,n,τ]  [units]",
    )
    def beyond_link(m, u, n, t):
        return m.beyond[u, n, t] <= most[u, n, t] * reached(m, u, n, t)

    @m.Constraint(m.TIERS, doc="(V3) Σ_t reach[u,n,t] ≤ 1")
    def reach_limit(m, u, n):
        return reached(m, u, n, periods[-1]) <= 1

    @m.Constraint(
        m.TIER_PERIODS,
        doc="(V4) beyond[u,n,t] ≥ Σ_s Σ_{τ≤t} order[s,u,τ] − from_units[n]  [units]",
    )
    def beyond_minimum(m, u, n, t):
        return m.beyond[u, n, t] >= ordered(m, u, t) - saved[u, n][0]
