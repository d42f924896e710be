"""Capital over time: when prices fall due, and the interest on what pools owe."""

from collections.abc import Mapping, Sequence

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import Calendar, months_later

Profile = Mapping[int, float]


def share_due(calendar: Calendar, profile: Profile) -> Floats:
    """The share of a price that is paid, by period of the order and period of payment [ratio]."""
    return _laid_out(calendar, profile)[0]


def _laid_out(calendar: Calendar, profile: Profile) -> tuple[Floats, Floats]:
    """Shares by period of order and of payment, and the same times their discount factors."""
    shares = np.zeros((calendar.count, calendar.count))
    worth = np.zeros((calendar.count, calendar.count))
    ordered = np.arange(calendar.count)
    for months, share in profile.items():
        days = months_later(calendar.start, np.array(months))
        # A day belongs to the latest period that has begun; after the end that is the last one.
        paid = np.searchsorted(calendar.start, days, side="right") - 1
        np.add.at(shares, (ordered, paid), share)
        np.add.at(worth, (ordered, paid), share * calendar.worth(days))
    return shares, worth


def paid_over_time(
    calendar: Calendar, profiles: Sequence[Profile], bought: Floats
) -> tuple[Floats, Floats]:
    """Payments by site and period, and what they are worth, of what sites buy by period [MUSD].

    There is one profile for each site.
    """
    paid, worth = np.zeros(bought.shape), np.zeros(bought.shape)
    for s, profile in enumerate(profiles):
        shares, factors = _laid_out(calendar, profile)
        paid[s], worth[s] = bought[s] @ shares, bought[s] @ factors
    return paid, worth


def paid_for_units(
    calendar: Calendar, profiles: Sequence[Profile], bought: Floats
) -> tuple[Floats, Floats]:
    """The same of units, bought by site, unit type and period; one profile for each type [MUSD]."""
    shape = (bought.shape[0], calendar.count)
    paid, worth = np.zeros(shape), np.zeros(shape)
    for u, profile in enumerate(profiles):
        shares, factors = _laid_out(calendar, profile)
        paid += bought[:, u] @ shares
        worth += bought[:, u] @ factors
    return paid, worth


def read_interest(facts: Facts, debt: Floats) -> tuple[Floats, Floats, Floats]:
    """Interest by pool and period: as it accrues, as it is paid, and what the latter is worth."""
    calendar = facts.calendar
    rates = np.array([pool.interest_per_year for pool in facts.inst.budget.pools.values()])
    accrued = rates[:, None] * calendar.years * debt
    worth = accrued * calendar.worth(calendar.end)
    return accrued, _a_period_later(accrued), _a_period_later(worth)


def _a_period_later(amounts: Floats) -> Floats:
    """Each amount in the next period; that of the last one stays."""
    moved = np.zeros(amounts.shape)
    moved[:, 1:] = amounts[:, :-1]
    moved[:, -1] += amounts[:, -1]
    return moved


def borne_by_sites(facts: Facts, spent: Floats) -> Floats:
    """The part of a pool's interest that each site bears, by site and pool [ratio].

    In proportion to what the pool pays for its sites in all; in equal parts if that is nothing.
    """
    parts = np.zeros((len(spent), len(facts.grants)))
    for p in range(len(facts.grants)):
        mine = facts.pool == p
        of_pool = np.where(mine, spent, 0.0)
        total = of_pool.sum()
        parts[:, p] = of_pool / total if total > 0 else mine / max(1, mine.sum())
    return parts
