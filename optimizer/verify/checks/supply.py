"""Supply: what suppliers deliver (Q1) and what sites can install (Q2)."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import entering, values_on
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan
from optimizer.verify.soft import over


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check Q1 and Q2."""
    quotas, sites = facts.inst.quotas, list(facts.inst.sites)
    periods = facts.calendar.names
    names = list(quotas)
    use, missed = quota_use(facts, plan), over(plan, "quota", names)
    carries = np.array([quota.carry_over for quota in quotas.values()], dtype=bool)
    missed = np.where(carries[:, None], missed.cumsum(axis=1), missed)
    allowed = quota_allowed(facts) + missed
    findings.at_most(
        "supply",
        use,
        allowed,
        lambda q, t: (
            f"the quota {names[q]} is used with {amount(use[q, t])} "
            f"{quotas[names[q]].counts} in {periods[t]}, "
            f"{amount(use[q, t] - allowed[q, t])} over the {amount(allowed[q, t])} allowed"
        ),
    )
    new = installed_mw(facts, plan)
    most = install_limit_mw(facts) + over(plan, "install_rate", sites)
    findings.at_most(
        "supply",
        new,
        most,
        lambda s, t: (
            f"{amount(new[s, t], 'MW')} enter service at {sites[s]} in {periods[t]}, "
            f"{amount(new[s, t] - most[s, t], 'MW')} over what can be installed, "
            f"{amount(most[s, t], 'MW')}"
        ),
    )


def quota_use(facts: Facts, plan: Plan) -> Floats:
    """Orders that count for each quota, by quota and period; with carry-over, summed up."""
    inst = facts.inst
    use = np.zeros((len(inst.quotas), facts.calendar.count))
    for q, quota in enumerate(inst.quotas.values()):
        weights = np.array(
            [
                (unit.accelerators if quota.counts == "accelerators" else 1.0)
                * (name in quota.unit_types)
                for name, unit in inst.unit_types.items()
            ]
        )
        members = np.array(
            [not quota.operators or s.operator in quota.operators for s in inst.sites.values()]
        )
        use[q] = np.einsum("sut,s,u->t", plan.orders, members.astype(float), weights)
        if quota.carry_over:
            use[q] = np.cumsum(use[q])
    return use


def quota_allowed(facts: Facts) -> Floats:
    """What each quota allows, by quota and period; with carry-over, summed up."""
    calendar = facts.calendar
    allowed = np.zeros((len(facts.inst.quotas), calendar.count))
    for q, quota in enumerate(facts.inst.quotas.values()):
        allowed[q] = values_on(quota.per_year, calendar.start) * calendar.months / 12
        if quota.carry_over:
            allowed[q] = np.cumsum(allowed[q])
    return allowed


def installed_mw(facts: Facts, plan: Plan) -> Floats:
    """IT power of new units that enter service, by site and period [IT MW]."""
    new = entering(plan.orders, facts.unit_service)
    power: Floats = np.einsum("sut,u->st", new, facts.it_mw)
    return power


def install_limit_mw(facts: Facts) -> Floats:
    """Most that can enter service, by site and period; infinite without a limit [IT MW]."""
    rates = [site.install_rate_mw_per_month or np.inf for site in facts.inst.sites.values()]
    limit: Floats = np.outer(rates, facts.calendar.months)
    return limit
