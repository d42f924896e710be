"""Concentration: nobody holds more than a share of the plan (K4, K5, K6)."""

import numpy as np

from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.dependence import holders, offers_held, shares_on
from optimizer.verify.findings import Findings, amount
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan

UNITS = {"tokens": "Mtok/s", "it_mw": "MW", "capital": "MUSD"}


def check(facts: Facts, plan: Plan, money: Money, findings: Findings) -> None:
    """Check K4, K5 and K6."""
    names, periods, caps = list(holders(facts.inst)), facts.calendar.names, facts.inst.concentration
    use, most = share_use(facts, plan, money)
    findings.at_most(
        "concentration",
        use,
        most,
        lambda i, t: (
            f"{names[i][1]} holds {amount(use[i, t], UNITS[caps[names[i][0]].share_of])} in "
            f"{periods[t]}; the cap {names[i][0]} allows {amount(most[i, t])}"
        ),
    )


def share_use(facts: Facts, plan: Plan, money: Money) -> tuple[Floats, Floats]:
    """What each holder has, and the most, by cap and holder, and period; infinite for no cap."""
    held, rented = holders(facts.inst), offers_held(facts.inst)
    use = np.zeros((len(held), facts.calendar.count))
    most = np.zeros(use.shape)
    for i, ((c, h), own) in enumerate(held.items()):
        cap = facts.inst.concentration[c]
        use[i], total = _amounts(facts, plan, money, own, cap.share_of, cap.by)
        if cap.share_of == "tokens":
            use[i] += plan.bought[rented[c, h]].sum(axis=0)
            total = total + plan.bought.sum(axis=0)
        share = shares_on(cap.most_share, facts.calendar.start)
        most[i] = np.where(np.isinf(share), np.inf, np.where(np.isinf(share), 0.0, share) * total)
    return use, most


def _amounts(
    facts: Facts, plan: Plan, money: Money, own: Bools, of: str, by: str
) -> tuple[Floats, Floats]:
    """What a holder has of the tokens made, power or capital, and the total, by period."""
    types, sites = by in ("vendor", "generation"), np.asarray(own.any(axis=1))
    if of == "it_mw":
        power = plan.online * facts.it_mw[:, None]
        return (power * own[:, :, None]).sum(axis=(0, 1)), power.sum(axis=(0, 1))
    if of == "capital":
        total = money.ordered.sum(axis=0).cumsum()
        bought = facts.unit_capex[:, :, None] * plan.orders * own[:, :, None]
        part = bought.sum(axis=(0, 1)) if types else money.ordered[sites].sum(axis=0)
        return part.cumsum(), total
    flows = plan.flows
    served = np.zeros((len(sites), facts.calendar.count))
    mean = facts.slices.share[flows.slice] * flows.mtok_s
    np.add.at(served, (flows.site, flows.period), mean)
    if not types:
        return served[sites].sum(axis=0), served.sum(axis=0)
    in_period = plan.runs @ facts.slices.share
    made = facts.tokens * in_period / facts.peak[:, None]
    return (made * own[:, :, None, None]).sum(axis=(0, 1, 2)), served.sum(axis=0)
