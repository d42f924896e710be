"""Network options: a site buys another network, which works for all of its units.

Reads  is_open[s,t]                 s is open in t
       online[s,u,t]                units in service                              [units]
Adds   network_option[s,n,t]        binary        option n is ordered at the start of t
       network_works[s,n,t]         expression, 1 if option n works at s in t
       networked[s,n,u,t]           units in service while option n works         [units]
       saved_mw[s,t]                expression, what options save at the meter    [MW]
       network_option_link[s,t]     constraint (N1)
       networked_link[s,n,u,t]      constraint (N2)                               [units]
       networked_limit[s,u,t]       constraint (N3)                               [units]
       networked_minimum[s,u,t]     constraint (N4)                               [units]
"""

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the network options family to model m."""
    place = {t: i for i, t in enumerate(inst.periods)}
    m.NETWORK_OPTIONS = pyo.Set(initialize=list(inst.network_option_services), dimen=3)
    m.network_option = pyo.Var(m.NETWORK_OPTIONS, domain=pyo.Integers, bounds=(0, 1))
    ordered: dict[str, list[tuple[str, str]]] = {}
    for s, n, t in m.NETWORK_OPTIONS:
        ordered.setdefault(s, []).append((n, t))

    m.OPTION_PERIODS = pyo.Set(
        initialize=list(dict.fromkeys((s, t) for s, _, t in m.NETWORK_OPTIONS)), dimen=2
    )

    @m.Constraint(m.OPTION_PERIODS, doc="(N1) Σ_n Σ_{τ≤t} network_option[s,n,τ] ≤ is_open[s,t]")
    def network_option_link(m, s, t):
        by_then = [(n, τ) for n, τ in ordered[s] if place[τ] <= place[t]]
        return sum(m.network_option[s, n, τ] for n, τ in by_then) <= m.is_open[s, t]

    options = inst.network_options_at
    m.NETWORK_WORKS = pyo.Set(
        initialize=[(s, n, t) for (s, t), names in options.items() for n in names], dimen=3
    )

    @m.Expression(
        m.NETWORK_WORKS, doc="Σ_τ network_option[s,n,τ] that are delivered by the start of t"
    )
    def network_works(m, s, n, t):
        return sum(
            m.network_option[s, n, τ]
            for other, τ in ordered[s]
            if other == n and t in inst.network_option_services[s, n, τ]
        )

    _add_networked(m, inst, options)

    @m.Expression(
        m.SAVING, doc="Σ_n Σ_u power_saved_share[n] · meter_mw[s,u] · networked[s,n,u,t]  [MW]"
    )
    def saved_mw(m, s, t):
        return sum(
            inst.network_options[n].power_saved_share
            * inst.meter_mw(s, u)
            * m.networked[s, n, u, t]
            for n in options[s, t]
            for u in m.types_at[s]
        )


def _add_networked(
    m: pyo.ConcreteModel, inst: Instance, options: dict[tuple[str, str], tuple[str, ...]]
) -> None:
    """networked = online · network_works, which is exact because the latter is 0 or 1."""
    m.SAVING = pyo.Set(initialize=[st for st in options if m.types_at[st[0]]], dimen=2)
    m.NETWORKED = pyo.Set(
        initialize=[
            (s, n, u, t) for s, t in m.SAVING for n in options[s, t] for u in m.types_at[s]
        ],
        dimen=4,
    )
    m.NETWORKABLE = pyo.Set(
        initialize=[(s, u, t) for s, t in m.SAVING for u in m.types_at[s]], dimen=3
    )

    def most(s: str, n: str, u: str, t: str) -> float:
        return most_online(inst, s, u, t, inst.network_options[n].power_saved_share)

    m.networked = pyo.Var(m.NETWORKED, bounds=lambda _, *snut: (0, most(*snut)))

    @m.Constraint(
        m.NETWORKED,
        doc="(N2) networked[s,n,u,t] ≤ most_networked[s,n,u,t] · network_works[s,n,t]  [units]",
    )
    def networked_link(m, s, n, u, t):
        return m.networked[s, n, u, t] <= most(s, n, u, t) * m.network_works[s, n, t]

    @m.Constraint(m.NETWORKABLE, doc="(N3) Σ_n networked[s,n,u,t] ≤ online[s,u,t]  [units]")
    def networked_limit(m, s, u, t):
        return sum(m.networked[s, n, u, t] for n in options[s, t]) <= m.online[s, u, t]

    @m.Constraint(
        m.NETWORKABLE,
        doc="(N4) Σ_n networked[s,n,u,t] ≥ online[s,u,t] "
        "− most_plain[s,u,t] · (1 − Σ_n network_works[s,n,t])  [units]",
    )
    def networked_minimum(m, s, u, t):
        works = sum(m.network_works[s, n, t] for n in options[s, t])
        covered = sum(m.networked[s, n, u, t] for n in options[s, t])
        return covered >= m.online[s, u, t] - most_online(inst, s, u, t, 0.0) * (1 - works)
