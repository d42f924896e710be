"""Which units leave early, when, and from which cohort: read from a solved model."""

from collections.abc import Iterator

import pandas as pd
import pyomo.environ as pyo

from models.instance import Instance
from optimizer.plan.frame import make_frame

Row = tuple[str, str, str, str, int]


def retirements(m: pyo.ConcreteModel, inst: Instance) -> pd.DataFrame:
    """Units that leave early by site, unit type, cohort and period, oldest cohort first."""
    rows = [row for s, u in m.FLEET for row in _matched(m, inst, s, u)]
    return make_frame(rows, ["site", "unit_type", "cohort", "period"], whole=["units"])


def _matched(m: pyo.ConcreteModel, inst: Instance, s: str, u: str) -> Iterator[Row]:
    """The units that leave, in order of time, with the cohorts they leave from, oldest first.

    C3 and C4 say that every unit may leave when it does.
    """
    leaving = {
        t: round(m.retire[s, u, t].value) for t in inst.periods if (s, u, t) in m.RETIREMENTS
    }
    for c in (name for site, unit, name in inst.cohorts if (site, unit) == (s, u)):
        rest = round(m.retired[s, u, c].value)
        for t, units in leaving.items():
            if taken := min(rest, units):
                yield s, u, c, t, taken
                leaving[t] -= taken
                rest -= taken
