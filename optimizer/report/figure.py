"""What a report is made of: sections with facts and figures; every figure has its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from optimizer.report.columns import Column, column

Spec = dict[str, Any]
"""A chart in Vega-Lite; its data are called `table`, and others by the names in `Figure.data`."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One number that stands large: what it is, the number with its unit, and a remark."""

    what: str
    value: str
    remark: str = ""


@dataclass(frozen=True, eq=False)
class Figure:
    """A chart with its table, or a table alone.

    Attributes:
        key: its name in addresses, files and `plan.plot`, in lower case with hyphens.
        title: what it shows.
        note: how to read it.
        table: what it shows, as a table.
        chart: how it is drawn; None where the table is shown at once.
        pick: the column by whose values the reader chooses what is drawn.
        every: what the choice of all rows is called; empty where one value has to be chosen.
        data: further rows that the chart draws, by name: texts and numbers only.
        heads: words for columns whose names do not say enough.
        unit: of what is drawn; it stands behind the title.
        closed: whether a table that has no chart is shown on demand only.
        view: `map` and `sides` are drawn by scripts of their own, all others as they stand.
    """

    key: str
    title: str
    note: str
    table: pd.DataFrame
    chart: Spec | None = None
    pick: str = ""
    every: str = "all"
    data: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    view: str = "chart"
    unit: str = ""
    closed: bool = False

    @cached_property
    def columns(self) -> list[Column]:
        """The columns of the table, as they are shown."""
        found = [column(str(name), self.table[name]) for name in self.table.columns]
        return [
            Column(one.name, self.heads.get(one.name, one.head), one.unit, one.kind, one.digits)
            for one in found
        ]

    @property
    def choices(self) -> list[str]:
        """What the reader can choose from, in the order of the table."""
        return list(dict.fromkeys(map(str, self.table[self.pick]))) if self.pick else []


@dataclass(frozen=True, eq=False)
class Section:
    """A part of a report.

    Attributes:
        key: its name in addresses.
        title: its heading.
        lead: what it says, in sentences.
        facts: numbers that stand large.
        figures: charts and tables.
        pairs: short texts by name, below the figures.
    """

    key: str
    title: str
    lead: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    figures: Sequence[Figure] = ()
    pairs: Sequence[tuple[str, str]] = ()
