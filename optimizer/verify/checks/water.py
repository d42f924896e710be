"""Water: what sites use stays within their limits (E3)."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.environment import water_m3
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import values_on
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan

M3 = 1000.0
"""Water is limited in thousands of m3."""


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check E3."""
    sites, periods = list(facts.inst.sites), facts.calendar.names
    used, allowed = water_use(facts, plan)
    findings.at_most(
        "water",
        used,
        allowed,
        lambda s, t: (
            f"{sites[s]} uses {amount(used[s, t], 'thousand m3')} of water in {periods[t]}, but "
            f"{amount(allowed[s, t], 'thousand m3')} is allowed"
        ),
    )


def water_use(facts: Facts, plan: Plan) -> tuple[Floats, Floats]:
    """Water and what is allowed, by site and period; infinite without a limit [1000 m3]."""
    allowed = np.full(plan.opened.shape, np.inf)
    for s, site in enumerate(facts.inst.sites.values()):
        if site.water_limit_m3_per_year is not None:
            rate = values_on(site.water_limit_m3_per_year, facts.calendar.start)
            allowed[s] = rate * facts.calendar.years / M3
    return water_m3(facts, plan) / M3, allowed
