"""Reserve: units at work on workloads with a target leave enough others to stand in (R2)."""

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.checks.rows import compare_rows
from optimizer.verify.facts import Facts
from optimizer.verify.findings import ROUNDING, Findings, amount
from optimizer.verify.plan import Plan

MOST = 100_000
"""So many units are counted at most; what a connection carries is checked elsewhere."""


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check R2 and the table of reserves."""
    sites, types, workloads = (
        list(table) for table in (facts.inst.sites, facts.inst.unit_types, facts.inst.workloads)
    )
    may, able = at_work_allowed(facts, plan), _able(facts)
    aimed = ~np.isnan(_targets(facts))
    for k in np.flatnonzero(aimed):
        busy = _busy(facts, plan, int(k))
        allowed = np.broadcast_to(may[:, :, k, :, None], busy.shape)
        findings.at_most(
            "reserve",
            busy,
            allowed,
            lambda s, u, t, x, k=k, busy=busy, allowed=allowed: (
                f"{amount(busy[s, u, t, x], 'units')} of {types[u]} work at {sites[s]} in "
                f"{facts.when(t, x)} on {workloads[k]} and stricter work, but only "
                f"{amount(allowed[s, u, t, x])} are up as often as its target says"
            ),
        )
    site, unit_type, workload, period = np.indices(may.shape).reshape(4, -1)
    units = np.broadcast_to(plan.online[:, :, None, :], may.shape).ravel()
    told = (units > 0) & aimed[workload] & able[unit_type, workload]
    expected = pd.DataFrame(
        {
            "site": site,
            "unit_type": unit_type,
            "workload": workload,
            "period": period,
            "units": units,
            "reserve_units": units - may.ravel(),
            "required": True,
        }
    )
    compare_rows(plan, findings, "reserve", "reserve", pd.DataFrame(expected[told]))


def _targets(facts: Facts) -> Floats:
    """By workload; not a number without one."""
    given = [workload.availability_target for workload in facts.inst.workloads.values()]
    return np.array([np.nan if target is None else target for target in given])


def _able(facts: Facts) -> Bools:
    """True, by unit type and workload, if a unit makes any tokens."""
    able: Bools = facts.tokens.max(axis=(0, 3)) > 0
    return able


def _busy(facts: Facts, plan: Plan, k: int) -> Floats:
    """Units at work on a workload and stricter ones, by site, unit type, period and slice."""
    targets = _targets(facts)
    with np.errstate(invalid="ignore"):
        strict = targets >= targets[k]
    busy: Floats = plan.runs[:, :, strict].sum(axis=2)
    return busy


def at_work_allowed(facts: Facts, plan: Plan) -> Floats:
    """Units that may be at work, by site, unit type, workload and period; all without a target."""
    allowed = np.repeat(plan.online[:, :, None, :], len(facts.inst.workloads), axis=2)
    units = np.clip(np.nan_to_num(np.round(plan.online)), 0, MOST).astype(np.int64)
    for u, unit in enumerate(facts.inst.unit_types.values()):
        for k, target in enumerate(_targets(facts)):
            if not np.isnan(target):
                known = {int(n): most_at_work(int(n), unit.availability, target)
                         for n in np.unique(units[:, u])}  # fmt: skip
                allowed[:, u, k] = np.vectorize(known.__getitem__, otypes=[float])(units[:, u])
    return allowed


def most_at_work(units: int, availability: float, target: float) -> int:
    """The largest number of which as many are up with the probability asked for."""
    from scipy.special import bdtr  # slow to import, and few plans have a target

    fewer = np.arange(units + 1)
    # P(fewer than k are up) must be at most 1 − target; equal decimals may differ in last digits.
    missed = np.where(fewer > 0, bdtr(np.maximum(fewer - 1, 0), units, availability), 0.0)
    return int(np.flatnonzero(missed <= (1.0 - target) * (1.0 + ROUNDING)).max())


def target_work(facts: Facts, plan: Plan, k: int) -> tuple[Floats, Floats, Bools]:
    """Units at work in the busiest slice, units that may be, and if there are any, by period."""
    able = _able(facts)[:, k]
    busy = _busy(facts, plan, k)[:, able].sum(axis=(0, 1)).max(axis=1)
    there: Bools = plan.online[:, able].sum(axis=(0, 1)) > 0
    allowed: Floats = at_work_allowed(facts, plan)[:, able, k].sum(axis=(0, 1))
    return busy, allowed, there


def reserve_at_the_end(facts: Facts, plan: Plan) -> float:
    """Units in reserve in the last period, each for the strictest work that it can do [units]."""
    kept = plan.online[:, :, None, -1] - at_work_allowed(facts, plan)[..., -1]
    return float(np.where(_able(facts), kept, 0.0).max(axis=2).sum())
