"""An instance in which some of its inputs are as they were before."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from models.entities.base import Entity
from models.instance import Instance
from models.shape import Shape, of_field
from optimizer.compare.leaves import EVERY, Key, entries


def reverted(now: Instance, before: Instance, keys: Collection[Key]) -> Instance:
    """The instance with the values and records at some places as they stood before.

    Dated values and maps are taken back whole. Raises InstanceError if the result is no valid
    instance: what one of the others needs was taken away.
    """
    chosen = frozenset(keys)
    touched = {key.pattern[0] for key in chosen}
    fields = type(now).model_fields
    content = {
        name: _value(getattr(now, name), getattr(before, name), of_field(fields[name]), at, chosen)
        if name in touched
        else getattr(now, name)
        for name in fields
        for at in (Key((name,), ()),)
    }
    return Instance.model_validate(content)


def as_changes(base: Instance, other: Instance) -> dict[str, Any]:
    """The changes, as for `with_changes`, that make one instance the other: whole fields."""
    fields = type(base).model_fields
    differ = {name for name in fields if getattr(base, name) != getattr(other, name)}
    return other.model_dump(mode="json", include=differ)


def _value(now: Any, before: Any, shape: Shape, at: Key, chosen: Collection[Key]) -> Any:
    if shape.kind == "record":
        return _record(now, before, at, chosen)
    if shape.kind in ("table", "rows"):
        kept = dict(_entries(now, before, shape, at, chosen))
        if shape.kind == "table":
            return {name: entry for (name,), entry in kept.items()}
        return tuple(kept.values())
    return before if _is_chosen(at, shape, chosen) else now


def _is_chosen(at: Key, shape: Shape, chosen: Collection[Key]) -> bool:
    if shape.kind not in ("steps", "map"):
        return at in chosen
    pattern = (*at.pattern, EVERY)
    return any(key.pattern == pattern and key.slots[:-1] == at.slots for key in chosen)


def _record(now: Entity, before: Entity, at: Key, chosen: Collection[Key]) -> dict[str, Any]:
    out = {}
    for name, field in type(now).model_fields.items():
        inner = Key((*at.pattern, name), at.slots)
        value = getattr(now, name)
        if name not in type(now).key:
            value = _value(value, getattr(before, name), of_field(field), inner, chosen)
        out[name] = value
    return out


def _entries(
    now: Any, before: Any, shape: Shape, at: Key, chosen: Collection[Key]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The entries of a table, or the rows of a list, by name; those of now first."""
    here: Mapping[tuple[str, ...], Entity] = dict(entries(now, shape))
    there: Mapping[tuple[str, ...], Entity] = dict(entries(before, shape))
    for names in dict.fromkeys((*here, *there)):
        key = Key((*at.pattern, *[EVERY] * len(names)), (*at.slots, *names))
        if names in here and names in there:
            yield names, _record(here[names], there[names], key, chosen)
        elif (names in there) == (key in chosen):
            yield names, (here.get(names) or there.get(names))
