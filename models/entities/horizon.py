"""The planning horizon: consecutive periods, each with a start date and a length in months."""

from datetime import date
from typing import Annotated, NamedTuple, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from models.calendar import SECONDS_PER_DAY, add_months, years_between
from models.entities.base import Count, Day, Entity


class Period(NamedTuple):
    """One planning step: it runs from `start` up to, not including, `end`."""

    name: str
    start: date
    end: date
    months: int

    @property
    def years(self) -> float:
        """Length [years of 365.25 days]."""
        return years_between(self.start, self.end)

    @property
    def seconds(self) -> float:
        """Length [s]."""
        return (self.end - self.start).days * SECONDS_PER_DAY

    @property
    def middle(self) -> date:
        """The day half-way, where operation is paid and demand is read."""
        return self.start + (self.end - self.start) / 2


class Slice(Entity):
    """A part of the day in every period; the slices together are the 24 hours, each once."""

    from_hour: Annotated[Count, Field(ge=0, le=23)]
    """First hour [hours UTC]."""

    hours: Annotated[Count, Field(ge=1, le=24)]
    """Length; past midnight it goes on from hour 0 [hours]."""

    def utc_hours(self) -> tuple[int, ...]:
        """The hours of the day that it covers, 0 to 23 in UTC."""
        return tuple((self.from_hour + n) % 24 for n in range(self.hours))


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, int | float | str) else value


Lengths = Annotated[
    tuple[Annotated[Count, Field(ge=1, le=120)], ...],
    BeforeValidator(_one_or_many),
    WithJsonSchema(
        {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}
    ),
]


class Horizon(Entity):
    """The periods of the plan, one after the other without gaps."""

    start: Day
    """First day of the first period."""

    months: Lengths
    """Length of every period (one number, with `count`) or of each period (a list) [months]."""

    count: Annotated[Count, Field(ge=1, le=240)] | None = None
    """Number of periods, when `months` is one number."""

    @model_validator(mode="after")
    def _lengths_are_clear(self) -> Self:
        if not self.months:
            raise ValueError("months must give at least one length")
        if self.count is not None and len(self.months) > 1:
            raise ValueError("give either one length with a count, or a list of lengths; not both")
        if len(self.months) * (self.count or 1) > 240:
            raise ValueError("must not have more than 240 periods")
        if sum(self.months) * (self.count or 1) > 1200:
            raise ValueError("must not be longer than 100 years")
        return self

    def periods(self) -> tuple[Period, ...]:
        """The periods in order; named 2027, 2027Q1 or 2027-01 after their start and length."""
        out = []
        passed = 0
        for months in self.months * (self.count or 1):
            start = add_months(self.start, passed)
            passed += months
            out.append(Period(_name(start, months), start, add_months(self.start, passed), months))
        return tuple(out)


def _name(start: date, months: int) -> str:
    if start.day == 1 and months == 12 and start.month == 1:
        return f"{start.year}"
    if start.day == 1 and months == 3 and start.month % 3 == 1:
        return f"{start.year}Q{start.month // 3 + 1}"
    return f"{start:%Y-%m}" if start.day == 1 else start.isoformat()
