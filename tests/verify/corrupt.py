"""Ways to spoil a plan in one place; each gives a function that does it to (tables, claim)."""

from collections.abc import Callable
from typing import Any

import pandas as pd

Tables = dict[str, pd.DataFrame]
Plan = tuple[Tables, dict[str, Any]]
Corruption = Callable[[Tables, dict[str, Any]], None]


def _chosen(frame: pd.DataFrame, where: dict[str, object]) -> "pd.Series[bool]":
    chosen = pd.Series(True, index=frame.index)
    for column, value in where.items():
        chosen &= frame[column] == value
    assert chosen.any(), f"no row with {where}"
    return chosen


def put(table: str, column: str, value: object, **where: object) -> Corruption:
    """Write `value` into a column of the rows chosen."""

    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        frame = tables[table]
        chosen = _chosen(frame, where)
        cells = [value if hit else old for hit, old in zip(chosen, frame[column], strict=True)]
        tables[table] = frame.assign(**{column: cells})

    return corrupt


def scale(table: str, column: str, factor: float, **where: object) -> Corruption:
    """Multiply a column of the rows chosen."""

    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        frame = tables[table]
        chosen = _chosen(frame, where)
        tables[table] = frame.assign(
            **{column: frame[column].where(~chosen, frame[column] * factor)}
        )

    return corrupt


def drop(table: str, **where: object) -> Corruption:
    """Leave out the rows chosen."""

    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        tables[table] = tables[table][~_chosen(tables[table], where)]

    return corrupt


def add(table: str, *row: object) -> Corruption:
    """Append a row, its values in the order of the columns."""

    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        frame = tables[table]
        more = pd.DataFrame([row], columns=frame.columns)
        tables[table] = pd.concat([frame, more], ignore_index=True)

    return corrupt


def without(table: str, column: str | None = None) -> Corruption:
    """Leave out a table, or one of its columns."""

    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        if column is None:
            del tables[table]
        else:
            tables[table] = tables[table].drop(columns=column)

    return corrupt


def twice(table: str, column: str) -> Corruption:
    """Give a table a second column of the same name."""

    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        tables[table] = pd.concat([tables[table], tables[table][[column]]], axis=1)

    return corrupt


def say(value: object, *path: str) -> Corruption:
    """Write a figure of plan.json."""

    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        part = claim
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value

    return corrupt


def off(*path: str, factor: float = 1.001) -> Corruption:
    """Multiply a figure of plan.json."""

    def corrupt(tables: Tables, claim: dict[str, Any]) -> None:
        part = claim
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] *= factor

    return corrupt
