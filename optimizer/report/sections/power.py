"""Power: what connections give, and what stands unused, by site and by grid region."""

import pandas as pd

from optimizer.report.charts import bars
from optimizer.report.charts.style import OTHER, PALETTE
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

MOST_SITES = 30
NAMES = ["place", "period", "limit_mw", "energised_mw", "used_mw", "stranded_mw"]


def section(seen: Reading) -> Section | None:
    """Power over time for all sites, a grid region or a site; and what each site leaves unused."""
    if not seen.has_plan or seen.plan.tables["power"].empty:
        return None
    sites = _sites(seen)
    total = sites.groupby("period", sort=False)[NAMES[2:]].sum().reset_index()
    total = total.set_index("period").reindex(seen.periods).dropna().reset_index()
    every = pd.concat([total.assign(place="all open sites"), _grids(seen), sites])[NAMES]
    every = every.reset_index(drop=True)
    at_end = sites[sites["period"] == seen.periods[-1]]
    at_end = at_end.sort_values("energised_mw", ascending=False, kind="stable")
    shown = at_end.head(MOST_SITES).drop(columns="period").reset_index(drop=True)
    note = (
        "Used is what units in service draw at full use, at the meter; stranded is what the "
        "connection gives beyond it. 'limit' is what the place has at most within the horizon."
    )
    told = {"used_mw": PALETTE[0], "stranded_mw": OTHER}
    chart = bars.over_time("value", "part", told, seen.periods, "descending")
    chart["transform"] = [{"fold": list(told)}, {"calculate": "datum.key", "as": "part"}]
    chart["encoding"]["color"]["legend"] = {
        "labelExpr": "datum.label === 'used_mw' ? 'used' : 'stranded'"
    }
    largest = f", the {MOST_SITES} with the largest connections" if len(at_end) > MOST_SITES else ""
    ends = bars.used_and_left("place", "used_mw", "stranded_mw")
    figures = [
        Figure("power", "Grid power used and stranded", note, every, chart, "place", "", unit="MW"),
        Figure("power-by-site", f"Power by site in {seen.periods[-1]}{largest}",
               "Grey is energised and unused.", shown, ends, unit="MW"),
    ]  # fmt: skip
    return Section("power", "Power", figures=figures)


def _sites(seen: Reading) -> pd.DataFrame:
    """Open sites by period; mining that shares a connection is taken off what it gives."""
    limits = seen.plan.tables["limits"]
    rows = limits[limits["limit"] == "site_power"].set_index(["at", "period"])
    power = seen.plan.tables["power"][["site", "period"]]
    now = rows.reindex(pd.MultiIndex.from_frame(power)).reset_index(drop=True)
    most = rows.groupby("at")["allowed"].max()
    return pd.DataFrame(
        {
            "place": power["site"],
            "period": power["period"],
            "limit_mw": power["site"].map(most).astype(float),
            "energised_mw": now["allowed"],
            "used_mw": now["use"],
            "stranded_mw": now["slack"],
        }
    )


def _grids(seen: Reading) -> pd.DataFrame:
    """Grid regions with a cap, by period."""
    limits = seen.plan.tables["limits"]
    rows = limits[limits["limit"] == "grid_region_power"]
    most = rows.groupby("at")["allowed"].max()
    return pd.DataFrame(
        {
            "place": "grid region " + rows["at"],
            "period": rows["period"],
            "limit_mw": rows["at"].map(most).astype(float),
            "energised_mw": rows["allowed"],
            "used_mw": rows["use"],
            "stranded_mw": rows["slack"],
        }
    )
