"""Connections as far as a plan may rely on them: steps by status, slipped, or left out."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.calendar import add_months, step_value

if TYPE_CHECKING:
    from models.instance import Instance


class Step(NamedTuple):
    """One step of a connection."""

    day: date
    """The day on which it is said to come."""
    status: str
    """How far it has come; energised where nothing is said."""
    mw: float
    """What it adds to the steps before it [MW at the meter]."""
    counted: date | None
    """The day from which a plan may rely on it; None: it may not."""


def steps(inst: "Instance", s: str) -> tuple[Step, ...]:
    """The steps of a site's connection, in order of their dates."""
    site, told = inst.sites[s], inst.pipeline
    out, before = [], 0.0
    for day, mw in sorted(site.grid_mw.items()):
        status = site.grid_status.get(day, "energised")
        slip = told.slip_months.get(status, 0)
        counted = (add_months(day, slip) if slip else day) if status in told.counts else None
        out.append(Step(day, status, mw - before, counted))
        before = mw
    return tuple(out)


def counted_mw(inst: "Instance", s: str, day: date) -> float:
    """The connection that a plan may rely on, on a day [MW at the meter]."""
    if not inst.sites[s].grid_status:
        return step_value(inst.sites[s].grid_mw, day)
    return sum(step.mw for step in steps(inst, s) if step.counted and step.counted <= day)


def announced_mw(inst: "Instance", s: str, t: str) -> float:
    """The connection at a period's start as its dates say, whatever its status [MW]."""
    return step_value(inst.sites[s].grid_mw, inst.periods[t].start)


def uses_statuses(inst: "Instance") -> bool:
    """True if some connection has a step with a status."""
    return any(site.grid_status for site in inst.sites.values())
