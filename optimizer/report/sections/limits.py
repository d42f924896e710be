"""Limits: which are used up, ranked by use."""

import pandas as pd

from optimizer.plan.frame import records
from optimizer.report.charts import bars
from optimizer.report.charts.style import PALETTE
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

MOST = 25


def section(seen: Reading) -> Section | None:
    """Every limit at its tightest period, the most used first."""
    if not seen.has_plan or seen.plan.tables["limits"].empty:
        return None
    table = _table(seen.plan.tables["limits"])
    floors = table["limit"].isin(["min build", "sufficiency share", "sufficiency mw"])
    shown = table[~floors].head(MOST)
    bound = int((table["periods_that_bind"] > 0).sum())
    lead = [f"{bound} of {len(table)} limits bind in some period."]
    data = {"most": records(shown[["name", "used_share", "periods_that_bind"]])}
    chart = bars.ranked("name", "used_share", percent=True)
    binds = {"test": "datum.periods_that_bind > 0", "value": PALETTE[1]}
    chart["encoding"]["color"] = {"condition": binds, "value": PALETTE[0]}
    chart["data"] = {"name": "most"}
    note = (
        f"Each at the period of its highest use; the {len(shown)} most used are drawn, those that "
        "bind longest first, in orange. A floor is met where it is used by at least 100 %."
    )
    figure = Figure("limits", "Limits, the most used first", note, table.drop(columns="name"),
                    chart, data=data, heads={"at": "where"},
                    unit="share used")  # fmt: skip
    return Section("limits", "Limits", lead, figures=[figure])


def _table(limits: pd.DataFrame) -> pd.DataFrame:
    allowed = limits["allowed"]
    share = (limits["use"] / allowed).where(allowed > 0, 0.0)
    rows = limits.assign(used_share=share, binds=limits["binds"].astype(bool))
    keys = ["limit", "at"]
    binding = rows.groupby(keys, sort=False)["binds"].sum()
    worst = rows.sort_values("used_share", ascending=False, kind="stable").drop_duplicates(keys)
    worst = worst.set_index(keys).assign(periods_that_bind=binding).reset_index()
    worst = worst[worst["use"] > 1e-9]
    worst = worst.assign(limit=worst["limit"].str.replace("_", " "))
    worst = worst.assign(name=worst["at"] + ", " + worst["limit"])
    worst = worst.sort_values(["periods_that_bind", "used_share"], ascending=False, kind="stable")
    names = ["limit", "at", "period", "use", "allowed", "slack", "unit", "used_share",
             "periods_that_bind", "name"]  # fmt: skip
    return worst[names].reset_index(drop=True)
