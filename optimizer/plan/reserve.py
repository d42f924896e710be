"""Reserve in a plan: of the units in service, those that stand in for others."""

from collections.abc import Iterator

import pandas as pd

from models.instance import Instance
from models.reserve import as_strict, reserve_units
from optimizer.plan.frame import make_frame

Tables = dict[str, pd.DataFrame]


def reserve(inst: Instance, tables: Tables) -> pd.DataFrame:
    """Units in service and in reserve, for each workload with a target that they can do."""
    able = {(row.unit_type, row.workload) for row in inst.throughput if row.mtok_s}
    aimed = [k for k, one in inst.workloads.items() if one.availability_target is not None]
    rows = (
        (s, u, k, t, units, reserve_units(inst, u, k, units))
        for s, u, t, units in tables["online"].itertuples(index=False)
        for k in aimed
        if (u, k) in able
    )
    index = ["site", "unit_type", "workload", "period"]
    return make_frame(rows, index, whole=["units", "reserve_units"])


def work_under_targets(inst: Instance, tables: Tables) -> Iterator[tuple[str, str, float, float]]:
    """Workload, period, units at work in the busiest slice, and units that may be at work.

    Units at work on stricter workloads count too; they are those of all sites together.
    """
    may_work: dict[tuple[str, str], int] = {}
    able: dict[str, set[str]] = {}
    for _, u, k, t, units, kept in tables["reserve"].itertuples(index=False):
        may_work[k, t] = may_work.get((k, t), 0) + units - kept
        able.setdefault(k, set()).add(u)
    busy: dict[tuple[str, str, str, str], float] = {}
    for _, u, k, t, x, units in tables["runs"].itertuples(index=False):
        busy[u, k, t, x] = busy.get((u, k, t, x), 0.0) + units
    slices = {state.slice for state in inst.states.values()}
    for (k, t), allowed in may_work.items():
        alike = [(u, other) for u in able[k] for other in as_strict(inst, k)]
        at_work = (sum(busy.get((*one, t, x), 0.0) for one in alike) for x in slices)
        yield k, t, max(at_work), float(allowed)


def reserve_at_the_end(inst: Instance, tables: Tables) -> float:
    """Units in reserve in the last period, each for the strictest work that it can do [units]."""
    kept = tables["reserve"]
    last = kept[kept["period"] == list(inst.periods)[-1]]
    return float(last.groupby(["site", "unit_type"])["reserve_units"].max().sum())
