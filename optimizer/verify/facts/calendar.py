"""Dates: the periods, months later, values from dates, discounting, and times of service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Days, Floats, Ints

DAYS_PER_YEAR = 365.25
HOURS_PER_DAY = 24.0
SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True)
class Calendar:
    """The periods of the horizon; every array has one entry per period."""

    names: tuple[str, ...]
    start: Days
    """First day."""
    end: Days
    """Day after the last."""
    middle: Days
    """Day half-way, rounded down."""
    months: Floats
    """Length as given [months]."""
    years: Floats
    """Length [years of 365.25 days]."""
    hours: Floats
    """Length [h]."""
    seconds: Floats
    """Length [s]."""
    df_start: Floats
    """Discount factor of investment [ratio]."""
    df_middle: Floats
    """Discount factor of operation [ratio]."""
    df_end: float
    """Discount factor of the end of the horizon [ratio]."""
    base: np.datetime64
    """The day to which everything is discounted."""
    growth: float
    """One plus the discount rate [per year]."""

    def worth(self, days: Days) -> Floats:
        """Discount factor of each day [ratio]."""
        factors: Floats = self.growth ** -years_from(self.base, days)
        return factors

    @property
    def count(self) -> int:
        """Number of periods."""
        return len(self.names)


@dataclass(frozen=True)
class Service:
    """When something serves, by the period of its order (last axis)."""

    first: Ints
    """Position of the first period of service; the number of periods if there is none."""
    last: Ints
    """Position of the last one."""
    left: Floats
    """Share of the life that remains at the end of the horizon [ratio]."""

    @property
    def exists(self) -> Bools:
        """True if it serves at least one period."""
        return self.last >= self.first


def read_calendar(inst: Instance) -> Calendar:
    """The periods of an instance with their lengths and discount factors."""
    lengths = inst.horizon.months * (inst.horizon.count or 1)
    edges = np.full(len(lengths) + 1, inst.horizon.start, dtype="datetime64[D]")
    for i, passed in enumerate(np.cumsum(lengths)):
        edges[i + 1] = months_later(edges[:1], np.array(passed))[0]
    start, end = edges[:-1], edges[1:]
    days = (end - start).astype(np.int64)
    middle = start + days // 2
    base = np.datetime64(inst.finance.base_date or inst.horizon.start, "D")
    growth = 1.0 + inst.finance.discount_rate_per_year
    return Calendar(
        names=tuple(_name(day.item(), n) for day, n in zip(start, lengths, strict=True)),
        start=start,
        end=end,
        middle=middle,
        months=np.array(lengths, dtype=float),
        years=days / DAYS_PER_YEAR,
        hours=np.multiply(days, HOURS_PER_DAY, dtype=float),
        seconds=np.multiply(days, SECONDS_PER_DAY, dtype=float),
        df_start=growth ** -years_from(base, start),
        df_middle=growth ** -years_from(base, middle),
        df_end=float(growth ** -years_from(base, end[-1:])[0]),
        base=base,
        growth=growth,
    )


def _name(start: date, months: int) -> str:
    """2027 for a calendar year, 2027Q1 for a quarter, 2027-02 for what starts with a month."""
    if start.day != 1:
        return start.isoformat()
    if (start.month, months) == (1, 12):
        return str(start.year)
    if months == 3 and start.month in (1, 4, 7, 10):
        return f"{start.year}Q{(start.month + 2) // 3}"
    return start.isoformat()[:7]


def months_later(day: Days, months: Ints) -> Days:
    """The same day of a later month, or that month's last day where it is shorter."""
    month = day.astype("datetime64[M]")
    target = month + months
    last = (target + 1).astype("datetime64[D]") - 1
    shifted: Days = np.minimum(target.astype("datetime64[D]") + (day - month), last)
    return shifted


def years_from(base: np.datetime64, days: Days) -> Floats:
    """Time from `base` to each day [years of 365.25 days]."""
    years: Floats = (days - base).astype(np.int64) / DAYS_PER_YEAR
    return years


def values_on(steps: Mapping[date, float], days: Days) -> Floats:
    """The value of the latest step not after each day; 0 before the first step."""
    dates = sorted(steps)
    values = np.array([0.0, *(steps[day] for day in dates)])
    edges = np.array(dates, dtype="datetime64[D]")
    held: Floats = values[np.searchsorted(edges, days, side="right")]
    return held


def service(calendar: Calendar, lead_months: Ints, life_years: Ints) -> Service:
    """When something ordered at the start of each period serves (adds an axis: the period)."""
    delivery = months_later(calendar.start, np.asarray(lead_months)[..., None])
    first = np.searchsorted(calendar.start, delivery, side="left")
    born = calendar.start[np.minimum(first, calendar.count - 1)]
    dies = months_later(born, 12 * np.asarray(life_years)[..., None])
    last = np.searchsorted(calendar.end, dies, side="right") - 1
    remaining = (dies - calendar.end[-1]).astype(np.int64) / (dies - born).astype(np.int64)
    return Service(first, np.where(first < calendar.count, last, -1), np.maximum(0.0, remaining))


def in_service(amounts: Floats, when: Service) -> Floats:
    """What serves in each period, of the amounts ordered in each period (last axis)."""
    return _between(amounts, when, when.first)


def _between(amounts: Floats, when: Service, first: Ints) -> Floats:
    """What there is in each period, if it counts from `first` to its last period of service."""
    change = np.zeros((*amounts.shape[:-1], amounts.shape[-1] + 1))
    ordered = np.nonzero(when.exists & (amounts != 0))
    lead, moved = ordered[:-1], amounts[ordered]
    np.add.at(change, (*lead, first[ordered]), moved)
    np.add.at(change, (*lead, when.last[ordered] + 1), -moved)
    return np.cumsum(change, axis=-1)[..., :-1]


def entering(amounts: Floats, when: Service) -> Floats:
    """What enters service in each period, of the amounts ordered in each period (last axis)."""
    arrived = np.zeros(amounts.shape)
    ordered = np.nonzero(when.exists & (amounts != 0))
    np.add.at(arrived, (*ordered[:-1], when.first[ordered]), amounts[ordered])
    return arrived
