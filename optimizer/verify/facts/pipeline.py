"""Connections step by step: how far each has come, and from which day it can be relied on."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.entities.places import Site
from models.instance import Instance
from optimizer.verify.arrays import Floats
from optimizer.verify.facts.calendar import Calendar, months_later, values_on

BEGINNING = "0001-01-01"
"""The date of a step that there always was."""


class Rung(NamedTuple):
    """One step; days as text, empty for the beginning of time."""

    day: str
    status: str
    first: str
    """The day from which it counts; 'never' if it does not."""
    mw: float


def rungs(inst: Instance, site: Site) -> Iterator[Rung]:
    """The steps of a site in order."""
    level = 0.0
    for day in sorted(site.grid_mw):
        status = site.grid_status.get(day, "energised")
        slip = dict(inst.pipeline.slip_months).get(status, 0)
        late = months_later(np.array([day], dtype="datetime64[D]"), np.array([slip]))[0]
        first = str(late) if status in inst.pipeline.counts else "never"
        yield Rung(_told(str(day)), status, _told(first), site.grid_mw[day] - level)
        level = site.grid_mw[day]


def _told(day: str) -> str:
    return "" if day == BEGINNING else day


def connections(inst: Instance, calendar: Calendar) -> Floats:
    """The connection that can be relied on, by site and period [MW at the meter]."""
    mw = announced_mw(inst, calendar)
    for i, site in enumerate(inst.sites.values()):
        for rung in rungs(inst, site):
            # Take off what is said to be there, for as long as it does not count.
            begins = np.datetime64(rung.day or BEGINNING)
            ends = (
                calendar.end[-1]
                if rung.first == "never"
                else np.datetime64(rung.first or BEGINNING)
            )
            mw[i] -= rung.mw * ((calendar.start >= begins) & (calendar.start < ends))
    return mw


def announced_mw(inst: Instance, calendar: Calendar) -> Floats:
    """The connection as its dates say, by site and period [MW at the meter]."""
    return np.array([values_on(site.grid_mw, calendar.start) for site in inst.sites.values()])


def step_days(inst: Instance) -> list[str]:
    """The dates of all steps of connections, each once."""
    days = {_told(str(day)) for site in inst.sites.values() for day in site.grid_mw}
    return sorted(days - {""})
