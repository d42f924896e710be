"""Scenarios: the instance of each, when they are revealed, and which share their decisions."""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.instance import Instance

OWN = ("scenarios", "risk")
"""The fields of an instance that a scenario's own instance does without."""


def without(inst: "Instance") -> "Instance":
    """The instance as if its future were certain."""
    fields = {name: getattr(inst, name) for name in type(inst).model_fields if name not in OWN}
    plain = type(inst).model_validate(fields)
    plain._origin = inst._origin
    return plain


def instances(inst: "Instance") -> dict[str, "Instance"]:
    """The instance of each scenario, without scenarios of its own."""
    plain = without(inst)
    return {
        w: plain.with_changes(scenario.changes) if scenario.changes else plain
        for w, scenario in inst.scenarios.items()
    }


def revealed(inst: "Instance") -> dict[str, date]:
    """The date from which on it is known whether a scenario comes true, by scenario.

    One without a date is revealed with the last of the others; if none has one, never.
    """
    given = [one.revealed for one in inst.scenarios.values() if one.revealed is not None]
    last = max(given, default=list(inst.periods.values())[-1].end)
    return {w: one.revealed or last for w, one in inst.scenarios.items()}


def together(inst: "Instance") -> dict[str, tuple[str, ...]]:
    """By period, the scenarios that nobody can tell apart yet when it starts.

    They are those that are not revealed by then; where that is one alone, the period is left out.
    """
    known_from = revealed(inst)
    found = {
        t: tuple(w for w, day in known_from.items() if period.start < day)
        for t, period in inst.periods.items()
    }
    return {t: group for t, group in found.items() if len(group) > 1}


def reference(inst: "Instance") -> str:
    """The likeliest scenario; of equally likely ones the first."""
    return max(inst.scenarios, key=lambda w: inst.scenarios[w].probability)
