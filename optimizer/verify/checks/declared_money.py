"""Limits on money recomputed: pools, debts, running costs, and shares."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats
from optimizer.verify.capital import share_due
from optimizer.verify.checks.concentration import share_use
from optimizer.verify.checks.limit_parts import limit_part, places_at
from optimizer.verify.checks.opex import opex_use
from optimizer.verify.facts import Facts
from optimizer.verify.facts.dependence import holders
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan


def pool_steps(facts: Facts) -> Floats:
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


def borrowing(facts: Facts, plan: Plan) -> pd.DataFrame:
    """What pools owe and may owe; only those that may borrow at some time."""
    may = facts.credit.any(axis=1)
    at = places_at(plan, np.array(list(facts.inst.budget.pools), dtype=object)[may])
    return limit_part(
        "borrowing", at, (plan.debt[may], facts.credit[may]), np.zeros(len(at)), "MUSD"
    )


def running_costs(facts: Facts, plan: Plan, money: Money) -> pd.DataFrame:
    """Running costs under each cap."""
    at = places_at(plan, facts.inst.budget.opex_caps)
    return limit_part("opex", at, opex_use(facts, money), np.zeros(len(at)), "MUSD")


def share_caps(facts: Facts, plan: Plan, money: Money) -> Iterator[pd.DataFrame]:
    """What each holder of a capped kind has, and what it may have at the most."""
    use, most = share_use(facts, plan, money)
    caps = facts.inst.concentration
    for of, unit in (("tokens", "Mtok/s"), ("it_mw", "MW"), ("capital", "MUSD")):
        own = [i for i, (c, _) in enumerate(holders(facts.inst)) if caps[c].share_of == of]
        names = [f"{c}/{h}" for c, h in holders(facts.inst) if caps[c].share_of == of]
        rows = limit_part(
            f"{of}_share", places_at(plan, names), (use[own], most[own]), np.zeros(len(own)), unit
        )
        yield rows.assign(required=True)
