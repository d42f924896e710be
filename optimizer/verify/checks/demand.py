"""Demand: what is served and short is what is asked for (D1), but for work that waits (D2)."""

import numpy as np

from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check D1 and D2 for every stream and period, also for those that the tables do not name."""
    times = facts.slices.covers.sum(axis=0)
    findings.refuse(
        "demand",
        times != 1.0,
        lambda hour: f"hour {hour} of the day (UTC) lies in {times[hour]:.0f} slices, not in one",
    )
    streams, served = facts.streams, plan.served
    made_up = served + plan.shortfall
    most = deferrable(facts)[streams.workload, None, None] * streams.demand
    findings.equal(
        "demand",
        np.where(most > 0, streams.demand, made_up),
        streams.demand,
        lambda j, t, x: (
            f"{'/'.join(streams.names[j])} asks for "
            f"{amount(streams.demand[j, t, x], 'Mtok/s')} in {facts.when(t, x)}, but "
            f"{amount(served[j, t, x])} are served and {amount(plan.shortfall[j, t, x])} short"
        ),
    )
    _check_deferral(facts, made_up, most, findings)
    findings.at_most(
        "demand",
        np.where(optional(facts)[streams.workload, None, None], 0.0, plan.shortfall),
        0.0,
        lambda j, t, x: (
            f"{'/'.join(streams.names[j])} is {amount(plan.shortfall[j, t, x], 'Mtok/s')} "
            f"short in {facts.when(t, x)}, but must be served in full"
        ),
    )
    findings.at_most(
        "demand",
        plan.strays,
        0.0,
        lambda i: f"{amount(plan.strays[i], 'Mtok/s')} are short of a stream that nobody asks for",
    )


def deferrable(facts: Facts) -> Floats:
    """Part of the demand that may be served in another slice, by workload [ratio]."""
    shares = [workload.deferrable_share for workload in facts.inst.workloads.values()]
    return np.array(shares) * (len(facts.slices.names) > 1)


def _check_deferral(facts: Facts, made_up: Floats, most: Floats, findings: Findings) -> None:
    """No slice leaves more than its part to others, and a period as a whole leaves nothing."""
    streams, periods, share = facts.streams, facts.calendar.names, facts.slices.share
    waits = most > 0
    left = np.where(waits, streams.demand - made_up, 0.0)
    findings.at_most(
        "demand",
        left,
        most,
        lambda j, t, x: (
            f"{'/'.join(streams.names[j])} leaves {amount(left[j, t, x], 'Mtok/s')} of "
            f"{facts.when(t, x)} to other slices, but only {amount(most[j, t, x])} may wait"
        ),
    )
    mean, asked = made_up @ share, streams.demand @ share
    findings.equal(
        "demand",
        np.where(waits.any(axis=2), mean, asked),
        asked,
        lambda j, t: (
            f"{'/'.join(streams.names[j])} asks for {amount(asked[j, t], 'Mtok/s')} in the mean of "
            f"{periods[t]}, but in all slices together {amount(mean[j, t])} are served or short"
        ),
    )


def optional(facts: Facts) -> Bools:
    """True for the workloads that may fall short: at a price, or for the sake of profit."""
    after_profit = facts.inst.objective == "profit"
    return np.array(
        [
            work.shortfall_price_usd_per_mtok is not None
            or (after_profit and work.revenue_usd_per_mtok > 0)
            for work in facts.inst.workloads.values()
        ]
    )
