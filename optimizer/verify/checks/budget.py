"""Budget: what falls due fits what the pools are granted and borrow (B1)."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.findings import Findings, amount
from optimizer.verify.money import Money
from optimizer.verify.plan import Plan
from optimizer.verify.soft import over


def check(facts: Facts, plan: Plan, money: Money, findings: Findings) -> None:
    """Check B1."""
    names, periods = list(facts.inst.budget.pools), facts.calendar.names
    spent, granted = _paid_and_granted(facts, plan, money)
    missed = over(plan, "budget", names)
    carries = np.array([pool.carry_over for pool in facts.inst.budget.pools.values()], dtype=bool)
    missed = np.where(carries[:, None], missed.cumsum(axis=1), missed)
    funds = granted + plan.debt + missed
    findings.at_most(
        "budget",
        spent,
        funds,
        lambda p, t: (
            f"the pool {names[p]} spends {amount(spent[p, t], 'MUSD')} "
            f"{'up to' if facts.inst.budget.pools[names[p]].carry_over else 'in'} {periods[t]}, "
            f"{amount(spent[p, t] - funds[p, t], 'MUSD')} over its grants"
            f"{' and debt' if plan.debt[p, t] else ''} of {amount(funds[p, t], 'MUSD')}"
        ),
    )


def pool_use(facts: Facts, plan: Plan, money: Money) -> tuple[Floats, Floats]:
    """What pools pay, and their grants with what they may borrow, as limits are told [MUSD]."""
    spent, granted = _paid_and_granted(facts, plan, money)
    return spent, granted + facts.credit


def _paid_and_granted(facts: Facts, plan: Plan, money: Money) -> tuple[Floats, Floats]:
    """Payments and grants by pool and period [MUSD].

    With carry-over both are summed up. Without, the debt of the period before is paid back, and
    borrowed anew as far as it goes on.
    """
    granted = facts.grants
    spent = np.array([money.investment[facts.pool == p].sum(axis=0) for p in range(len(granted))])
    spent = spent.reshape(granted.shape) + money.interest
    repaid = np.zeros(granted.shape)
    repaid[:, 1:] = plan.debt[:, :-1]
    carries = np.array([pool.carry_over for pool in facts.inst.budget.pools.values()], dtype=bool)
    return (
        np.where(carries[:, None], np.cumsum(spent, axis=1), spent + repaid),
        np.where(carries[:, None], np.cumsum(granted, axis=1), granted),
    )
