"""Opex: what running the sites under a cap costs stays within it (B3)."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import values_on
from optimizer.verify.facts.pools import under_cap
from optimizer.verify.findings import Findings, amount
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan
from optimizer.verify.soft import over


def check(facts: Facts, plan: Plan, money: Money, findings: Findings) -> None:
    """Check B3."""
    names, periods = list(facts.inst.budget.opex_caps), facts.calendar.names
    used, allowed = opex_use(facts, money)
    allowed = allowed + over(plan, "opex", names)
    findings.at_most(
        "opex",
        used,
        allowed,
        lambda c, t: (
            f"running the sites under the cap {names[c]} costs {amount(used[c, t], 'MUSD')} in "
            f"{periods[t]}, but {amount(allowed[c, t], 'MUSD')} is allowed"
        ),
    )


def opex_use(facts: Facts, money: Money) -> tuple[Floats, Floats]:
    """Running costs and what is allowed, by cap and period [MUSD]."""
    caps = facts.inst.budget.opex_caps.values()
    used = np.zeros((len(caps), facts.calendar.count))
    allowed = np.zeros(used.shape)
    for c, cap in enumerate(caps):
        sites = under_cap(facts.inst, cap)
        used[c] = sum(money.by_site[term][sites].sum(axis=0) for term in set(cap.terms))
        allowed[c] = values_on(cap.musd_per_year, facts.calendar.start) * facts.calendar.years
    return used, allowed
