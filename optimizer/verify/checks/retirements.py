"""Retirement: units leave early only where that is allowed, once, and within their life."""

import numpy as np

from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check who may leave, when, and how many of each cohort (C2 to C4)."""
    sites, types = list(facts.inst.sites), list(facts.inst.unit_types)
    periods, names = facts.calendar.names, plan.names["cohort"]
    cohorts, retired = facts.cohorts, plan.retired
    leaving = retired != 0
    time = np.arange(facts.calendar.count)
    in_life = (time >= cohorts.first[..., None]) & (time <= cohorts.last[..., None])
    for holds, reason in (
        (cohorts.allowed[:, None, None], "such units serve until the end of their life"),
        (in_life, "they have not served yet, or their life is over"),
        (retired >= 0, "fewer than none cannot leave"),
    ):
        findings.refuse(
            "retirement",
            leaving & ~np.broadcast_to(holds, retired.shape),
            lambda s, u, c, t, reason=reason: (
                f"{amount(retired[s, u, c, t], 'units')} of {types[u]}, cohort {names[c]}, leave "
                f"{sites[s]} early in {periods[t]}, but {reason}"
            ),
        )
    there = cohorts.initial.copy()
    there[:, :, : facts.calendar.count] += plan.orders
    gone = retired.sum(axis=3)
    findings.at_most(
        "retirement",
        gone,
        there,
        lambda s, u, c: (
            f"{amount(gone[s, u, c], 'units')} of {types[u]}, cohort {names[c]}, leave "
            f"{sites[s]} early, but it has only {amount(there[s, u, c])}"
        ),
    )
