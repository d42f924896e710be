"""Concentration: no operator, vendor, place or grid holds more than a share of the plan.

Reads  flow[j,s,o]               mean tokens made                        [Mtok/s]
       rent[j,x,o]               mean tokens bought                      [Mtok/s]
       run[s,u,k,o]              units at work at the peak of the day    [units]
       online[s,u,t]             units in service                        [units]
       open_site[s,t], hall[s,t], order[s,u,t], convert[s,t], raise_level[s,t]
Adds   served[o]                 tokens served                           [Mtok/s]
       standing_mw[t]            units in service                        [IT MW]
       spent[t]                  capital spent up to t                   [MUSD]
       served_balance[o]         constraint (K1)                         [Mtok/s]
       standing_balance[t]       constraint (K2)                         [IT MW]
       spent_balance[t]          constraint (K3)                         [MUSD]
       token_share_limit[c,h,o]  constraint (K4)                         [Mtok/s]
       mw_share_limit[c,h,t]     constraint (K5)                         [IT MW]
       capital_share_limit[c,h,t]  constraint (K6)                       [MUSD]
"""

from typing import Any

import pyomo.environ as pyo

from models.brownfield import mining_mw
from models.families.budget import site_capital
from models.families.capacity import most_online
from models.families.siting import hall_room_blocks
from models.fleet import most_units
from models.instance import Instance
from models.sovereignty import Held, holders, share_on

BY_TYPE = ("vendor", "generation")


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the concentration family to model m."""
    held = {
        (c, h): parts
        for c, cap in inst.concentration.items()
        for h, parts in holders(inst, cap).items()
    }
    share = {
        (c, h, t): most
        for c, h in held
        for t in m.PERIODS
        for most in (share_on(inst.concentration[c].most_share, inst.periods[t].start),)
        if most is not None and most < 1
    }

    def capped(of: str) -> list[tuple[str, str, str]]:
        return [cht for cht in share if inst.concentration[cht[0]].share_of == of]

    _add_tokens(m, inst, held, share, capped("tokens"))
    _add_power(m, inst, held, share, capped("it_mw"))
    _add_capital(m, inst, held, share, capped("capital"))


Holders = dict[tuple[str, str], Held]
Limits = dict[tuple[str, str, str], float]
Capped = list[tuple[str, str, str]]


def _at_most(part: Any, most: Any) -> Any:
    """A row, or none where nothing can be held."""
    return pyo.Constraint.Feasible if isinstance(part, int | float) else part <= most


def _add_tokens(
    m: pyo.ConcreteModel, inst: Instance, held: Holders, share: Limits, capped: Capped
) -> None:
    rows = [(c, h, o) for o, t in m.period_of.items() for c, h, τ in capped if τ == t]
    m.TOKEN_SHARES = pyo.Set(initialize=rows, dimen=3)
    m.COUNTED_STATES = pyo.Set(initialize=list(dict.fromkeys(o for *_, o in rows)))
    flows: dict[str, list[tuple[str, str]]] = {}
    for j, s, o in m.FLOWS if rows else ():
        flows.setdefault(o, []).append((j, s))
    rents: dict[str, list[tuple[str, str]]] = {}
    for j, x, o in m.RENTS if rows else ():
        rents.setdefault(o, []).append((j, x))
    m.served = pyo.Var(
        m.COUNTED_STATES,
        bounds=lambda _, o: (0, sum(g.demand_mtok_s.get(o, 0.0) for g in m.groups.values())),
    )

    @m.Constraint(
        m.COUNTED_STATES,
        doc="(K1) served[o] = Σ_{j,s} flow[j,s,o] + Σ_{j,x} rent[j,x,o]  [Mtok/s]",
    )
    def served_balance(m, o):
        made = sum(m.flow[j, s, o] for j, s in flows.get(o, ()))
        return m.served[o] == made + sum(m.rent[j, x, o] for j, x in rents.get(o, ()))

    @m.Constraint(
        m.TOKEN_SHARES,
        doc="(K4) Σ_{s∈h} flow[j,s,o] + Σ_{x∈h} rent[j,x,o] ≤ most_share[c,t(o)] · served[o], with "
        "Σ_{u∈h} tokens_per_unit[s,u,k,t(o)] · run[s,u,k,o] / peak_factor[k] "
        "in place of both for a vendor or generation  [Mtok/s]",
    )
    def token_share_limit(m, c, h, o):
        (sites, types, offers), t = held[c, h], m.period_of[o]
        if inst.concentration[c].by in BY_TYPE:
            made = sum(
                inst.tokens_per_unit(s, u, k, t) / inst.workloads[k].peak_factor * m.run[s, u, k, o]
                for s, k, τ in m.SERVING
                if τ == o
                for u in m.runs_at[s, k, o]
                if u in types
            )
        else:
            made = sum(m.flow[j, s, o] for j, s in flows.get(o, ()) if s in sites)
            made += sum(m.rent[j, x, o] for j, x in rents.get(o, ()) if x in offers)
        return _at_most(made, share[c, h, t] * m.served[o])


def _add_power(
    m: pyo.ConcreteModel, inst: Instance, held: Holders, share: Limits, capped: Capped
) -> None:
    m.POWER_SHARES = pyo.Set(initialize=capped, dimen=3)
    m.COUNTED_PERIODS = pyo.Set(initialize=list(dict.fromkeys(t for *_, t in capped)))
    it_mw = {u: inst.unit_types[u].it_mw for u in m.UNIT_TYPES} if capped else {}
    m.standing_mw = pyo.Var(
        m.COUNTED_PERIODS,
        bounds=lambda _, t: (0, sum(it_mw[u] * most_online(inst, s, u, t) for s, u in m.FLEET)),
    )

    @m.Constraint(
        m.COUNTED_PERIODS, doc="(K2) standing_mw[t] = Σ_{s,u} it_mw[u] · online[s,u,t]  [IT MW]"
    )
    def standing_balance(m, t):
        return m.standing_mw[t] == sum(it_mw[u] * m.online[s, u, t] for s, u in m.FLEET)

    @m.Constraint(
        m.POWER_SHARES,
        doc="(K5) Σ_{(s,u)∈h} it_mw[u] · online[s,u,t] ≤ most_share[c,t] · standing_mw[t]  [IT MW]",
    )
    def mw_share_limit(m, c, h, t):
        sites, types, _ = held[c, h]
        own = [(s, u) for s, u in m.FLEET if s in sites and u in types]
        power = sum(it_mw[u] * m.online[s, u, t] for s, u in own)
        return _at_most(power, share[c, h, t] * m.standing_mw[t])


def _add_capital(
    m: pyo.ConcreteModel, inst: Instance, held: Holders, share: Limits, capped: Capped
) -> None:
    m.CAPITAL_SHARES = pyo.Set(initialize=capped, dimen=3)
    periods = list(m.PERIODS)
    until = {t: periods[: i + 1] for i, t in enumerate(periods)}
    m.SPENT_PERIODS = pyo.Set(initialize=periods if capped else [])
    orders: dict[tuple[str, str], list[str]] = {}
    for s, u, t in m.ORDERS if capped else ():
        orders.setdefault((s, t), []).append(u)

    def capital(s: str, t: str) -> Any:
        return site_capital(m, inst, s, t, orders.get((s, t), []))

    def most_spent(t: str) -> float:
        """All that can be ordered up to a period at once."""
        return sum(
            inst.sites[s].open_cost_musd
            + sum(inst.hall_block_capex(s) * hall_room_blocks(inst, s) for τ in until[t])
            + sum(
                inst.unit_capex(s, u) * most_units(inst, s, u, τ)
                for τ in until[t]
                for u in orders.get((s, τ), ())
            )
            + sum(
                inst.mine_of[s].capex_musd_per_mw * mining_mw(inst, s, τ)
                for τ in until[t]
                if (s, τ) in m.CONVERSIONS
            )
            for s in m.SITES
        ) + sum(row.cost_musd for row in inst.local_control_planes)

    m.spent = pyo.Var(m.SPENT_PERIODS, bounds=lambda _, t: (0, most_spent(t)))

    @m.Constraint(
        m.SPENT_PERIODS, doc="(K3) spent[t] = spent[t−1] + Σ_s capital spent at s in t  [MUSD]"
    )
    def spent_balance(m, t):
        before = m.spent[m.before[t]] if t in m.before else 0
        return m.spent[t] == before + sum(capital(s, t) for s in m.SITES)

    @m.Constraint(
        m.CAPITAL_SHARES,
        doc="(K6) Σ_{τ≤t} Σ_{s∈h} capital spent at s in τ ≤ most_share[c,t] · spent[t], with "
        "Σ_{u∈h} unit_capex[s,u] · order[s,u,τ] for a vendor or generation  [MUSD]",
    )
    def capital_share_limit(m, c, h, t):
        sites, types, _ = held[c, h]
        if inst.concentration[c].by in BY_TYPE:
            own = [(s, u, τ) for s, u, τ in m.ORDERS if u in types and τ in until[t]]
            musd = sum(inst.unit_capex(s, u) * m.order[s, u, τ] for s, u, τ in own)
        else:
            musd = sum(capital(s, τ) for s in m.SITES if s in sites for τ in until[t])
        return _at_most(musd, share[c, h, t] * m.spent[t])
