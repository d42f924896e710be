"""Pipeline: statuses of steps that there are not, and steps whose status makes no sense."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from models.entities.base import ALWAYS
from models.entities.pipeline import Pipeline
from models.pipeline import uses_statuses
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def statuses_of_no_step(inst: "Instance") -> Iterator[Problem]:
    """Statuses on dates on which the connection has no step."""
    for s, site in inst.sites.items():
        steps = ", ".join(str(day) for day in sorted(site.grid_mw) if day != ALWAYS)
        for day in site.grid_status:
            if day not in site.grid_mw:
                known = f"its steps are on {steps}" if steps else "it is one number for always"
                message = f"grid_mw has no step on {day}; {known}."
                yield Problem(("sites", s, "grid_status"), message)
            elif day == ALWAYS and site.grid_status[day] != "energised":
                message = "grid_mw is one number for always, so it is there; give it a date."
                yield Problem(("sites", s, "grid_status"), message)


def connections_that_fall(inst: "Instance") -> Iterator[Problem]:
    """Connections with statuses that fall: nobody could say which step was taken back."""
    for s, site in inst.sites.items():
        days = sorted(site.grid_mw)
        falls = [b for a, b in pairwise(days) if site.grid_mw[b] < site.grid_mw[a]]
        if site.grid_status and falls:
            message = (
                f"falls on {falls[0]}; a connection whose steps have a status can only grow, "
                "because each step counts from a date of its own."
            )
            yield Problem(("sites", s, "grid_mw"), message)


def energised_steps_that_slip(inst: "Instance") -> Iterator[Problem]:
    """Power that is on the line cannot slip, and can be relied on."""
    if inst.pipeline.slip_months.get("energised"):
        message = "what is energised cannot slip; give it 0 months, or another status."
        yield Problem(("pipeline", "slip_months"), message)
    if "energised" not in inst.pipeline.counts:
        message = "must hold 'energised': nothing else is there already."
        yield Problem(("pipeline", "counts"), message)


def without_effect(inst: "Instance") -> Iterator[Problem]:
    """Warn of rules for statuses that no step has."""
    if inst.pipeline != Pipeline() and not uses_statuses(inst):
        message = "has no effect: no site has a 'grid_status'."
        yield Problem(("pipeline",), message, "warning")
