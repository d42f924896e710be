"""Budget: what is spent on sites, halls and units fits what the pools are granted (B1)."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.money import Money


def check(facts: Facts, money: Money, findings: Findings) -> None:
    """Check B1."""
    names, periods = list(facts.inst.budget.pools), facts.calendar.names
    spent, granted = pool_use(facts, money)
    findings.at_most(
        "budget",
        spent,
        granted,
        lambda p, t: (
            f"the pool {names[p]} spends {amount(spent[p, t], 'MUSD')} "
            f"{'up to' if facts.inst.budget.pools[names[p]].carry_over else 'in'} {periods[t]}, "
            f"{amount(spent[p, t] - granted[p, t], 'MUSD')} over its grants of "
            f"{amount(granted[p, t], 'MUSD')}"
        ),
    )


def pool_use(facts: Facts, money: Money) -> tuple[Floats, Floats]:
    """Spending and grants by pool and period; with carry-over, summed up [MUSD]."""
    spending, granted = money.investment, facts.grants
    spent = np.array([spending[facts.pool == p].sum(axis=0) for p in range(len(granted))])
    spent = spent.reshape(granted.shape)
    carries = np.array([pool.carry_over for pool in facts.inst.budget.pools.values()], dtype=bool)
    return (
        np.where(carries[:, None], np.cumsum(spent, axis=1), spent),
        np.where(carries[:, None], np.cumsum(granted, axis=1), granted),
    )
