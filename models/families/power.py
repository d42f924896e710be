"""Power: what stands at a site must fit its grid connection, and the cap it shares.

Reads  online[s,u,t]               units in service                      [units]
       is_open[s,t]                s is open in t
       upgraded_mw[s,t]            what upgrades add to the connection   [MW]
       upgraded_cap_mw[s,t]        what they add to the region's cap     [MW]
       converted_mw[s,t]           mining converted up to t             [MW]
Adds   site_meter_mw[s,t]          expression, power at the meter        [MW]
       site_power_limit[s,t]       constraint (P1)                       [MW]
       grid_region_limit[g,t]      constraint (P2)                       [MW]
"""

import pyomo.environ as pyo

from models.calendar import step_value
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the power family to model m."""

    @m.Expression(m.SITES, m.PERIODS, doc="Σ_u meter_mw[s,u] · online[s,u,t]  [MW]")
    def site_meter_mw(m, s, t):
        return sum(inst.meter_mw(s, u) * m.online[s, u, t] for u in m.types_at[s])

    @m.Constraint(
        m.OCCUPIED,
        m.PERIODS,
        doc="(P1) Σ_u meter_mw[s,u] · online[s,u,t] "
        "≤ (grid_mw[s,t] − sharing_mw[s,t]) · is_open[s,t] + converted_mw[s,t] "
        "+ upgraded_mw[s,t]  [MW]",
    )
    def site_power_limit(m, s, t):
        freed = m.converted_mw[s, t] if s in m.SHARING_MINES else 0
        added = m.upgraded_mw[s, t] if (s, t) in m.UPGRADABLE else 0
        beside = inst.grid_mw(s, t) - inst.sharing_mw(s, t)
        return m.site_meter_mw[s, t] <= beside * m.is_open[s, t] + freed + added

    members = {g: [s for s in m.SITES if inst.sites[s].grid_region == g] for g in m.GRID_REGIONS}
    on_grid = {g: [s for s in members[g] if s in m.OCCUPIED] for g in m.GRID_REGIONS}
    mining_on = {g: [s for s in members[g] if s in inst.mine_of] for g in m.GRID_REGIONS}
    m.SHARED_GRIDS = pyo.Set(initialize=[g for g in m.GRID_REGIONS if on_grid[g]])

    @m.Constraint(
        m.SHARED_GRIDS,
        m.PERIODS,
        doc="(P2) Σ_{s∈g} (Σ_u meter_mw[s,u] · online[s,u,t] + sharing_mw[s,t] "
        "− converted_mw[s,t]) ≤ cap_mw[g,t] + Σ_{s∈g} upgraded_cap_mw[s,t]  [MW]",
    )
    def grid_region_limit(m, g, t):
        cap_mw = step_value(inst.grid_regions[g].cap_mw, inst.periods[t].start)
        added = sum(m.upgraded_cap_mw[s, t] for s in members[g] if (s, t) in m.UPGRADABLE)
        drawn = sum(m.site_meter_mw[s, t] for s in on_grid[g])
        mining = sum(inst.sharing_mw(s, t) for s in mining_on[g])
        freed = sum(m.converted_mw[s, t] for s in mining_on[g] if s in m.SHARING_MINES)
        return drawn + mining - freed <= cap_mw + added
