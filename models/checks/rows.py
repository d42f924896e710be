"""Rows of list tables: none may say again what another one says."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.checks.references import records
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance

_TABLES = (
    "throughput",
    "initial_units",
    "mines",
    "shells",
    "residency",
    "demand",
    "rtt",
    "city_rtt",
    "network_prices",
    "local_control_planes",
    "volume_tiers",
    "protection",
)
_EITHER_WAY = ("city_rtt", "network_prices")
"""Tables whose two names may be exchanged without a change of meaning."""


def find(inst: "Instance") -> Iterator[Problem]:
    """Rows that repeat the key of an earlier row."""
    for table in _TABLES:
        seen = set()
        for path, row in records(inst, table):
            key = tuple(getattr(row, column) for column in row.key)
            same = tuple(sorted(key)) if table in _EITHER_WAY else key
            if same in seen:
                names = ", ".join(str(part) for part in key if part is not None) or "everything"
                yield Problem(path, f"repeats an earlier row: {names} is already given.")
            seen.add(same)
