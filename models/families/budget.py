"""Budget: a pool pays what falls due from its grants and what it borrows.

Reads  open_site[s,t], hall[s,t], order[s,u,t], grid_upgrade[s,g,t], convert[s,t], raise_level[s,t]
Adds   debt[p,t]              money owed in t, where a pool may borrow   [MUSD]
       interest_musd[p,t]     expression, interest that the pool pays    [MUSD]
       borrowing_limit[p,t]   constraint (B2)                            [MUSD]
       spend_musd[p,t]        expression, capital that falls due         [MUSD]
       unspent[p,t]           money left after t, with carry-over        [MUSD]
       unspent_balance[p,t]   constraint (B1), with carry-over           [MUSD]
       spend_limit[p,t]       constraint (B1), without                   [MUSD]
"""

import pyomo.environ as pyo

from models.borrowing import borrowers, interest, interest_paid_in, most_debt
from models.finance import granted
from models.instance import Instance
from models.payments import due_in
from models.prices import control_plane_cost


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the budget family to model m."""
    covered = {p: [s for s in m.SITES if inst.pool_of[s] == p] for p in m.POOLS}
    m.CARRYING = pyo.Set(initialize=[p for p in m.POOLS if inst.budget.pools[p].carry_over])
    m.STRICT = m.POOLS - m.CARRYING
    _add_debt(m, inst)
    _add_spending(m, inst, covered)
    grant = {p: granted(inst, p) for p in m.POOLS}
    owed = {p: max(most_debt(inst, p).values()) for p in m.BORROWERS}
    m.unspent = pyo.Var(
        m.CARRYING,
        m.PERIODS,
        bounds=lambda _, p, t: (0, sum(grant[p].values()) + owed.get(p, 0.0)),
    )

    @m.Constraint(
        m.CARRYING,
        m.PERIODS,
        doc="(B1) unspent[p,t] = unspent[p,t−1] + grant[p,t] − spend[p,t] "
        "− interest[p,t] + debt[p,t] − debt[p,t−1]  [MUSD]",
    )
    def unspent_balance(m, p, t):
        before = m.unspent[p, m.before[t]] if t in m.before else 0
        return m.unspent[p, t] == before + grant[p][t] - m.spend_musd[p, t] + _lent(m, p, t)

    m.STRICT_PERIODS = pyo.Set(
        initialize=[(p, t) for p in m.STRICT if covered[p] for t in m.PERIODS], dimen=2
    )

    @m.Constraint(
        m.STRICT_PERIODS,
        doc="(B1) spend[p,t] + interest[p,t] ≤ grant[p,t] + debt[p,t] − debt[p,t−1]  [MUSD]",
    )
    def spend_limit(m, p, t):
        return m.spend_musd[p, t] - _lent(m, p, t) <= grant[p][t]


def _add_debt(m: pyo.ConcreteModel, inst: Instance) -> None:
    m.BORROWERS = pyo.Set(initialize=borrowers(inst))
    most = {p: most_debt(inst, p) for p in m.BORROWERS}
    paid_in = interest_paid_in(inst)
    m.debt = pyo.Var(m.BORROWERS, m.PERIODS, bounds=lambda _, p, t: (0, max(most[p].values())))

    @m.Expression(m.BORROWERS, m.PERIODS, doc="Σ_τ interest_rate · years · debt  [MUSD]")
    def interest_musd(m, p, t):
        return sum(interest(inst, p, τ) * m.debt[p, τ] for τ in paid_in[t])

    @m.Constraint(m.BORROWERS, m.PERIODS, doc="(B2) debt[p,t] ≤ borrowing[p,t]  [MUSD]")
    def borrowing_limit(m, p, t):
        return m.debt[p, t] <= most[p][t]


def _add_spending(m: pyo.ConcreteModel, inst: Instance, covered: dict[str, list[str]]) -> None:
    orders_in: dict[tuple[str, str], list[str]] = {}
    for s, u, t in m.ORDERS:
        orders_in.setdefault((s, t), []).append(u)
    upgrades_in: dict[tuple[str, str], list[str]] = {}
    for s, g, t in m.GRID_UPGRADES:
        upgrades_in.setdefault((s, t), []).append(g)
    opening = {s: due_in(inst, site.open_payments) for s, site in inst.sites.items()}
    halls = {s: due_in(inst, site.hall_payments) for s, site in inst.sites.items()}
    units = {u: due_in(inst, unit.payments) for u, unit in inst.unit_types.items()}
    bought = {
        (s, t): [
            (u, τ, share)
            for u in inst.unit_types
            for τ, share in units[u][t]
            if u in orders_in.get((s, τ), ())
        ]
        for s in m.SITES
        for t in m.PERIODS
    }

    @m.Expression(
        m.POOLS,
        m.PERIODS,
        doc="Σ_{s∈p} Σ_τ (open_due · open_cost · open_site + hall_due · hall_capex · hall_block_mw "
        "· hall + Σ_u unit_due · unit_capex · order) "
        "+ Σ_{s∈p} (Σ_g upgrade_cost · grid_upgrade + conversion_capex · convert "
        "+ control_plane_cost · raise_level)  [MUSD]",
    )
    def spend_musd(m, p, t):
        return sum(
            sum(
                share * inst.sites[s].open_cost_musd * m.open_site[s, τ]
                for τ, share in opening[s][t]
            )
            + sum(
                share * inst.hall_block_capex(s) * m.hall[s, τ]
                for τ, share in halls[s][t]
                if (s, τ) in m.HALL_ORDERS
            )
            + sum(share * inst.unit_capex(s, u) * m.order[s, u, τ] for u, τ, share in bought[s, t])
            + sum(
                inst.grid_upgrades[g].cost_musd * m.grid_upgrade[s, g, t]
                for g in upgrades_in.get((s, t), ())
            )
            + (
                inst.mine_of[s].capex_musd_per_mw * m.convert[s, t]
                if (s, t) in m.CONVERSIONS
                else 0
            )
            + (control_plane_cost(inst, s) * m.raise_level[s, t] if (s, t) in m.RAISES else 0)
            for s in covered[p]
        )


def _lent(m: pyo.ConcreteModel, p: str, t: str) -> object:
    """What a pool borrows at the start of a period beyond repayment and interest; else 0 [MUSD]."""
    if p not in m.BORROWERS:
        return 0
    before = m.debt[p, m.before[t]] if t in m.before else 0
    return m.debt[p, t] - before - m.interest_musd[p, t]
