"""The limits of an instance, with their use by a plan and the smallest step that could use more."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.checks.budget import pool_use
from optimizer.verify.checks.declared_money import borrowing, pool_steps, running_costs, share_caps
from optimizer.verify.checks.declared_service import (
    carbon,
    contingencies,
    demand,
    floors,
    reserves,
    tokens_per_mwh,
)
from optimizer.verify.checks.limit_parts import limit_part, places_at
from optimizer.verify.checks.networks import block_use
from optimizer.verify.checks.power import (
    connection_for_units,
    grid_region_cap,
    grid_region_power,
)
from optimizer.verify.checks.rentals import rented_peak
from optimizer.verify.checks.siting import least_build_mw
from optimizer.verify.checks.supply import (
    install_limit_mw,
    installed_mw,
    quota_allowed,
    quota_use,
)
from optimizer.verify.checks.water import water_use
from optimizer.verify.commitments import read_agreed
from optimizer.verify.facts import Facts
from optimizer.verify.model_families import model_work
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan
from optimizer.verify.specs import EMPTY


def declared_limits(facts: Facts, plan: Plan, money: Money) -> pd.DataFrame:
    """One row per limit, place and period: use, allowed, slack, step, unit and required.

    A limit of nothing that nobody uses need not be told where it only says that nothing stands
    there (site_power, halls, demand); nor a least build of nothing.
    """
    inst = facts.inst
    sites = places_at(plan, inst.sites)
    serving = _serving(facts)
    least_unit = _least(np.broadcast_to(facts.it_mw, facts.fits.shape), serving)
    saved = np.einsum("snt,n->st", plan.works, facts.networks.saved)
    least_draw = _least(facts.meter_mw, serving) * (1.0 - saved)
    rate = install_limit_mw(facts)
    parts = [
        limit_part(
            "site_power", sites, (plan.meter_mw, connection_for_units(facts, plan)), least_draw
        ),
        limit_part(
            "grid_region_power",
            places_at(plan, inst.grid_regions),
            (grid_region_power(facts, plan), grid_region_cap(facts, plan)),
            _region_steps(facts, least_draw),
        ),
        limit_part("halls", sites, (plan.it_mw, plan.hall_mw), least_unit),
        limit_part("install_rate", sites, (installed_mw(facts, plan), rate), least_unit),
        limit_part(
            "quota",
            places_at(plan, inst.quotas),
            (quota_use(facts, plan), quota_allowed(facts)),
            _quota_steps(facts),
            [quota.counts for quota in inst.quotas.values()],
        ),
        limit_part(
            "budget",
            places_at(plan, inst.budget.pools),
            pool_use(facts, plan, money),
            pool_steps(facts),
            "MUSD",
        ),
        borrowing(facts, plan),
        running_costs(facts, plan, money),
        carbon(facts, plan),
        tokens_per_mwh(facts, plan),
        limit_part("water", sites, water_use(facts, plan), np.zeros(len(sites)), "1000 m3"),
        _min_build(facts, plan),
        _blocks(facts, plan),
        _training(facts, plan),
        _frozen(facts, plan),
        demand(facts, plan),
        *_brownfield(facts, plan),
        limit_part(
            "rental",
            places_at(plan, inst.rentals),
            (rented_peak(facts, plan), facts.rentals.most),
            np.zeros(len(inst.rentals)),
            "Mtok/s",
        ),
        *floors(facts, plan),
        *share_caps(facts, plan, money),
        contingencies(facts, plan),
        reserves(facts, plan),
    ]
    return pd.concat(parts, ignore_index=True)


def _serving(facts: Facts) -> Bools:
    """True, by site, unit type and period, if a possible order could serve in the period."""
    serving = np.zeros_like(facts.possible)
    when = facts.unit_service
    for t in range(facts.calendar.count):
        inside = (when.first <= t) & (t <= when.last)
        serving[:, :, t] = (facts.possible & inside).any(axis=2)
    return serving


def _least(amounts: Floats, among: Bools) -> Floats:
    """The least amount of each site and period among the types marked; 0 if none is."""
    least = np.where(among, amounts[:, :, None], np.inf).min(axis=1)
    return np.where(np.isfinite(least), least, 0.0)


def _region_steps(facts: Facts, least_draw: Floats) -> Floats:
    """Meter power of the smallest unit that could serve, by grid region and period [MW]."""
    region = [site.grid_region for site in facts.inst.sites.values()]
    steps = np.zeros((len(facts.inst.grid_regions), facts.calendar.count))
    for g, name in enumerate(facts.inst.grid_regions):
        draws = least_draw[[name == own for own in region]]
        least = np.where(draws > 0, draws, np.inf).min(axis=0, initial=np.inf)
        steps[g] = np.where(np.isfinite(least), least, 0.0)
    return steps


def _quota_steps(facts: Facts) -> Floats:
    """What one more unit takes of each quota [units or accelerators]."""
    units = facts.inst.unit_types
    return np.array(
        [
            min((units[u].accelerators for u in quota.unit_types), default=1)
            if quota.counts == "accelerators"
            else 1.0
            for quota in facts.inst.quotas.values()
        ],
        dtype=float,
    )


def _min_build(facts: Facts, plan: Plan) -> pd.DataFrame:
    """The least build of the sites that the plan opens, for the horizon as a whole."""
    least = least_build_mw(facts, plan)[:, None]
    built = (facts.block_mw[:, None] * plan.blocks).sum(axis=1, keepdims=True)
    opened = (plan.opened.sum(axis=1) > 0) & (least[:, 0] > 0)
    at = places_at(plan, facts.inst.sites)[opened]
    rows = limit_part("min_build", at, (built[opened], least[opened]), np.zeros(len(at)))
    return rows.assign(period=EMPTY, slack=rows["use"] - rows["allowed"], required=True)


def _blocks(facts: Facts, plan: Plan) -> pd.DataFrame:
    """The least block of every cluster that stands."""
    places, periods, use, least = block_use(facts, plan)
    at = places_at(plan, places)
    nothing = np.zeros(len(at))
    rows = limit_part("cluster", at, (use[:, None], least[:, None]), nothing, "units")
    return rows.assign(period=periods.astype(np.int64), slack=use - least, required=True)


def _training(facts: Facts, plan: Plan) -> pd.DataFrame:
    """The least training of every site that trains a model family."""
    inst, work = facts.inst, model_work(facts, plan)
    at = places_at(plan, [f"{f}/{s}" for f in inst.model_families for s in inst.sites])
    use = work.trained.reshape(len(at), facts.calendar.count)
    allowed = np.repeat(work.least, len(inst.sites), axis=0)
    rows = limit_part("model_training", at, (use, allowed), np.zeros(len(at)), "Mtok/s")
    rows = rows.assign(slack=rows["use"] - rows["allowed"])
    return rows[work.trains.ravel()]


def _frozen(facts: Facts, plan: Plan) -> pd.DataFrame:
    """What is opened and ordered in frozen periods, by site."""
    agreed = read_agreed(facts, plan)
    sites, shape = len(facts.inst.sites), (len(facts.inst.sites), facts.calendar.count)
    ordered, committed = np.zeros(shape), np.zeros(shape)
    np.add.at(ordered, agreed.site, agreed.ordered)
    np.add.at(committed, agreed.site, agreed.committed)
    allowed = np.where(agreed.frozen, committed, np.inf)
    at = places_at(plan, facts.inst.sites)
    return limit_part("frozen", at, (ordered, allowed), np.zeros(sites), "orders")


def _brownfield(facts: Facts, plan: Plan) -> list[pd.DataFrame]:
    """What can be converted and leased."""
    brown = facts.brownfield
    sites = places_at(plan, facts.inst.sites)
    exists = np.where(brown.has_mine[:, None], brown.mining_mw, np.inf)
    offered = np.where(brown.has_shell[:, None] & ~brown.in_lead, brown.leasable_mw, np.inf)
    return [
        limit_part("conversion", sites, (plan.converted, exists), brown.conversion_block),
        limit_part("lease", sites, (plan.leased, offered), brown.lease_block),
    ]
