"""The inputs that changed since the last plan, each as something that can be taken back."""

from collections import defaultdict
from dataclasses import dataclass

from models.instance import Instance
from optimizer.compare.folding import folded
from optimizer.compare.inputs import Change, differences
from optimizer.compare.leaves import EVERY, Key, leaves
from optimizer.compare.words.inputs import counted, what

TOLD = frozenset({"name", "description", "money", "currencies", "solve", "commitments", "horizon"})
"""Fields that are no inputs: headings, how to solve, what is decided already, and when."""

MOST = 8
"""So many inputs are taken back one by one; of more, those that are alike go together."""

MOST_WORDS = 3
"""So many lines say what changed in one input."""


@dataclass(frozen=True)
class Input:
    """An input that changed.

    Attributes:
        name: where it stands, as a path: sites.oslo.grid_mw, demand, regions.kenya.
        words: what changed, in one line.
        keys: all values and records of it that differ.
    """

    name: str
    words: str
    keys: frozenset[Key]


def changed_inputs(before: Instance, now: Instance, most: int = MOST) -> tuple[Input, ...]:
    """What differs between two instances, as at most so many inputs if that can be.

    Values of one field of one record are one input, and rows of one first two names. While there
    are too many, rows of one first name go together, then those of the field with the most records,
    and then those of the table with the most inputs. What names something that only one of the two
    has belongs to it: a new region comes with its demand.
    """
    changes = [one for one in differences(before, now) if one.key.pattern[0] not in TOLD]
    newcomers = _newcomers(before, now, changes)
    names = [_own(one, newcomers) or _by_place(one) for one in changes]
    for coarser in (_by_first, _by_field, _by_table):
        wider = [_own(one, newcomers) or coarser(one) for one in changes]
        while len(set(names)) > most and (largest := _largest(names, wider)):
            pairs = zip(names, wider, strict=True)
            names = [wide if wide == largest else name for name, wide in pairs]
    groups: dict[str, list[Change]] = defaultdict(list)
    for name, change in zip(names, changes, strict=True):
        groups[name].append(change)
    return tuple(
        Input(name, _words(before, now, group), frozenset(one.key for one in group))
        for name, group in groups.items()
    )


def _largest(names: list[str], wider: list[str]) -> str:
    """The wider name under which most different names fall; '' if each has one only."""
    under: dict[str, set[str]] = defaultdict(set)
    for name, wide in zip(names, wider, strict=True):
        under[wide].add(name)
    largest = max(under, key=lambda wide: len(under[wide]), default="")
    return largest if largest and len(under[largest]) > 1 else ""


def _own(change: Change, newcomers: dict[str, str]) -> str:
    """The input of what only one of the two instances has, if the change names any."""
    return next((newcomers[slot] for slot in change.key.slots if slot in newcomers), "")


def _by_place(change: Change) -> str:
    """The field of one record; of a list of rows the rows of one first name."""
    pattern, slots = change.key
    names = iter(slots)
    parts = [next(names) if part == EVERY else part for part in pattern]
    depth = 2 if pattern[1:2] == (EVERY,) else len(parts)
    if EVERY in pattern[:2]:
        depth = 3
    return ".".join(part for part in _undated(parts, pattern)[:depth] if part)


def _undated(parts: list[str], pattern: tuple[str, ...]) -> list[str]:
    """A path without the date at its end."""
    return parts[:-1] if len(pattern) > 2 and pattern[-1] == EVERY else parts


def _by_first(change: Change) -> str:
    """The field of one record; of a list of rows those of one first name."""
    in_rows = change.key.pattern[1:3] == (EVERY, EVERY)
    return ".".join(_by_place(change).split(".")[:2]) if in_rows else _by_place(change)


def _by_field(change: Change) -> str:
    """One field of all records; all of a list of rows."""
    pattern = change.key.pattern
    parts = _undated(list(pattern), pattern)[:3]
    while parts[-1] == EVERY:
        parts.pop()
    return ".".join(parts)


def _by_table(change: Change) -> str:
    return change.key.pattern[0]


def _newcomers(before: Instance, now: Instance, changes: list[Change]) -> dict[str, str]:
    """The input of each name that only one of the two knows; one for names that share a row."""
    known = [{slot for key in leaves(one).records for slot in key.slots} for one in (before, now)]
    home: dict[str, str] = {}
    for change in changes:
        key = change.key
        if change.kind != "changed" and key.pattern[1:] == (EVERY,) and len(key.slots) == 1:
            (slot,) = key.slots
            if (slot in known[0]) != (slot in known[1]):
                home.setdefault(slot, key.path)
    for change in changes:
        own = [slot for slot in change.key.slots if slot in home]
        for slot in own[1:]:
            old, new = home[slot], home[own[0]]
            home = {name: new if path == old else path for name, path in home.items()}
    return home


def _words(before: Instance, now: Instance, group: list[Change]) -> str:
    """What changed, in one line."""
    lines = folded(before, now, group)
    told = [" ".join(filter(None, (one.path, what(one), counted(one)))) for one in lines]
    more = len(told) - MOST_WORDS
    rest = f"; and {more} more" if more > 0 else ""
    return "; ".join(told[:MOST_WORDS]) + rest
