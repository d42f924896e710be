"""The limits of an instance, with their use by a plan and the smallest step that could use more."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.capital import share_due
from optimizer.verify.checks.budget import pool_use
from optimizer.verify.checks.concentration import share_use
from optimizer.verify.checks.contingencies import contingency_work
from optimizer.verify.checks.demand import optional
from optimizer.verify.checks.efficiency import efficiency
from optimizer.verify.checks.emissions import carbon_use
from optimizer.verify.checks.networks import block_use
from optimizer.verify.checks.opex import opex_use
from optimizer.verify.checks.power import (
    connection_for_units,
    grid_region_cap,
    grid_region_power,
)
from optimizer.verify.checks.rentals import rented_peak
from optimizer.verify.checks.reserve import target_work
from optimizer.verify.checks.siting import least_build_mw
from optimizer.verify.checks.sufficiency import hosted, served
from optimizer.verify.checks.supply import (
    install_limit_mw,
    installed_mw,
    quota_allowed,
    quota_use,
)
from optimizer.verify.checks.water import water_use
from optimizer.verify.commitments import read_agreed
from optimizer.verify.facts import Facts
from optimizer.verify.facts.dependence import holders
from optimizer.verify.model_families import model_work
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan
from optimizer.verify.tables import EMPTY, LIMITS


def declared_limits(facts: Facts, plan: Plan, money: Money) -> pd.DataFrame:
    """One row per limit, place and period: use, allowed, slack, step, unit and required.

    A limit of nothing that nobody uses need not be told where it only says that nothing stands
    there (site_power, halls, demand); nor a least build of nothing.
    """
    inst = facts.inst
    sites = _at(plan, inst.sites)
    serving = _serving(facts)
    least_unit = _least(np.broadcast_to(facts.it_mw, facts.fits.shape), serving)
    saved = np.einsum("snt,n->st", plan.works, facts.networks.saved)
    least_draw = _least(facts.meter_mw, serving) * (1.0 - saved)
    rate = install_limit_mw(facts)
    parts = [
        _part("site_power", sites, (plan.meter_mw, connection_for_units(facts, plan)), least_draw),
        _part(
            "grid_region_power",
            _at(plan, inst.grid_regions),
            (grid_region_power(facts, plan), grid_region_cap(facts, plan)),
            _region_steps(facts, least_draw),
        ),
        _part("halls", sites, (plan.it_mw, plan.hall_mw), least_unit),
        _part("install_rate", sites, (installed_mw(facts, plan), rate), least_unit),
        _part(
            "quota",
            _at(plan, inst.quotas),
            (quota_use(facts, plan), quota_allowed(facts)),
            _quota_steps(facts),
            [quota.counts for quota in inst.quotas.values()],
        ),
        _part(
            "budget",
            _at(plan, inst.budget.pools),
            pool_use(facts, plan, money),
            _pool_steps(facts),
            "MUSD",
        ),
        _borrowing(facts, plan),
        _opex(facts, plan, money),
        _carbon(facts, plan),
        _efficiency(facts, plan),
        _part("water", sites, water_use(facts, plan), np.zeros(len(sites)), "1000 m3"),
        _min_build(facts, plan),
        _blocks(facts, plan),
        _training(facts, plan),
        _frozen(facts, plan),
        _demand(facts, plan),
        *_brownfield(facts, plan),
        _part(
            "rental",
            _at(plan, inst.rentals),
            (rented_peak(facts, plan), facts.rentals.most),
            np.zeros(len(inst.rentals)),
            "Mtok/s",
        ),
        *_floors(facts, plan),
        *_caps(facts, plan, money),
        _contingencies(facts, plan),
        _reserves(facts, plan),
    ]
    return pd.concat(parts, ignore_index=True)


def _part(
    limit: str,
    at: Ints,
    use_and_allowed: tuple[Floats, Floats],
    step: Floats,
    unit: str | list[str] = "MW",
) -> pd.DataFrame:
    """Rows for each place and period where the limit is finite; `step` by place (and period)."""
    use, allowed = use_and_allowed
    steps = np.broadcast_to(step if step.ndim == 2 else step[:, None], use.shape)
    places, period = np.broadcast_arrays(at[:, None], np.arange(use.shape[1]))
    units = np.broadcast_to(np.array(unit, dtype=object), len(at))
    told_when_empty = limit not in {"site_power", "halls", "demand"}
    rows = pd.DataFrame(
        {
            "limit": LIMITS.index(limit),
            "at": places.ravel(),
            "period": period.ravel(),
            "use": use.ravel(),
            "allowed": allowed.ravel(),
            "slack": (allowed - use).ravel(),
            "step": steps.ravel(),
            "unit": np.repeat(units, use.shape[1]),
            "required": told_when_empty | (use > 0).ravel() | (allowed > 0).ravel(),
        }
    )
    return pd.DataFrame(rows[np.isfinite(rows["allowed"])])


def _at(plan: Plan, places: Iterable[str]) -> Ints:
    """Positions of names in the column `at`."""
    return np.array([plan.names["at"].index(place) for place in places], dtype=np.int64)


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


def _pool_steps(facts: Facts) -> Floats:
    """The least that falls due for one unit, by pool and period; 0 if nothing can [MUSD]."""
    steps = np.full(facts.grants.shape, np.inf)
    prices = np.where(facts.possible, facts.unit_capex[:, :, None], np.inf)
    for u, unit in enumerate(facts.inst.unit_types.values()):
        shares = share_due(facts.calendar, unit.payments)
        due = np.where(shares > 0, prices[:, u, :, None] * np.maximum(shares, 1e-300), np.inf)
        for p in range(len(steps)):
            for s in np.flatnonzero(facts.pool == p):
                steps[p] = np.minimum(steps[p], due[s].min(axis=0))
    return np.where(np.isfinite(steps), steps, 0.0)


def _borrowing(facts: Facts, plan: Plan) -> pd.DataFrame:
    """What pools owe and may owe; only those that may borrow at some time."""
    may = facts.credit.any(axis=1)
    at = _at(plan, np.array(list(facts.inst.budget.pools), dtype=object)[may])
    return _part("borrowing", at, (plan.debt[may], facts.credit[may]), np.zeros(len(at)), "MUSD")


def _opex(facts: Facts, plan: Plan, money: Money) -> pd.DataFrame:
    """Running costs under each cap."""
    at = _at(plan, facts.inst.budget.opex_caps)
    return _part("opex", at, opex_use(facts, money), np.zeros(len(at)), "MUSD")


def _carbon(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Emissions under each cap."""
    at = _at(plan, facts.inst.carbon.caps)
    return _part("carbon", at, carbon_use(facts, plan), np.zeros(len(at)), "ktCO2")


def _efficiency(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Tokens per MWh under each floor, where energy is drawn."""
    at = _at(plan, facts.inst.efficiency_floors)
    made, mwh, floor = efficiency(facts, plan)
    draws = mwh > 0
    use = np.where(draws, made / np.where(draws, mwh, 1.0), 0.0)
    rows = _part("efficiency", at, (use, floor), np.zeros(len(at)), "Mtok/MWh")
    return rows.assign(slack=rows["use"] - rows["allowed"])[draws.ravel()]


def _min_build(facts: Facts, plan: Plan) -> pd.DataFrame:
    """The least build of the sites that the plan opens, for the horizon as a whole."""
    least = least_build_mw(facts, plan)[:, None]
    built = (facts.block_mw[:, None] * plan.blocks).sum(axis=1, keepdims=True)
    opened = (plan.opened.sum(axis=1) > 0) & (least[:, 0] > 0)
    at = _at(plan, facts.inst.sites)[opened]
    rows = _part("min_build", at, (built[opened], least[opened]), np.zeros(len(at)))
    return rows.assign(period=EMPTY, slack=rows["use"] - rows["allowed"], required=True)


def _blocks(facts: Facts, plan: Plan) -> pd.DataFrame:
    """The least block of every cluster that stands."""
    places, periods, use, least = block_use(facts, plan)
    at = _at(plan, places)
    nothing = np.zeros(len(at))
    rows = _part("cluster", at, (use[:, None], least[:, None]), nothing, "units")
    return rows.assign(period=periods.astype(np.int64), slack=use - least, required=True)


def _training(facts: Facts, plan: Plan) -> pd.DataFrame:
    """The least training of every site that trains a model family."""
    inst, work = facts.inst, model_work(facts, plan)
    at = _at(plan, [f"{f}/{s}" for f in inst.model_families for s in inst.sites])
    use = work.trained.reshape(len(at), facts.calendar.count)
    allowed = np.repeat(work.least, len(inst.sites), axis=0)
    rows = _part("model_training", at, (use, allowed), np.zeros(len(at)), "Mtok/s")
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
    at = _at(plan, facts.inst.sites)
    return _part("frozen", at, (ordered, allowed), np.zeros(sites), "orders")


def _brownfield(facts: Facts, plan: Plan) -> list[pd.DataFrame]:
    """What can be converted and leased."""
    brown = facts.brownfield
    sites = _at(plan, facts.inst.sites)
    exists = np.where(brown.has_mine[:, None], brown.mining_mw, np.inf)
    offered = np.where(brown.has_shell[:, None] & ~brown.in_lead, brown.leasable_mw, np.inf)
    return [
        _part("conversion", sites, (plan.converted, exists), brown.conversion_block),
        _part("lease", sites, (plan.leased, offered), brown.lease_block),
    ]


def _demand(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Demand that must be served, by workload."""
    streams, workloads = facts.streams, facts.inst.workloads
    shape = (len(workloads), facts.calendar.count)
    served, demand = np.zeros(shape), np.zeros(shape)
    np.add.at(served, streams.workload, plan.served @ facts.slices.share)
    np.add.at(demand, streams.workload, streams.demand @ facts.slices.share)
    strict = ~optional(facts)
    names = [name for name, must in zip(workloads, strict, strict=True) if must]
    nothing = np.zeros(len(names))
    return _part("demand", _at(plan, names), (served[strict], demand[strict]), nothing, "Mtok/s")


def _floors(facts: Facts, plan: Plan) -> Iterator[pd.DataFrame]:
    """What territories serve and host, where a floor asks for something."""
    at, nothing = _at(plan, facts.inst.sufficiency), np.zeros(len(facts.inst.sufficiency))
    for limit, (use, least), unit in (
        ("sufficiency_share", served(facts, plan), "Mtok/s"),
        ("sufficiency_mw", hosted(facts, plan), "MW"),
    ):
        asked = np.where(least > 0, least, np.inf)
        rows = _part(limit, at, (use, asked), nothing, unit)
        yield rows.assign(slack=rows["use"] - rows["allowed"], required=True)


def _caps(facts: Facts, plan: Plan, money: Money) -> Iterator[pd.DataFrame]:
    """What each holder of a capped kind has, and what it may have at the most."""
    use, most = share_use(facts, plan, money)
    caps = facts.inst.concentration
    for of, unit in (("tokens", "Mtok/s"), ("it_mw", "MW"), ("capital", "MUSD")):
        own = [i for i, (c, _) in enumerate(holders(facts.inst)) if caps[c].share_of == of]
        names = [f"{c}/{h}" for c, h in holders(facts.inst) if caps[c].share_of == of]
        rows = _part(
            f"{of}_share", _at(plan, names), (use[own], most[own]), np.zeros(len(own)), unit
        )
        yield rows.assign(required=True)


def _contingencies(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Units at work in each contingency, in the periods in which something is asked for."""
    names = facts.contingencies.names
    shape = (len(names), facts.calendar.count)
    work, there, asked = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    for x in range(len(names)):
        work[x], there[x], asked[x] = contingency_work(facts, plan, x)
    rows = _part("contingency", _at(plan, names), (work, there), np.ones(len(names)), "units")
    return rows[asked.ravel()]


def _reserves(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Units at work under each availability target, where any are in service."""
    workloads = list(facts.inst.workloads.values())
    aimed = [k for k, one in enumerate(workloads) if one.availability_target is not None]
    names = [list(facts.inst.workloads)[k] for k in aimed]
    shape = (len(names), facts.calendar.count)
    work, may, there = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    for i, k in enumerate(aimed):
        work[i], may[i], there[i] = target_work(facts, plan, k)
    rows = _part("reserve", _at(plan, names), (work, may), np.ones(len(names)), "units")
    return rows[there.ravel()]
