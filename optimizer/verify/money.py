"""Money: every payment of the plan, recomputed in money of the base year and discounted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.capital import (
    borne_by_sites,
    paid_for_units,
    paid_over_time,
    read_interest,
)
from optimizer.verify.commitments import read_agreed
from optimizer.verify.contingencies import missing_musd
from optimizer.verify.environment import carbon_price, emitted_kt, water_m3, water_price
from optimizer.verify.facts import Facts
from optimizer.verify.model_families import carrying_musd
from optimizer.verify.plan import Plan, total
from optimizer.verify.portability import work_moved
from optimizer.verify.soft import penalties
from optimizer.verify.volume import rebates

INVESTMENT = (
    "site_opening",
    "grid_upgrade",
    "network_option",
    "hall_capex",
    "unit_capex",
    "changes",
    "conversion_capex",
    "control_plane_capex",
)
"""The terms of investment: capital pools pay for them, as payment profiles say."""

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
    ported: Floats
    """Moving work, by period."""
    shortfall: Floats
    """By stream and period."""
    earned: Floats
    """What tokens served bring, made or rented, by stream and period."""
    revenue: Floats
    """The part of it that the objective counts, by stream and period."""
    missing: Floats
    """What is missing in contingencies, by stream and period."""
    unit_worth: Floats
    """What units are still worth at the end, by site."""
    hall_worth: Floats
    """What halls, built or converted, are still worth at the end, by site."""
    discounted: Mapping[str, Floats]
    """What the terms of `by_site` are worth, each payment discounted from its own date."""
    ordered: Floats
    """Price of what is ordered, whenever it is paid, by site and period."""
    interest: Floats
    """Interest that pools pay, by pool and period of payment."""
    accrued: Floats
    """Interest on the debt of each period, by pool and period."""
    df_start: Floats
    """Discount factor of moving work, by period [ratio]."""
    penalties: Floats
    """What missing soft limits costs, by period."""
    penalties_worth: Floats
    """The same, discounted."""
    df_middle: Floats
    """Discount factor of a shortfall, by period [ratio]."""
    df_end: float
    """Discount factor of the end value [ratio]."""

    @property
    def investment(self) -> Floats:
        """Spending on opening, grid upgrades, halls and units, by site and period."""
        spending: Floats = np.sum([self.by_site[term] for term in INVESTMENT], axis=0)
        return spending

    @property
    def end_value(self) -> Floats:
        """What units and halls are still worth at the end, by site."""
        return self.unit_worth + self.hall_worth

    @property
    def costs(self) -> dict[str, float]:
        """The terms of the objective, discounted."""
        costs = {term: float(worth.sum()) for term, worth in self.discounted.items()}
        costs["violations"] = float(self.penalties_worth.sum())
        costs["rent"] = float((self.rent @ self.df_middle).sum())
        costs["portability"] = float(self.ported @ self.df_start)
        costs["shortfall"] = float((self.shortfall @ self.df_middle).sum())
        costs["revenue"] = -float((self.revenue @ self.df_middle).sum())
        costs["contingency_shortfall"] = float((self.missing @ self.df_middle).sum())
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
    price_of_way = facts.network_price[flows.region, flows.site, flows.workload]
    carried = price_of_way * flows.mtok_s / USD_PER_MUSD
    network = carried * facts.seconds[flows.period, flows.slice]
    upgrading = plan.upgraded.swapaxes(1, 2) @ facts.upgrades.cost
    connecting = plan.networks.swapaxes(1, 2) @ facts.networks.cost
    added = np.einsum("snt,n->st", plan.works, facts.networks.upkeep)
    leaving = -np.einsum("suct,su->st", plan.retired, facts.cohorts.refund)
    changing = read_agreed(facts, plan).change_cost
    brown = facts.brownfield
    converting = brown.conversion_capex[:, None] * plan.converting
    setting_up, steering = _control_planes(facts, plan)
    opening = open_cost[:, None] * plan.opened
    investment = {
        "site_opening": paid_over_time(calendar, [site.open_payments for site in sites], opening),
        "grid_upgrade": (upgrading, upgrading * calendar.df_start),
        "network_option": (connecting, connecting * calendar.df_start),
        "hall_capex": paid_over_time(calendar, [site.hall_payments for site in sites], halls),
        "unit_capex": paid_for_units(calendar, [unit.payments for unit in units], bought),
        "changes": (changing, changing * calendar.df_start),
        "conversion_capex": (converting, converting * calendar.df_start),
        "control_plane_capex": (setting_up, setting_up * calendar.df_start),
    }
    running = {
        "site_opex": fixed[:, None] * plan.is_open * calendar.years,
        "unit_opex": calendar.years
        * (np.einsum("sut,u->st", plan.online, upkeep) + added * plan.online.sum(axis=1)),
        "mining_margin_lost": brown.margin * plan.converted * calendar.years,
        "lease": brown.rent * plan.leased * calendar.years,
        "energy": (facts.energy_price * plan.gwh_in_slices).sum(axis=2) * 1000.0 / USD_PER_MUSD,
        "carbon": carbon_price(facts) * emitted_kt(facts, plan) * 1000.0 / USD_PER_MUSD,
        "water": water_price(facts) * water_m3(facts, plan) / USD_PER_MUSD,
        "network": total(shape, (flows.site, flows.period), network),
        "model_transfer": carrying_musd(facts, plan),
        "control_plane_opex": steering,
    }
    fees = np.array([w.revenue_usd_per_mtok for w in workloads])
    made = np.einsum("jtx,tx->jt", plan.served, facts.seconds)
    earned = fees[facts.streams.workload, None] * made / USD_PER_MUSD
    rebate, lost_value = rebates(facts, plan)
    missed, missed_worth = penalties(facts, plan)
    at_once = {"retirement": leaving, "volume_rebate": -rebate}
    unmade = np.einsum("jtx,tx->jt", plan.shortfall, facts.seconds)
    accrued, interest, worth_now = read_interest(facts, plan.debt)
    spent = np.sum([paid for paid, _ in investment.values()], axis=0).sum(axis=1)
    bears = borne_by_sites(facts, spent)
    lost = price[facts.streams.workload, None] * unmade / USD_PER_MUSD
    gone = plan.retired[:, :, : calendar.count].sum(axis=3)
    kept = bought - facts.unit_capex[:, :, None] * gone
    counts = 0.0 if inst.finance.end_of_horizon_value == "none" else 1.0
    hall_worth = (facts.hall_service.left * halls).sum(axis=1)
    hall_worth += (brown.conversion.left * converting).sum(axis=1)
    return Money(
        by_site={term: paid for term, (paid, _) in investment.items()}
        | {"interest": bears @ interest}
        | at_once
        | running,
        network=network,
        rent=_rent(facts, plan),
        shortfall=lost,
        earned=earned,
        revenue=earned * (inst.objective == "profit"),
        missing=missing_musd(facts, plan),
        discounted={term: worth for term, (_, worth) in investment.items()}
        | {"interest": bears @ worth_now}
        | {term: paid * calendar.df_start for term, paid in at_once.items()}
        | {term: paid * calendar.df_middle for term, paid in running.items()},
        ordered=opening
        + upgrading
        + connecting
        + halls
        + bought.sum(axis=1)
        + converting
        + setting_up,
        interest=interest,
        accrued=accrued,
        ported=work_moved(facts, plan)[1].sum(axis=(0, 1)),
        df_start=calendar.df_start,
        penalties=missed,
        penalties_worth=missed_worth,
        df_middle=calendar.df_middle,
        unit_worth=counts * ((facts.unit_service.left * kept).sum(axis=(1, 2)) - lost_value),
        hall_worth=counts * hall_worth,
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


def _control_planes(facts: Facts, plan: Plan) -> tuple[Floats, Floats]:
    """What local control planes cost to set up and to run, by site and period [MUSD]."""
    once, per_year = np.zeros(len(plan.raised)), np.zeros(len(plan.raised))
    names = list(facts.inst.sites)
    for row in facts.inst.local_control_planes:
        once[names.index(row.site)] = row.cost_musd
        per_year[names.index(row.site)] = row.opex_musd_per_year
    running = per_year[:, None] * plan.local * facts.calendar.years
    return once[:, None] * plan.raised, running


def _hall_prices(facts: Facts, plan: Plan) -> Floats:
    """Price of the halls ordered, by site and period [MUSD]."""
    per_mw = np.array([site.hall_capex_musd_per_mw for site in facts.inst.sites.values()])
    prices: Floats = (per_mw * facts.block_mw)[:, None] * plan.blocks
    return prices
