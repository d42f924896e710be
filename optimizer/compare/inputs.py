"""What differs between two instances, value by value."""

from typing import Any, Literal, NamedTuple

import pandas as pd

from models.entities.base import ALWAYS
from models.instance import Instance
from optimizer.compare.leaves import Key, Leaves, leaves

Kind = Literal["changed", "added", "removed"]


class Change(NamedTuple):
    """One value or record that differs."""

    key: Key
    kind: Kind
    before: Any
    after: Any

    @property
    def ratio(self) -> float | None:
        """After over before; None where either is no number, or before is 0."""
        if is_number(self.before) and is_number(self.after) and self.before:
            return float(self.after) / float(self.before)
        return None


def differences(before: Instance, after: Instance) -> list[Change]:
    """Everything that differs, in the order of the format.

    A record that only one instance has is one change: its amount, or all its fields as JSON.
    """
    return _changes(*aligned(leaves(before), leaves(after)))


def _changes(a: Leaves, b: Leaves) -> list[Change]:
    found = [
        Change(key, "removed", _content(record), None)
        for key, record in a.records.items()
        if key not in b.records
    ]
    found += [
        Change(key, "added", None, _content(record))
        for key, record in b.records.items()
        if key not in a.records
    ]
    for key, value in a.values.items():
        if key in b.values:
            if value != b.values[key]:
                found.append(Change(key, "changed", value, b.values[key]))
        elif _owned(a, key, b):
            found.append(Change(key, "removed", value, None))
    found += [
        Change(key, "added", None, value)
        for key, value in b.values.items()
        if key not in a.values and _owned(b, key, a)
    ]
    order = {name: place for place, name in enumerate(Instance.model_fields)}
    return sorted(found, key=lambda change: order[change.key.pattern[0]])


def _owned(here: Leaves, key: Key, there: Leaves) -> bool:
    """True if a value stands in no record, or in one that the other instance has too."""
    return key not in here.owners or here.owners[key] in there.records


def aligned(a: Leaves, b: Leaves) -> tuple[Leaves, Leaves]:
    """The same, with a value that always holds under its date where the other one has dates."""

    def renamed(here: Leaves, there: Leaves) -> Leaves:
        def name(key: Key) -> Key:
            dated = Key(key.pattern, (*key.slots[:-1], ALWAYS.isoformat()))
            return dated if key.slots[-1:] == ("",) and dated in there.values else key

        values = {name(key): value for key, value in here.values.items()}
        owners = {name(key): owner for key, owner in here.owners.items()}
        return Leaves(values, here.records, owners)

    return renamed(a, b), renamed(b, a)


def _content(record: Any) -> Any:
    amount = getattr(record, record.amount) if record.amount else None
    return amount if is_number(amount) else record.model_dump_json(exclude_defaults=True)


def is_number(value: object) -> bool:
    """True for a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def frame(changes: list[Change]) -> pd.DataFrame:
    """The changes as a table: path, before, after, ratio and what was done."""
    columns = {
        "path": pd.Series([change.key.path for change in changes], dtype="str"),
        "before": pd.Series([change.before for change in changes], dtype="object"),
        "after": pd.Series([change.after for change in changes], dtype="object"),
        "ratio": pd.Series([change.ratio for change in changes], dtype="float64"),
        "change": pd.Series([change.kind for change in changes], dtype="str"),
    }
    return pd.DataFrame(columns)
