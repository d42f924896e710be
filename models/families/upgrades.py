"""Grid upgrades: lumpy steps that make a site's connection larger, for money and after a time.

Reads  is_open[s,t]                   s is open in t
Adds   grid_upgrade[s,g,t]            binary        upgrade g is ordered at the start of t
       upgraded_mw[s,t]               expression, what upgrades add to the connection   [MW]
       upgraded_cap_mw[s,t]           expression, what they add to the region's cap     [MW]
       grid_upgrade_link[s,g,t]       constraint (P3)
       grid_upgrade_order_link[s,g,t] constraint (P4)
"""

from typing import Any

import pyomo.environ as pyo

from models.instance import Instance
from models.upgrades import required


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the grid upgrades family to model m."""
    m.GRID_UPGRADES = pyo.Set(initialize=list(inst.grid_upgrade_services), dimen=3)
    ordered: dict[tuple[str, str], list[str]] = {}
    for s, g, t in m.GRID_UPGRADES:
        ordered.setdefault((s, g), []).append(t)
    at_site: dict[str, list[str]] = {}
    for s, g in ordered:
        at_site.setdefault(s, []).append(g)
    place = {t: i for i, t in enumerate(inst.periods)}

    m.grid_upgrade = pyo.Var(m.GRID_UPGRADES, domain=pyo.Integers, bounds=(0, 1))

    def energised(m: pyo.ConcreteModel, s: str, g: str, t: str) -> Any:
        """1 if an upgrade adds its power in a period."""
        return sum(
            m.grid_upgrade[s, g, τ]
            for τ in ordered.get((s, g), ())
            if t in inst.grid_upgrade_services[s, g, τ]
        )

    m.UPGRADABLE = pyo.Set(
        initialize=[(s, t) for s in m.SITES if s in at_site for t in m.PERIODS], dimen=2
    )

    @m.Expression(
        m.UPGRADABLE,
        doc="Σ_g added_mw[g] · Σ grid_upgrade[s,g,τ] that are delivered by the start of t  [MW]",
    )
    def upgraded_mw(m, s, t):
        return sum(inst.grid_upgrades[g].added_mw * energised(m, s, g, t) for g in at_site[s])

    @m.Expression(
        m.UPGRADABLE,
        doc="Σ_g added_cap_mw[g] · Σ grid_upgrade[s,g,τ] that are delivered by the start of t  "
        "[MW]",
    )
    def upgraded_cap_mw(m, s, t):
        return sum(inst.grid_upgrades[g].added_cap_mw * energised(m, s, g, t) for g in at_site[s])

    @m.Constraint(m.GRID_UPGRADES, doc="(P3) Σ_{τ≤t} grid_upgrade[s,g,τ] ≤ is_open[s,t]")
    def grid_upgrade_link(m, s, g, t):
        by_then = [τ for τ in ordered[s, g] if place[τ] <= place[t]]
        return sum(m.grid_upgrade[s, g, τ] for τ in by_then) <= m.is_open[s, t]

    deliveries = {
        (s, g, carries[0]): None
        for (s, g, _), carries in inst.grid_upgrade_services.items()
        if inst.grid_upgrades[g].requires is not None
    }
    m.DEPENDENT_UPGRADES = pyo.Set(initialize=list(deliveries), dimen=3)

    @m.Constraint(
        m.DEPENDENT_UPGRADES,
        doc="(P4) Σ grid_upgrade[s,g,τ] that are delivered by the start of t "
        "≤ Σ grid_upgrade[s,requires(g),τ] that are",
    )
    def grid_upgrade_order_link(m, s, g, t):
        other = required(inst, g)[1]
        return energised(m, s, g, t) <= energised(m, s, other, t)
