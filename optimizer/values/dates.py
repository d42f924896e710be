"""The levers of dates: a site's connection that is energised earlier."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TypeVar

from models.calendar import add_months
from models.entities.base import ALWAYS
from models.instance import Instance
from optimizer.values.lever import Lever, Step

V = TypeVar("V")

EARLIER = Step(3.0)
"""A quarter."""


def energisations(inst: Instance, step: Step, bound: Collection[str]) -> Iterator[Lever]:
    """For each site that waits for power, all of its connection earlier.

    A site waits if its power binds in the plan (it is among `bound`) or is not there at the start,
    and a step of its connection is within reach of the horizon.
    """
    months = round(step.amount)
    start, reach = inst.horizon.start, add_months(_end(inst), months)
    first = next(iter(inst.periods))
    for s, site in inst.sites.items():
        waits = s in bound or inst.grid_mw(s, first) == 0
        if waits and any(start < day < reach for day in site.grid_mw):
            path = f"sites.{s}.grid_mw"
            changes: dict[str, object] = {path: _earlier(site.grid_mw, months)}
            if any(day != ALWAYS for day in site.grid_status):
                changes[f"sites.{s}.grid_status"] = _earlier(site.grid_status, months)
            words = f"{months} month{'s' if months > 1 else ''} earlier"
            yield Lever("energisation", s, path, words, float(months), "months", changes)


def _end(inst: Instance) -> date:
    last = list(inst.periods.values())[-1]
    return add_months(last.start, last.months)


def _earlier(steps: Mapping[date, V], months: int) -> dict[str, V]:
    return {
        (day if day == ALWAYS else add_months(day, -months)).isoformat(): value
        for day, value in sorted(steps.items())
    }
