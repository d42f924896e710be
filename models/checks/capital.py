"""Capital and running costs: what is declared but never takes effect."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.borrowing import most_debt
from models.pools import covered
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def debt_that_never_is(inst: "Instance") -> Iterator[Problem]:
    """Warn of pools that say how they borrow, but cannot."""
    for p, pool in inst.budget.pools.items():
        path = ("budget", "pools", p)
        if not any(pool.borrowing.values()):
            if pool.interest_per_year or pool.debt_at_end != "repaid":
                field = "interest_per_year" if pool.interest_per_year else "debt_at_end"
                yield _warning((*path, field), "has no effect: the pool has no 'borrowing'.")
        elif not any(most_debt(inst, p).values()):
            message = (
                "allows no debt before the last period, when all must be repaid; give an earlier "
                "date, or 'debt_at_end: owed'."
            )
            yield _warning((*path, "borrowing"), message)


def caps_that_miss(inst: "Instance") -> Iterator[Problem]:
    """Warn of caps on running costs without sites, and of those that begin with nothing."""
    start = inst.horizon.start
    for c, cap in inst.budget.opex_caps.items():
        path = ("budget", "opex_caps", c)
        if not covered(inst, inst.budget.opex_caps[c]):
            yield _warning(path, "covers no site.")
        if (first := min(cap.musd_per_year)) > start:
            message = f"allows nothing before {first}; give what holds from {start} on."
            yield _warning((*path, "musd_per_year"), message)


def _warning(path: tuple[str, ...], message: str) -> Problem:
    return Problem(path, message, "warning")
