"""Supply: quotas on what suppliers deliver, and how fast a site installs.

Reads  order[s,u,t]            units ordered                             [units]
       excess[l,a,t]           what is missed of a soft limit
Adds   quota_limit[q,t]        constraint (Q1)                           [units or accelerators]
       install_limit[s,t]      constraint (Q2)                           [IT MW]
"""

import pyomo.environ as pyo

from models.families.soft import soft
from models.fleet import quota_allowance
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the supply family to model m."""
    periods = list(inst.periods)
    counted: dict[tuple[str, str], list[tuple[float, str, str]]] = {}
    for q, quota in inst.quotas.items():
        for s, u, t in m.ORDERS:
            operators = quota.operators or (inst.sites[s].operator,)
            if u in quota.unit_types and inst.sites[s].operator in operators:
                unit = inst.unit_types[u]
                weight = unit.accelerators if quota.counts == "accelerators" else 1
                counted.setdefault((q, t), []).append((weight, s, u))
    window = {
        (q, t): periods[0 if inst.quotas[q].carry_over else i : i + 1]
        for q in m.QUOTAS
        for i, t in enumerate(periods)
    }
    m.QUOTA_PERIODS = pyo.Set(
        initialize=[qt for qt in window if any((qt[0], τ) in counted for τ in window[qt])], dimen=2
    )

    @m.Constraint(
        m.QUOTA_PERIODS,
        doc="(Q1) Σ_τ Σ_{s∈q, u∈q} weight · order[s,u,τ] ≤ Σ_τ per_year[q,τ] · months[τ]/12 "
        "+ Σ_τ excess[quota,q,τ], "
        "with τ = t, or τ ≤ t with carry-over  [units or accelerators]",
    )
    def quota_limit(m, q, t):
        ordered = sum(
            weight * m.order[s, u, τ]
            for τ in window[q, t]
            for weight, s, u in counted.get((q, τ), ())
        )
        allowed = sum(quota_allowance(inst, q, τ) for τ in window[q, t])
        return ordered <= allowed + soft(m, "quota", q, *window[q, t])

    rate = {
        s: site.install_rate_mw_per_month
        for s, site in inst.sites.items()
        if site.install_rate_mw_per_month is not None
    }
    m.INSTALLATIONS = pyo.Set(
        initialize=[
            (s, t)
            for s in rate
            for t in m.PERIODS
            if any(m.entering.get((s, u, t)) for u in m.types_at[s])
        ],
        dimen=2,
    )

    @m.Constraint(
        m.INSTALLATIONS,
        doc="(Q2) Σ_u it_mw[u] · Σ order[s,u,τ] that enter service in t "
        "≤ install_rate_mw_per_month[s] · months[t] + excess[install_rate,s,t]  [IT MW]",
    )
    def install_limit(m, s, t):
        entering = sum(
            inst.unit_types[u].it_mw * m.order[s, u, τ]
            for u in m.types_at[s]
            for τ in m.entering.get((s, u, t), ())
        )
        return entering <= rate[s] * inst.periods[t].months + soft(m, "install_rate", s, t)
