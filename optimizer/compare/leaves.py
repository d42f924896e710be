"""An instance as single values, each under the dotted path that `with_changes` knows it by."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from models.entities.base import ALWAYS, Entity
from models.instance import Instance
from models.shape import Shape, of_field

EVERY = "*"
"""In a pattern: where a name, a key or a date stands."""


class Key(NamedTuple):
    """Where a value or a record stands."""

    pattern: tuple[str, ...]
    """Names of fields, with `EVERY` for each name, key and date between them."""

    slots: tuple[str, ...]
    """These names, keys and dates; '' for the date of a value that always holds."""

    @property
    def path(self) -> str:
        """The dotted path."""
        slots = iter(self.slots)
        parts = [next(slots) if part == EVERY else part for part in self.pattern]
        return ".".join(part for part in parts if part)


class Leaves(NamedTuple):
    """The content of an instance."""

    values: dict[Key, Any]
    """Numbers, texts, lists and dates; None for what is not set."""

    records: dict[Key, Entity]
    """The entries of tables and the rows of lists."""

    owners: dict[Key, Key]
    """The record that a value belongs to, where it belongs to one."""


def leaves(inst: Instance) -> Leaves:
    """All values and records of an instance, in order."""
    found = Leaves({}, {}, {})
    for key, value, owner in _record(inst, Key((), ()), None, found):
        found.values[key] = value
        if owner is not None:
            found.owners[key] = owner
    return found


Found = tuple[Key, Any, Key | None]


def _record(record: Entity, at: Key, owner: Key | None, found: Leaves) -> Iterator[Found]:
    for name, field in type(record).model_fields.items():
        if name not in type(record).key:
            inner = Key((*at.pattern, name), at.slots)
            yield from _value(getattr(record, name), of_field(field), inner, owner, found)


def _value(value: Any, shape: Shape, at: Key, owner: Key | None, found: Leaves) -> Iterator[Found]:
    if shape.kind == "record":
        yield from _record(value, at, owner, found)
    elif shape.kind in ("table", "rows"):
        for names, record in entries(value, shape):
            key = Key((*at.pattern, *[EVERY] * len(names)), (*at.slots, *names))
            found.records[key] = record
            yield from _record(record, key, key, found)
    elif shape.kind in ("steps", "map"):
        value = value or {}
        always = list(value) == [ALWAYS]
        for name, amount in sorted(value.items()) if shape.kind == "steps" else value.items():
            slot = "" if always else _text(name)
            yield Key((*at.pattern, EVERY), (*at.slots, slot)), amount, owner
    else:
        yield at, _plain(value), owner


def entries(value: Any, shape: Shape) -> Iterator[tuple[tuple[str, ...], Entity]]:
    """The records of a table, or the rows of a list, each with its names."""
    if shape.kind == "table":
        for name, record in value.items():
            yield (name,), record
    else:
        met: Counter[tuple[str, ...]] = Counter()
        for row in value:
            names = tuple(_text(getattr(row, column)) for column in row.key)
            met[names] += 1
            again = f" ({met[names]})" if met[names] > 1 else ""
            yield (*names[:-1], names[-1] + again), row


def _text(key: object) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return "; ".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, date) else value
