"""Differences in few lines: what differs alike at all places of a path is told once."""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, product
from typing import Any, NamedTuple

from models.instance import Instance
from models.shape import of_field
from optimizer.compare.inputs import Change, Kind, aligned, is_number
from optimizer.compare.leaves import EVERY, leaves

Slots = tuple[str, ...]
"""The names, keys and dates of one place."""


class Signature(NamedTuple):
    """What changes must have in common to be told together."""

    kind: Kind
    before: Any
    after: Any
    ratio: float | None


def change_signature(change: Change) -> Signature:
    """The same factor; else the same values before and after; records: the same content."""
    if change.kind == "changed" and change.ratio:
        return Signature("changed", None, None, float(f"{change.ratio:.9g}"))
    if change.kind == "changed":
        return Signature("changed", change.before, change.after, None)
    before, after = (None if is_number(x) else x for x in (change.before, change.after))
    return Signature(change.kind, before, after, None)


def new_value(change: Change) -> Signature:
    """The same value now, whatever it was before."""
    return Signature(change.kind, None, change.after, None)


class Folded(NamedTuple):
    """Changes of one kind told together: a path with `*`, and how many values it stands for.

    Before and after are None where they are not the same at all these places.
    """

    path: str
    kind: Kind
    before: Any
    after: Any
    ratio: float | None
    number: int
    unit: str
    """What is counted: rows, records or values."""


def folded(before: Instance, after: Instance, changes: list[Change]) -> list[Folded]:
    """The changes in few lines: what differs alike at all places of a path becomes one."""
    a, b = aligned(leaves(before), leaves(after))
    groups: dict[tuple[tuple[str, ...], Kind], dict[Slots, Change]] = {}
    for change in changes:
        group = groups.setdefault((change.key.pattern, change.kind), {})
        group[change.key.slots] = change
    places: dict[tuple[str, ...], dict[Slots, bool]] = {pattern: {} for pattern, _ in groups}
    tables = {key.pattern for key in (*a.records, *b.records)}
    for part in (a.values, b.values, a.records, b.records):
        for key, value in part.items():
            if key.pattern in places:
                places[key.pattern][key.slots] = value is None or value == 0
    return [
        line
        for (pattern, _), group in groups.items()
        for line in _fold(pattern, _unit(pattern, tables), group, places[pattern])
    ]


def _unit(pattern: tuple[str, ...], tables: set[tuple[str, ...]]) -> str:
    if of_field(Instance.model_fields[pattern[0]]).kind == "rows":
        return "rows"
    return "records" if pattern in tables else "values"


def _fold(
    pattern: tuple[str, ...], unit: str, changes: dict[Slots, Change], places: Mapping[Slots, bool]
) -> Iterator[Folded]:
    """Lines for one field; `places` are all places of it: True where scaling changes nothing."""
    left = dict(changes)
    slots = range(pattern.count(EVERY))
    fixings = [fixed for size in slots for fixed in combinations(slots, size)]
    for sign, fixed in product((change_signature, new_value), fixings):
        parts: dict[Slots, list[Slots]] = {}
        for place in places if left else ():
            parts.setdefault(tuple(place[i] for i in fixed), []).append(place)
        for members in parts.values():
            if alike := _alike(members, left, places, sign):
                yield _line(pattern, unit, fixed, alike, sign(alike[0]))
                for change in alike:
                    del left[change.key.slots]
    for change in left.values():
        key, kind, before, after = change
        yield Folded(key.path, kind, before, after, change.ratio, 1, unit)


def _alike(
    members: list[Slots],
    left: Mapping[Slots, Change],
    places: Mapping[Slots, bool],
    sign: Callable[[Change], Signature],
) -> list[Change]:
    """The changes at some places if there are two or more, all alike, and no place is left out."""
    alike = [left[place] for place in members if place in left]
    if len(alike) < 2 or len({sign(change) for change in alike}) > 1:
        return []
    others = [place for place in members if place not in left]
    scaled = sign(alike[0]).ratio is not None
    return alike if not others or (scaled and all(places[place] for place in others)) else []


def _line(
    pattern: tuple[str, ...],
    unit: str,
    fixed: tuple[int, ...],
    alike: list[Change],
    signature: Signature,
) -> Folded:
    """One line for changes that are alike at all places with the names of the fixed slots."""
    first = alike[0]
    names = [first.key.slots[i] if i in fixed else EVERY for i in range(len(first.key.slots))]
    if len({change.key.slots[0] for change in alike}) == 1:
        names[0] = first.key.slots[0]
    slots = iter(names)
    parts = [next(slots) if part == EVERY else part for part in pattern]
    if unit == "rows" and pattern[-1] != EVERY:
        entity = of_field(Instance.model_fields[pattern[0]]).entity
        parts = parts[:-1] if pattern[-1] == entity.amount else parts
    while parts[-2:] == [EVERY, EVERY] or (unit == "values" and parts[-1] in (EVERY, "")):
        parts.pop()
    return Folded(".".join(parts), *signature, len(alike), unit)
