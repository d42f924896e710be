"""PyPSA as a way to solve an instance that it can express: its model, with HiGHS as its solver."""

import logging
import time
from typing import Any

import highspy
import linopy

from benchmarks.speed.highs_way import heard_by, limit
from benchmarks.speed.pypsa_network import network
from benchmarks.speed.trace import Trace
from models.instance import Instance

UNHEARD = ("pypsa", "linopy")
"""Loggers that would tell about each step."""


def by_pypsa(inst: Instance, gap: float, time_s: float, threads: int) -> dict[str, Any]:
    """Build and solve as `Network.optimize` does; the figures that a table needs.

    HiGHS has its own settings, as everywhere, and is listened to for plans and bounds. `build_s` is
    the time for the network and its model, `load_s` that for handing it over.
    """
    for name in UNHEARD:
        logging.getLogger(name).setLevel(logging.ERROR)
    trace = Trace()
    began = time.monotonic()
    model = network(inst).optimize.create_model(
        multi_investment_periods=True, include_objective_constant=False
    )
    built_s = time.monotonic() - began
    solver = loaded(model)
    load_s = time.monotonic() - began - built_s

    limit(solver, gap, time_s, threads)
    heard_by(trace, solver)
    lp = solver.getLp()
    return {
        **{"rows": lp.num_row_, "columns": lp.num_col_, "entries": solver.getNumNz()},
        "whole": sum(kind == highspy.HighsVarType.kInteger for kind in lp.integrality_),
        **{"build_s": built_s, "load_s": load_s},
        **trace.figures(),
    }


def loaded(model: linopy.Model) -> highspy.Highs:
    """HiGHS with the model in it, as linopy hands it over."""
    from linopy.io import to_highspy

    solver = to_highspy(model)
    solver.setOptionValue("output_flag", False)
    return solver
