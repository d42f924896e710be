"""Demand: what is served and what is short make up what is asked for (D1)."""

import numpy as np

from optimizer.verify.arrays import Bools
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check D1 for every stream and period, also for those that the tables do not name."""
    streams, periods = facts.streams, facts.calendar.names
    served = plan.served
    findings.equal(
        "demand",
        served + plan.shortfall,
        streams.demand,
        lambda j, t: (
            f"{'/'.join(streams.names[j])} asks for "
            f"{amount(streams.demand[j, t], 'Mtok/s')} in {periods[t]}, but "
            f"{amount(served[j, t])} are served and {amount(plan.shortfall[j, t])} short"
        ),
    )
    findings.at_most(
        "demand",
        np.where(_priced(facts)[streams.workload, None], 0.0, plan.shortfall),
        0.0,
        lambda j, t: (
            f"{'/'.join(streams.names[j])} is {amount(plan.shortfall[j, t], 'Mtok/s')} "
            f"short in {periods[t]}, but must be served in full"
        ),
    )
    findings.at_most(
        "demand",
        plan.strays,
        0.0,
        lambda i: f"{amount(plan.strays[i], 'Mtok/s')} are short of a stream that nobody asks for",
    )


def _priced(facts: Facts) -> Bools:
    """True for the workloads whose shortfall has a price."""
    workloads = facts.inst.workloads.values()
    return np.array([w.shortfall_price_usd_per_mtok is not None for w in workloads])
