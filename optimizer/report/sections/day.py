"""Through the day: what is served and falls short in each slice, where an instance has slices."""

import pandas as pd

from optimizer.plan.frame import make_frame
from optimizer.report.charts import bars
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

INDEX = ["workload", "period", "slice"]


def section(seen: Reading) -> Section | None:
    """Mean rates by slice, one period at a time."""
    if not seen.has_plan or not seen.inst.slices:
        return None
    table = _table(seen)
    chart = bars.over_time("value", "outcome", bars.SHORT, list(seen.inst.slices))
    chart["encoding"]["x"]["field"] = "slice"
    chart["encoding"]["tooltip"][0]["field"] = "slice"
    chart["transform"] = [
        {"fold": ["served_mtok_s", "short_mtok_s"]},
        {"calculate": "datum.key === 'served_mtok_s' ? 'served' : 'short'", "as": "outcome"},
    ]
    told = ", ".join(
        f"{name} {one.from_hour:02d}–{(one.from_hour + one.hours) % 24:02d} h"
        for name, one in seen.inst.slices.items()
    )
    note = f"Mean of the slice, over all workloads; hours in UTC: {told}."
    figure = Figure("slices", "Tokens served and short by slice of the day", note, table, chart,
                    "period", "", unit="Mtok/s")  # fmt: skip
    return Section("day", "Through the day", figures=[figure])


def _table(seen: Reading) -> pd.DataFrame:
    tables = seen.plan.tables
    served = pd.concat([tables["flows"], tables["rentals"]])
    sums = [frame.groupby(INDEX)["mtok_s"].sum() for frame in (served, tables["shortfall"])]
    rows = [
        (k, t, x, *(float(one.get((k, t, x), 0.0)) for one in sums))
        for t in seen.periods
        for x in seen.inst.slices
        for k in seen.inst.workloads
        if any((k, t, x) in one.index for one in sums)
    ]
    return make_frame(rows, INDEX, ["served_mtok_s", "short_mtok_s"])
