"""Concentration: no operator, vendor, place or grid holds more than a share of the plan.

Reads  flow[j,s,o]               mean tokens made                        [Mtok/s]
       rent[j,x,o]               mean tokens bought                      [Mtok/s]
       run[s,u,k,o]              units at work at the peak of the day    [units]
       online[s,u,t]             units in service                        [units]
       open_site[s,t], hall[s,t], order[s,u,t], grid_upgrade[s,g,t], convert[s,t], raise_level[s,t]
Adds   served[t]                 tokens served, mean of the period       [Mtok/s]
       standing_mw[t]            units in service                        [IT MW]
       ordered_musd[t]           price of all that is ordered up to t     [MUSD]
       served_balance[t]         constraint (K1)                         [Mtok/s]
       standing_balance[t]       constraint (K2)                         [IT MW]
       ordered_balance[t]        constraint (K3)                         [MUSD]
       token_share_limit[c,h,t]  constraint (K4)                         [Mtok/s]
       mw_share_limit[c,h,t]     constraint (K5)                         [IT MW]
       capital_share_limit[c,h,t]  constraint (K6)                       [MUSD]
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pyomo.environ as pyo

from models.brownfield import mining_mw
from models.families.capacity import most_online
from models.families.siting import hall_room_blocks
from models.fleet import most_units
from models.instance import Instance
from models.prices import control_plane_cost
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
    m.TOKEN_SHARES = pyo.Set(initialize=capped, dimen=3)
    m.SERVED_PERIODS = pyo.Set(initialize=list(dict.fromkeys(t for *_, t in capped)))
    flows: dict[str, list[tuple[str, str, str]]] = {t: [] for t in m.SERVED_PERIODS}
    rents: dict[str, list[tuple[str, str, str]]] = {t: [] for t in m.SERVED_PERIODS}
    for found, rows in ((flows, m.FLOWS), (rents, m.RENTS)):
        for row in rows if capped else ():
            if m.period_of[row[-1]] in found:
                found[m.period_of[row[-1]]].append(row)
    share_of = {o: state.share for o, state in inst.states.items()}
    m.served = pyo.Var(m.SERVED_PERIODS, bounds=lambda _, t: (0, _demand(m, inst, t)))

    @m.Constraint(
        m.SERVED_PERIODS,
        doc="(K1) served[t] = Σ_{o of t} share[o] · (Σ_{j,s} flow[j,s,o] + Σ_{j,x} rent[j,x,o])"
        "  [Mtok/s]",
    )
    def served_balance(m, t):
        made = sum(share_of[o] * m.flow[j, s, o] for j, s, o in flows[t])
        return m.served[t] == made + sum(share_of[o] * m.rent[j, x, o] for j, x, o in rents[t])

    @m.Constraint(
        m.TOKEN_SHARES,
        doc="(K4) Σ_{o of t} share[o] · (Σ_{s∈h} flow[j,s,o] + Σ_{x∈h} rent[j,x,o]) "
        "≤ most_share[c,t] · served[t], with "
        "Σ_{u∈h} tokens_per_unit[s,u,k,t] · run[s,u,k,o] / peak_factor[k] "
        "in place of both for a vendor or generation  [Mtok/s]",
    )
    def token_share_limit(m, c, h, t):
        sites, types, offers = held[c, h]
        if inst.concentration[c].by in BY_TYPE:
            made = sum(
                share_of[o]
                * inst.tokens_per_unit(s, u, k, t)
                / inst.workloads[k].peak_factor
                * m.run[s, u, k, o]
                for s, k, o in m.SERVING
                if m.period_of[o] == t
                for u in m.runs_at[s, k, o]
                if u in types
            )
        else:
            made = sum(share_of[o] * m.flow[j, s, o] for j, s, o in flows[t] if s in sites)
            made += sum(share_of[o] * m.rent[j, x, o] for j, x, o in rents[t] if x in offers)
        return _at_most(made, share[c, h, t] * m.served[t])


def _demand(m: pyo.ConcreteModel, inst: Instance, t: str) -> float:
    """Demand of all streams in a period, mean over its slices [Mtok/s]."""
    total = 0.0
    for o in m.states_of[t]:
        asked = sum(group.demand_mtok_s.get(o, 0.0) for group in m.groups.values())
        total += inst.states[o].share * asked
    return total


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
    m.ORDERED_PERIODS = pyo.Set(initialize=periods if capped else [])
    parts: dict[tuple[str, str], list[Priced]] = {}
    for row in priced_decisions(m, inst) if capped else ():
        parts.setdefault((row.site, row.period), []).append(row)

    def ordered(s: str, t: str) -> Any:
        return sum(row.musd * row.decision for row in parts.get((s, t), ()))

    def most(t: str) -> float:
        """All that can be ordered up to a period at once."""
        rows = (row for (_, τ), rows in parts.items() if τ in until[t] for row in rows)
        return sum(row.musd * row.most for row in rows)

    m.ordered_musd = pyo.Var(m.ORDERED_PERIODS, bounds=lambda _, t: (0, most(t)))

    @m.Constraint(
        m.ORDERED_PERIODS,
        doc="(K3) ordered_musd[t] = ordered_musd[t−1] + Σ_s price of what s orders in t  [MUSD]",
    )
    def ordered_balance(m, t):
        before = m.ordered_musd[m.before[t]] if t in m.before else 0
        return m.ordered_musd[t] == before + sum(ordered(s, t) for s in m.SITES)

    @m.Constraint(
        m.CAPITAL_SHARES,
        doc="(K6) Σ_{τ≤t} Σ_{s∈h} price of what s orders in τ ≤ most_share[c,t] · ordered_musd[t], "
        "with Σ_{u∈h} unit_capex[s,u] · order[s,u,τ] for a vendor or generation  [MUSD]",
    )
    def capital_share_limit(m, c, h, t):
        sites, types, _ = held[c, h]
        if inst.concentration[c].by in BY_TYPE:
            own = [(s, u, τ) for s, u, τ in m.ORDERS if u in types and τ in until[t]]
            musd = sum(inst.unit_capex(s, u) * m.order[s, u, τ] for s, u, τ in own)
        else:
            musd = sum(ordered(s, τ) for s in m.SITES if s in sites for τ in until[t])
        return _at_most(musd, share[c, h, t] * m.ordered_musd[t])


class Priced(NamedTuple):
    """A decision that costs capital, and what one of it costs, whenever that is paid."""

    site: str
    period: str
    musd: float
    decision: Any
    most: float


def priced_decisions(m: pyo.ConcreteModel, inst: Instance) -> Iterator[Priced]:
    """Every decision that is paid from capital, by site and period of the order."""
    for s, site in inst.sites.items():
        for t in m.PERIODS:
            yield Priced(s, t, site.open_cost_musd, m.open_site[s, t], 1)
    for s, t in m.HALL_ORDERS:
        most = hall_room_blocks(inst, s)
        yield Priced(s, t, inst.hall_block_capex(s), m.hall[s, t], most)
    for s, u, t in m.ORDERS:
        most = most_units(inst, s, u, t)
        yield Priced(s, t, inst.unit_capex(s, u), m.order[s, u, t], most)
    for s, g, t in m.GRID_UPGRADES:
        yield Priced(s, t, inst.grid_upgrades[g].cost_musd, m.grid_upgrade[s, g, t], 1)
    for s, t in m.CONVERSIONS:
        price, most_mw = inst.mine_of[s].capex_musd_per_mw, mining_mw(inst, s, t)
        yield Priced(s, t, price, m.convert[s, t], most_mw)
    for s, t in m.RAISES:
        yield Priced(s, t, control_plane_cost(inst, s), m.raise_level[s, t], 1)
