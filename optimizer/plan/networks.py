"""Clusters and network options of a plan: which works where, and what it saves and costs."""

from collections.abc import Iterator
from math import ceil

import pandas as pd

from models import prices
from models.clusters import OWN, clustered, network_steps
from models.instance import Instance
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame

SAME = 1e-6
"""Units at work that are this close to a whole number, relative to it, are that number."""


def working_options(inst: Instance, decided: Tables) -> dict[tuple[str, str], str]:
    """The network option that works at a site in a period; absent where none does."""
    return {
        (s, works): n
        for s, n, t in decided["network_options"][["site", "option", "period"]].itertuples(
            index=False
        )
        for works in inst.network_option_services[s, n, t]
    }


def power_drawn(inst: Instance, decided: Tables) -> dict[tuple[str, str], float]:
    """What units draw at the meter over what they draw without an option; absent: 1 [ratio]."""
    return {
        place: 1 - inst.network_options[n].power_saved_share
        for place, n in working_options(inst, decided).items()
    }


def upkeep(inst: Instance, decided: Tables) -> dict[tuple[str, str], float]:
    """What an option adds to the upkeep of a unit, by site and period; absent: 0 [MUSD]."""
    return {
        (s, t): prices.network_upkeep(inst, n, t)
        for (s, t), n in working_options(inst, decided).items()
    }


def clusters(inst: Instance, decided: Tables) -> pd.DataFrame:
    """The clusters by site, unit type, workload and period, with their size and utilisation."""
    options = stepped_options(inst, decided)
    rows = []
    for (s, u, k, t), at_work in _at_work(decided["runs"]):
        if not clustered(inst, k):
            continue
        stepped = options.get((s, t), OWN)
        size = size_of(at_work)
        step = next(one for one in network_steps(inst, k, stepped) if size <= one.most_units)
        rows.append((s, u, k, t, step.utilisation, max(size, 1), step.from_units, 1, stepped))
    index = ["site", "unit_type", "workload", "period"]
    whole = ["units", "from_units", "stands"]
    frame = make_frame((row[:-1] for row in rows), index, ["utilisation"], whole)
    return frame.assign(option=pd.array([row[-1] for row in rows], dtype="str"))


def stepped_options(inst: Instance, decided: Tables) -> dict[tuple[str, str], str]:
    """The working network options with a utilisation of their own, by site and period."""
    working = working_options(inst, decided).items()
    return {place: n for place, n in working if inst.network_options[n].utilisation}


def size_of(at_work: float) -> int:
    """The whole units of a cluster with so many at work."""
    return ceil(at_work - SAME * max(1.0, at_work))


def utilisations(tables: Tables) -> dict[tuple[str, str, str, str], float]:
    """What clusters reach, by site, unit type, workload and period; absent: 1 [ratio]."""
    columns = ["site", "unit_type", "workload", "period", "utilisation"]
    rows = tables["clusters"][columns].itertuples(index=False, name=None)
    return {row[:4]: row[4] for row in rows}


def _at_work(runs: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], float]]:
    """Most units at work in any slice, by site, unit type, workload and period [units]."""
    keys = ["site", "unit_type", "workload", "period"]
    most = runs.groupby(keys, sort=False)["units"].max()
    yield from zip(most.index, most.tolist(), strict=True)
