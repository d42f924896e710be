"""Units at work in clusters: no more than what they make needs."""

import pandas as pd
import pyomo.environ as pyo

from models.clusters import OWN, Step, network_steps
from models.instance import Instance
from optimizer.plan.decisions import Tables
from optimizer.plan.networks import size_of, stepped_options


def least_runs(m: pyo.ConcreteModel, inst: Instance, decided: Tables) -> pd.DataFrame:
    """The table `runs` with each cluster in the step of its size.

    A cluster of the model may stand in a higher step, where that costs nothing: more units then
    reach less. Here it has as many units as make the same in the best step that holds them.

    Args:
        m: a solved model.
        inst: its instance.
        decided: what was read from the model, with the units at work that are in it.
    """
    frame = decided["runs"]
    if not len(m.CLUSTER_RUNS):
        return frame
    state = {(one.period, one.slice): o for o, one in inst.states.items()}
    keys = ["site", "unit_type", "workload", "period", "slice"]
    reached = {
        (s, u, k, t, x): pyo.value(m.cluster_run[s, u, k, state[t, x]])
        for s, u, k, t, x in frame[keys].itertuples(index=False)
        if k in m.CLUSTERED
    }
    most: dict[tuple[str, ...], float] = {}
    for (*place, _), units in reached.items():
        most[tuple(place)] = max(units, most.get(tuple(place), 0.0))
    options = stepped_options(inst, decided)
    best = {
        (s, u, k, t): _best(network_steps(inst, k, options.get((s, t), OWN)), units)
        for (s, u, k, t), units in most.items()
    }
    units = [
        reached[row[:5]] / best[row[:4]].utilisation if row[:5] in reached else row[5]
        for row in frame[[*keys, "units"]].itertuples(index=False, name=None)
    ]
    return frame.assign(units=pd.Series(units, frame.index, dtype=float))


def _best(steps: tuple[Step, ...], reached: float) -> Step:
    """The first step, and so the best, that holds the units that reach so much of it."""
    return next(one for one in steps if size_of(reached / one.utilisation) <= one.most_units)
