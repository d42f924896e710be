"""Budget: a pool spends no more than it was granted.

Reads  open_site[s,t], hall[s,t], order[s,u,t], convert[s,t], raise_level[s,t]
Adds   spend_musd[p,t]        expression, capital spent                  [MUSD]
       unspent[p,t]           money left after t, with carry-over        [MUSD]
       unspent_balance[p,t]   constraint (B1), with carry-over           [MUSD]
       spend_limit[p,t]       constraint (B1), without                   [MUSD]
"""

from typing import Any

import pyomo.environ as pyo

from models.finance import granted
from models.instance import Instance
from models.prices import control_plane_cost


def site_capital(m: pyo.ConcreteModel, inst: Instance, s: str, t: str, types: list[str]) -> Any:
    """Capital spent at a site in a period, on units of `types` among others [MUSD]."""
    spent = (
        inst.sites[s].open_cost_musd * m.open_site[s, t]
        + (inst.hall_block_capex(s) * m.hall[s, t] if (s, t) in m.HALL_ORDERS else 0)
        + sum(inst.unit_capex(s, u) * m.order[s, u, t] for u in types)
    )
    if (s, t) in m.CONVERSIONS:
        spent += inst.mine_of[s].capex_musd_per_mw * m.convert[s, t]
    if (s, t) in m.RAISES:
        spent += control_plane_cost(inst, s) * m.raise_level[s, t]
    return spent


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the budget family to model m."""
    covered = {p: [s for s in m.SITES if inst.pool_of[s] == p] for p in m.POOLS}
    m.CARRYING = pyo.Set(initialize=[p for p in m.POOLS if inst.budget.pools[p].carry_over])
    m.STRICT = m.POOLS - m.CARRYING
    orders_in: dict[tuple[str, str], list[str]] = {}
    for s, u, t in m.ORDERS:
        orders_in.setdefault((s, t), []).append(u)

    @m.Expression(
        m.POOLS,
        m.PERIODS,
        doc="Σ_{s∈p} (open_cost · open_site + hall_capex · hall_block_mw · hall "
        "+ Σ_u unit_capex · order + conversion_capex · convert "
        "+ control_plane_cost · raise_level)  [MUSD]",
    )
    def spend_musd(m, p, t):
        return sum(site_capital(m, inst, s, t, orders_in.get((s, t), [])) for s in covered[p])

    grant = {p: granted(inst, p) for p in m.POOLS}
    m.unspent = pyo.Var(m.CARRYING, m.PERIODS, bounds=lambda _, p, t: (0, sum(grant[p].values())))

    @m.Constraint(
        m.CARRYING,
        m.PERIODS,
        doc="(B1) unspent[p,t] = unspent[p,t−1] + grant[p,t] − spend[p,t]  [MUSD]",
    )
    def unspent_balance(m, p, t):
        before = m.unspent[p, m.before[t]] if t in m.before else 0
        return m.unspent[p, t] == before + grant[p][t] - m.spend_musd[p, t]

    m.STRICT_PERIODS = pyo.Set(
        initialize=[(p, t) for p in m.STRICT if covered[p] for t in m.PERIODS], dimen=2
    )

    @m.Constraint(m.STRICT_PERIODS, doc="(B1) spend[p,t] ≤ grant[p,t]  [MUSD]")
    def spend_limit(m, p, t):
        return m.spend_musd[p, t] <= grant[p][t]
