"""When a price is paid: a payment profile, laid over the periods of the horizon."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.calendar import add_months
from models.finance import discount

if TYPE_CHECKING:
    from models.instance import Instance


class Due(NamedTuple):
    """One payment of what is ordered in a period."""

    period: str
    """The period that pays it, at its start: the one that holds the day, else the last one."""
    day: date
    """The day on which it falls due, and to which it is discounted."""
    share: float
    """Its part of the price [ratio]."""


def dues(inst: "Instance", profile: Mapping[int, float], t: str) -> tuple[Due, ...]:
    """The payments of something ordered at the start of a period, by date."""
    start = inst.periods[t].start
    return tuple(
        Due(_holding(inst, t, day), day, share)
        for months, share in profile.items()
        for day in (add_months(start, months),)
    )


def _holding(inst: "Instance", t: str, day: date) -> str:
    """The period from t on that holds a day; the last one for a day after the horizon's end."""
    if day < inst.periods[t].end:
        return t
    later = (name for name, period in inst.periods.items() if day < period.end)
    return next(later, list(inst.periods)[-1])


def due_in(
    inst: "Instance", profile: Mapping[int, float]
) -> dict[str, tuple[tuple[str, float], ...]]:
    """By period of payment: the periods of the orders that are paid for, each with its share."""
    out: dict[str, list[tuple[str, float]]] = {t: [] for t in inst.periods}
    for t in inst.periods:
        shares: dict[str, float] = {}
        for due in dues(inst, profile, t):
            shares[due.period] = shares.get(due.period, 0.0) + due.share
        for paid, share in shares.items():
            out[paid].append((t, share))
    return {t: tuple(parts) for t, parts in out.items()}


def discounted(inst: "Instance", profile: Mapping[int, float], t: str) -> float:
    """What a price of 1 MUSD for something ordered in a period is worth now [ratio]."""
    return sum(due.share * discount(inst, due.day) for due in dues(inst, profile, t))
