"""Borrowing of capital pools: how much, at what interest, and when the interest is paid."""

from itertools import pairwise
from typing import TYPE_CHECKING

from models.calendar import step_value
from models.finance import discount

if TYPE_CHECKING:
    from models.instance import Instance


def most_debt(inst: "Instance", p: str) -> dict[str, float]:
    """Most debt of a pool by period; none in the last one if it must be repaid [MUSD]."""
    pool = inst.budget.pools[p]
    most = {t: step_value(pool.borrowing, period.start) for t, period in inst.periods.items()}
    if pool.debt_at_end == "repaid":
        most[list(inst.periods)[-1]] = 0.0
    return most


def borrowers(inst: "Instance") -> list[str]:
    """The pools that may borrow, of those that pay for a site."""
    paying = set(inst.pool_of.values())
    return [p for p in inst.budget.pools if p in paying and any(most_debt(inst, p).values())]


def interest(inst: "Instance", p: str, t: str) -> float:
    """Interest on a debt of 1 MUSD over a period: rate · years [MUSD]."""
    return inst.budget.pools[p].interest_per_year * inst.periods[t].years


def discounted_interest(inst: "Instance", p: str, t: str) -> float:
    """The same, discounted from the period's end, when it falls due [MUSD]."""
    return discount(inst, inst.periods[t].end) * interest(inst, p, t)


def interest_paid_in(inst: "Instance") -> dict[str, tuple[str, ...]]:
    """By period, those whose interest is paid then: the one before; in the last, its own too."""
    names = list(inst.periods)
    paid = {t: (before,) for before, t in pairwise(names)}
    first, last = names[0], names[-1]
    return {first: (), **paid} | {last: (*paid.get(last, ()), last)}
