"""Which parts of an instance are known to be invalid, so that no check builds on them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.instance import Instance

ANY_NAME = "*"
"""Stands for all names of a table: any of them may be missing."""

Gaps = dict[str, set[str | int]]
"""For each table (a dotted path) that is not whole: its invalid names, or positions of rows."""


def present(inst: "Instance", fields: tuple[str, ...]) -> bool:
    """True if all these fields hold valid data, maybe incomplete."""
    return all(field in inst.__dict__ for field in fields)


def is_gap(gaps: Gaps, table: str, name: str) -> bool:
    """True if a name stands in the file, or may do so, though its record is invalid."""
    names = gaps.get(table, set())
    return name in names or ANY_NAME in names
