"""Money: every payment of the plan, recomputed in money of the base year and discounted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.plan import Plan, total
from optimizer.verify.volume import rebates

INVESTMENT = (
    "site_opening",
    "hall_capex",
    "unit_capex",
    "conversion_capex",
    "control_plane_capex",
)
"""The terms that capital pools pay for, on the first day of the period."""

AT_START = (*INVESTMENT, "volume_rebate")
"""The terms that are paid, or saved, on the first day of the period."""

USD_PER_MUSD = 1e6


@dataclass(frozen=True)
class Money:
    """Every payment of a plan [MUSD of the base year, not discounted unless it says so]."""

    by_site: Mapping[str, Floats]
    """The terms that belong to sites, by site and period."""
    network: Floats
    """By row of the flows."""
    rent: Floats
    """By offer and period."""
    shortfall: Floats
    """By stream and period."""
    end_value: Floats
    """What units and halls are still worth at the end, by site."""
    discount: Mapping[str, Floats]
    """Discount factor of each of these terms, by period [ratio]."""
    df_end: float
    """Discount factor of the end value [ratio]."""

    @property
    def investment(self) -> Floats:
        """Spending on opening, halls and units, by site and period."""
        spending: Floats = np.sum([self.by_site[term] for term in INVESTMENT], axis=0)
        return spending

    @property
    def costs(self) -> dict[str, float]:
        """The terms of the objective, discounted."""
        costs = {
            term: float((paid @ self.discount[term]).sum()) for term, paid in self.by_site.items()
        }
        costs["rent"] = float((self.rent @ self.discount["rent"]).sum())
        costs["shortfall"] = float((self.shortfall @ self.discount["shortfall"]).sum())
        costs["end_value"] = -self.df_end * float(self.end_value.sum())
        return costs

    @property
    def objective(self) -> float:
        """The sum of the terms, discounted."""
        return sum(self.costs.values())


def read_money(facts: Facts, plan: Plan) -> Money:
    """Recompute every payment of a plan."""
    inst, calendar = facts.inst, facts.calendar
    sites, units = inst.sites.values(), inst.unit_types.values()
    workloads = inst.workloads.values()
    open_cost = np.array([site.open_cost_musd for site in sites])
    fixed = np.array([site.fixed_opex_musd_per_year for site in sites])
    upkeep = np.array([unit.opex_musd_per_year for unit in units])
    price = np.array([w.shortfall_price_usd_per_mtok or 0.0 for w in workloads])
    flows, shape = plan.flows, plan.opened.shape
    halls, bought = _hall_prices(facts, plan), facts.unit_capex[:, :, None] * plan.orders
    carried = facts.network_price[flows.region, flows.site] * flows.mtok_s / USD_PER_MUSD
    network = carried * calendar.seconds[flows.period]
    brown = facts.brownfield
    converting = brown.conversion_capex[:, None] * plan.converting
    by_site = {
        "site_opening": open_cost[:, None] * plan.opened,
        "hall_capex": halls,
        "unit_capex": bought.sum(axis=1),
        "conversion_capex": converting,
        "site_opex": fixed[:, None] * plan.is_open * calendar.years,
        "unit_opex": np.einsum("sut,u,t->st", plan.online, upkeep, calendar.years),
        "mining_margin_lost": brown.margin * plan.converted * calendar.years,
        "lease": brown.rent * plan.leased * calendar.years,
        "energy": facts.energy_price * plan.energy_gwh * 1000.0 / USD_PER_MUSD,
        "network": total(shape, (flows.site, flows.period), network),
    }
    rebate, lost_value = rebates(facts, plan)
    by_site["volume_rebate"] = -rebate
    by_site |= _control_planes(facts, plan)
    lost = price[facts.streams.workload, None] * plan.shortfall * calendar.seconds / USD_PER_MUSD
    worth = (facts.unit_service.left * bought).sum(axis=(1, 2))
    worth -= lost_value
    worth += (facts.hall_service.left * halls).sum(axis=1)
    worth += (brown.conversion.left * converting).sum(axis=1)
    if inst.finance.end_of_horizon_value == "none":
        worth = np.zeros(len(worth))
    return Money(
        by_site=by_site,
        network=network,
        rent=_rent(facts, plan),
        shortfall=lost,
        end_value=worth,
        discount={
            term: calendar.df_start if term in AT_START else calendar.df_middle
            for term in (*by_site, "rent", "shortfall")
        },
        df_end=calendar.df_end,
    )


def paid_mtok_s(facts: Facts, plan: Plan) -> Floats:
    """Mean tokens paid for, by offer and period: the least take, if any, once an offer is used."""
    taken: Floats = np.where(plan.bought > 0, np.maximum(plan.bought, facts.rentals.least), 0.0)
    return taken


def _rent(facts: Facts, plan: Plan) -> Floats:
    """What is paid for rented tokens, by offer and period [MUSD]."""
    rent: Floats = (
        facts.rentals.price * paid_mtok_s(facts, plan) * facts.calendar.seconds / USD_PER_MUSD
    )
    return rent


def _control_planes(facts: Facts, plan: Plan) -> dict[str, Floats]:
    """What local control planes cost to set up and to run, by site and period [MUSD]."""
    once, per_year = np.zeros(len(plan.raised)), np.zeros(len(plan.raised))
    names = list(facts.inst.sites)
    for row in facts.inst.local_control_planes:
        once[names.index(row.site)] = row.cost_musd
        per_year[names.index(row.site)] = row.opex_musd_per_year
    return {
        "control_plane_capex": once[:, None] * plan.raised,
        "control_plane_opex": per_year[:, None] * plan.local * facts.calendar.years,
    }


def _hall_prices(facts: Facts, plan: Plan) -> Floats:
    """Price of the halls ordered, by site and period [MUSD]."""
    per_mw = np.array([site.hall_capex_musd_per_mw for site in facts.inst.sites.values()])
    prices: Floats = (per_mw * facts.block_mw)[:, None] * plan.blocks
    return prices
