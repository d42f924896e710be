"""Costs: the named terms of the net present cost; they add up to the objective (formulation §4).

Reads  the decisions of every other family
Adds   cost_musd[term]         expression, discounted                    [MUSD]
       net_present_cost        objective                                 [MUSD]
"""

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo

from models import prices, soft
from models.borrowing import discounted_interest
from models.environment import (
    carbon_price,
    carbon_t_per_mwh,
    energy_drawn,
    water_m3_per_mwh,
    water_price,
)
from models.finance import (
    conversion_value_left,
    discount_middle,
    discount_start,
    hall_value_left,
    unit_value_left,
)
from models.instance import Instance
from models.payments import discounted
from models.portability import price
from models.volume import savings, value_lost


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the cost terms and the objective to model m."""
    formulas = _investment(m, inst) | _operation(m, inst)
    m.TERMS = pyo.Set(initialize=prices.TERMS)
    m.cost_musd = pyo.Expression(m.TERMS, rule=lambda _, term: formulas[term]())
    m.net_present_cost = pyo.Objective(expr=sum(m.cost_musd[term] for term in m.TERMS))


def _investment(m: pyo.ConcreteModel, inst: Instance) -> dict[str, Callable[[], Any]]:
    """Paid as profiles say, upgrades and retirements on the first day of the period.

    Interest is paid at periods' ends; the end value counts at that of the horizon.
    """
    df = {t: discount_start(inst, t) for t in m.PERIODS}
    sites, units, periods = inst.sites.items(), inst.unit_types.items(), m.PERIODS
    opening = {(s, t): discounted(inst, x.open_payments, t) for s, x in sites for t in periods}
    hall = {(s, t): discounted(inst, x.hall_payments, t) for s, x in sites for t in periods}
    unit = {(u, t): discounted(inst, x.payments, t) for u, x in units for t in periods}
    return {
        "site_opening": lambda: sum(
            opening[s, t] * inst.sites[s].open_cost_musd * m.open_site[s, t]
            for s in m.SITES
            for t in m.PERIODS
        ),
        "grid_upgrade": lambda: sum(
            df[t] * inst.grid_upgrades[g].cost_musd * m.grid_upgrade[s, g, t]
            for s, g, t in m.GRID_UPGRADES
        ),
        "network_option": lambda: sum(
            df[t] * inst.network_options[n].cost_musd * m.network_option[s, n, t]
            for s, n, t in m.NETWORK_OPTIONS
        ),
        "retirement": lambda: sum(
            df[t] * prices.retirement(inst, s, u) * m.retire[s, u, t] for s, u, t in m.RETIREMENTS
        ),
        "hall_capex": lambda: sum(
            hall[s, t] * inst.hall_block_capex(s) * m.hall[s, t] for s, t in m.HALL_ORDERS
        ),
        "unit_capex": lambda: sum(
            unit[u, t] * inst.unit_capex(s, u) * m.order[s, u, t] for s, u, t in m.ORDERS
        ),
        "changes": lambda: sum(df[t] * m.changes_musd[s, t] for s, t in m.CHANGES),
        "interest": lambda: sum(
            discounted_interest(inst, p, t) * m.debt[p, t] for p in m.BORROWERS for t in m.PERIODS
        ),
        "conversion_capex": lambda: sum(
            df[t] * inst.mine_of[s].capex_musd_per_mw * m.convert[s, t] for s, t in m.CONVERSIONS
        ),
        "end_value": lambda: (
            -sum(unit_value_left(inst, s, u, t) * m.order[s, u, t] for s, u, t in m.ORDERS)
            - sum(hall_value_left(inst, s, t) * m.hall[s, t] for s, t in m.HALL_ORDERS)
            + sum(
                unit_value_left(inst, s, u, t) * m.retired[s, u, t] for s, u, t in m.ORDERED_COHORTS
            )
            - sum(conversion_value_left(inst, s, t) * m.convert[s, t] for s, t in m.CONVERSIONS)
            + sum(
                savings(inst)[u, n][1] * value_lost(inst, u, t) * _newly_beyond(m, u, n, t)
                for u, n, t in m.TIER_PERIODS
            )
        ),
        "volume_rebate": lambda: (
            -sum(
                df[t] * savings(inst)[u, n][1] * _newly_beyond(m, u, n, t)
                for u, n, t in m.TIER_PERIODS
            )
        ),
        "violations": lambda: sum(
            soft.discount(inst, limit, t) * soft.price(inst, limit, at, t) * m.excess[limit, at, t]
            for limit, at, t in m.SOFT
        ),
        "control_plane_capex": lambda: sum(
            df[t] * prices.control_plane_cost(inst, s) * m.raise_level[s, t] for s, t in m.RAISES
        ),
    }


def _newly_beyond(m: pyo.ConcreteModel, u: str, n: str, t: str) -> Any:
    """Units of a type ordered beyond a tier in a period [units]."""
    before = m.before.get(t)
    known = m.beyond[u, n, before] if (u, n, before) in m.TIER_PERIODS else 0
    return m.beyond[u, n, t] - known


def _operation(m: pyo.ConcreteModel, inst: Instance) -> dict[str, Callable[[], Any]]:
    """Paid in the middle of a period; in each state with its probability."""
    df = {t: discount_middle(inst, t) for t in m.PERIODS}
    states = inst.states.items()
    weight = {o: state.probability * df[state.period] for o, state in states}
    t_of = m.period_of
    energy = {(s, o): weight[o] * prices.energy_price(inst, s, o) for s in m.SITES for o in t_of}
    drawn = energy_drawn(m, inst)
    tax = {(s, t): df[t] * carbon_price(inst, s, t) for s in m.SITES for t in m.PERIODS}
    water = {(s, t): df[t] * water_price(inst, s, t) for s in m.SITES for t in m.PERIODS}
    earned = {j: inst.workloads[g.workload].revenue_usd_per_mtok for j, g in m.groups.items()}
    per_token = {o: weight[o] * prices.per_token(inst, 1.0, o) for o in t_of}
    return {
        "site_opex": lambda: sum(
            df[t] * prices.site_opex(inst, s, t) * m.is_open[s, t]
            for s in m.SITES
            for t in m.PERIODS
        ),
        "unit_opex": lambda: (
            sum(
                df[t] * prices.unit_opex(inst, u, t) * m.online[s, u, t]
                for s, u in m.FLEET
                for t in m.PERIODS
            )
            + sum(
                df[t] * prices.network_upkeep(inst, n, t) * m.networked[s, n, u, t]
                for s, n, u, t in m.NETWORKED
            )
        ),
        "mining_margin_lost": lambda: sum(
            df[t] * prices.mining_margin(inst, s, t) * m.converted_mw[s, t]
            for s in m.MINES
            for t in m.PERIODS
        ),
        "lease": lambda: sum(
            df[t] * prices.lease(inst, s, t) * m.leased_mw[s, t] for s, t in m.LEASES
        ),
        "energy": lambda: (
            sum(
                energy[s, o] * prices.idle_energy_mwh(inst, s, u, o) * m.online[s, u, t]
                for s, u in m.FLEET
                for o, t in t_of.items()
            )
            + sum(
                energy[s, o] * prices.work_energy_mwh(inst, s, u, k, o) * m.run[s, u, k, o]
                for s, u, k, o in m.RUNS
            )
            - sum(energy[s, o] * m.saved_mwh[s, o] for s, o in m.ENERGY_SAVING)
        ),
        "carbon": lambda: sum(
            drawn(s, t, lambda s, _, o: tax[s, t_of[o]] * carbon_t_per_mwh(inst, s, o))
            for s in m.SITES
            for t in m.PERIODS
            if tax[s, t]
        ),
        "water": lambda: sum(
            drawn(s, t, lambda s, u, o: water[s, t_of[o]] * water_m3_per_mwh(inst, s, u))
            for s in m.SITES
            for t in m.PERIODS
            if water[s, t]
        ),
        "network": lambda: m.network_musd["network"],
        "portability": lambda: sum(
            discount_start(inst, t) * price(inst, k, i) * m.ported[k, i, t] for k, i, t in m.PORTED
        ),
        "model_transfer": lambda: sum(df[t] * m.transfer_musd[s, t] for s, t in m.RECEIVING),
        "rent": lambda: (
            sum(
                per_token[o] * prices.rent_price(inst, x, t_of[o]) * m.rent[j, x, o]
                for j, x, o in m.RENTS
                if (x, o) in m.FREE_RENTALS
            )
            + sum(df[t] * prices.rent(inst, x, t) * m.rent_paid[x, t] for x, t in m.RENTED)
        ),
        "control_plane_opex": lambda: sum(
            df[t] * prices.control_plane_opex(inst, s, t) * m.raise_level[s, τ]
            for s, τ in m.RAISES
            for t in inst.control_plane_use[s, τ]
        ),
        "shortfall": lambda: m.shortfall_musd["shortfall"],
        "revenue": lambda: (
            -m.earned_musd["earned"]
            - sum(per_token[o] * earned[j] * m.rent[j, x, o] for j, x, o in m.RENTS if earned[j])
            if inst.objective == "profit"
            else 0.0
        ),
        "contingency_shortfall": lambda: contingency_shortfall(m, inst),
    }


def contingency_shortfall(m: pyo.ConcreteModel, inst: Instance) -> Any:
    """What is missing in contingencies, by their weights [MUSD]."""
    df = {t: discount_middle(inst, t) for t in inst.periods}
    missing: dict[str, list[str]] = {}
    for j, e in m.CONTINGENCY_DEMANDS:
        missing.setdefault(e, []).append(j)
    return sum(
        df[state.period]
        * prices.contingency_shortfall(inst, j, e)
        * m.contingency_shortfall[j, inst.twins[e]]
        for e, state in inst.contingency_states.items()
        for j in missing.get(inst.twins[e], ())
    )
