"""Demand streams and operating states: what must be served, and in which moment."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.entities.work import Demand


class Stream(NamedTuple):
    """One demand stream: what a region asks for of one workload and data class."""

    region: str
    workload: str
    data_class: str

    @property
    def name(self) -> str:
        """The name it is known by in the model and in tables."""
        return "/".join(self)


class State(NamedTuple):
    """One operating state: a moment that the fleet must serve."""

    name: str
    period: str
    scenario: str = "base"
    contingency: str = "none"
    probability: float = 1.0
    slice: str = "all"
    share: float = 1.0
    """Of the period's hours."""


def rows_by_date(rows: Iterable[Demand]) -> dict[str, list[tuple[date, int]]]:
    """Dates and positions of the rows of each stream, in order of dates."""
    found: dict[str, list[tuple[date, int]]] = {}
    for i, row in enumerate(rows):
        found.setdefault(Stream(row.region, row.workload, row.data_class).name, []).append(
            (row.date, i)
        )
    return {name: sorted(told) for name, told in found.items()}


def from_demand(rows: Iterable[Demand]) -> dict[str, Stream]:
    """The streams that the demand table names, by name, in its order."""
    streams = (Stream(row.region, row.workload, row.data_class) for row in rows)
    return {stream.name: stream for stream in dict.fromkeys(streams)}
