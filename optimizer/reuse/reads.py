"""What a formula reads: noted while it runs, compared with the next instance afterwards.

A path leads from the names that formulas know (`inst`, `groups`) along fields, past the names and
positions of tables: ("inst", "sites", "grid_mw") is what stands in that field of all sites,
("inst", "sites") is which sites there are.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MethodType
from typing import Any

from models.entities.base import Entity
from models.equivalence import StreamGroup

Path = tuple[str, ...]

_RECORDS = (Entity, StreamGroup)


class Notes:
    """The paths read until now; of a path that is read again and again, the first time counts."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._views: list[_View] = []

    @contextmanager
    def into(self, paths: set[Path]) -> Iterator[None]:
        """What is read meanwhile is noted in `paths` and nowhere else."""
        before, self._paths = self._paths, paths
        self._forget()
        try:
            yield
        finally:
            self._paths = before
            self._forget()

    def add(self, path: Path, view: "_View") -> None:
        """Note that a view was asked for a path, whose value it has kept."""
        self._paths.add(path)
        self._views.append(view)

    def _forget(self) -> None:
        for view in self._views:
            view.__dict__.clear()
        self._views.clear()


class _View:
    """Stands for a record, answers as it does, and notes what it was asked.

    Answers are kept until it matters again who asks: then a field costs no more than in a record.
    """

    __slots__ = ("__dict__", "_notes", "_path", "_record")

    def __init__(self, record: object, path: Path, notes: Notes) -> None:
        self._record, self._path, self._notes = record, path, notes

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._record, name)
        if isinstance(value, MethodType):
            return MethodType(value.__func__, self)
        path = (*self._path, name)
        self._notes.add(path, self)
        self.__dict__[name] = value = watched(value, path, self._notes)
        return value


def watched(value: Any, path: Path, notes: Notes) -> Any:
    """A value that stands at a path, with all records in it watched."""
    if isinstance(value, _RECORDS):
        return _View(value, path, notes)
    if is_table(value):
        if isinstance(value, Mapping):
            return {name: _View(record, path, notes) for name, record in value.items()}
        return tuple(_View(record, path, notes) for record in value)
    return value


def changed(path: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """True if something else stands at a path now; in doubt, True."""
    first, second = before[path[0]], after[path[0]]
    if first is second:
        return False
    ours, theirs = [first], [second]
    for name in path[1:]:
        ours = [getattr(one, name) for one in _records(ours)]
        theirs = [getattr(one, name) for one in _records(theirs)]
    return not same([_outline(one) for one in ours], [_outline(one) for one in theirs])


def same(first: Any, second: Any) -> bool:
    """True if two values are equal, dicts in the order of their keys as well."""
    if first is second:
        return True
    if isinstance(first, dict):
        return bool(first == second) and list(first) == list(second)
    if isinstance(first, list):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second)


def is_table(value: Any) -> bool:
    """True for a dict or a tuple of records."""
    if not isinstance(value, Mapping | tuple):
        return False
    return isinstance(next(_records([value]), None), _RECORDS)


def _records(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, Mapping):
            yield from value.values()
        elif isinstance(value, tuple):
            yield from value
        else:
            yield value


def _outline(value: Any) -> Any:
    """The value, or of a record nothing, and of a table which records it has."""
    if isinstance(value, _RECORDS):
        return None
    if is_table(value):
        return list(value) if isinstance(value, Mapping) else len(value)
    return value
