"""The steps of connections by status: when each is said to come, and from when it counts."""

from datetime import date

import pandas as pd

from models.entities.base import ALWAYS
from models.instance import Instance
from models.pipeline import steps, uses_statuses
from optimizer.plan.frame import make_frame


def pipeline(inst: Instance) -> pd.DataFrame:
    """Every step of every site, where some step has a status; else none."""
    rows = [
        (s, _told(step.day), _told(step.counted), step.status, step.mw)
        for s in inst.sites
        for step in steps(inst, s)
        if uses_statuses(inst)
    ]
    frame = make_frame(rows, ["site", "date", "counted_from", "status"], ["mw"])
    return frame[["site", "date", "status", "counted_from", "mw"]]


def _told(day: date | None) -> str:
    """A day as text; never, or nothing for the beginning of time."""
    return "" if day == ALWAYS else str(day or "never")
