"""Volume tiers: what lies beyond each, by adding up the price of every unit."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import service
from optimizer.verify.plan import Plan


def ordered_beyond(plan: Plan, u: int, before: int) -> Floats:
    """Units of a type ordered in each period beyond so many in all [units]."""
    so_far = plan.orders[:, u].sum(axis=0).cumsum()
    over = np.clip(so_far - before, 0.0, None)
    newly: Floats = np.diff(over, prepend=0.0)
    return newly


def rebates(facts: Facts, plan: Plan) -> tuple[Floats, Floats]:
    """What each site saves by period, and what its units are worth less at the end [MUSD].

    Units of a type ordered in a period share what they save equally.
    """
    inst = facts.inst
    saved, lost = np.zeros(plan.opened.shape), np.zeros(len(plan.opened))
    for u, (name, unit) in enumerate(inst.unit_types.items()):
        steps = sorted(
            (r.from_units, r.price_share) for r in inst.volume_tiers if r.unit_type == name
        )
        if not steps:
            continue
        bought = plan.orders[:, u].sum(axis=0)
        price = bought * unit.capex_musd
        shares = [1.0, *(share for _, share in steps)]
        for (before, share), above in zip(steps, shares, strict=False):
            price = price - ordered_beyond(plan, u, before) * (above - share) * unit.capex_musd
        rebate = bought * unit.capex_musd - price
        part = plan.orders[:, u] / np.where(bought > 0, bought, 1.0)
        saved += part * rebate
        when = service(facts.calendar, np.array([unit.lead_months]), np.array([unit.life_years]))
        lost += part @ (rebate * np.where(when.exists, when.left, 0.0)[0])
    return saved, lost
