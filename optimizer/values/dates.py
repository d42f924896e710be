"""The levers of dates: a site's connection that is energised earlier."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeVar

from models.calendar import add_months
from models.entities.base import ALWAYS
from models.instance import Instance
from optimizer.values.lever import Lever, Step

V = TypeVar("V")

EARLIER = Step(3.0)
"""A quarter."""


def energisations(inst: Instance, step: Step) -> Iterator[Lever]:
    """For each site whose connection has a step within reach of the horizon, all of it earlier."""
    months = round(step.amount)
    first, last = inst.horizon.start, add_months(_end(inst), months)
    for s, site in inst.sites.items():
        if any(first < day < last for day in site.grid_mw):
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
