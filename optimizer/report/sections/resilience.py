"""Resilience: what is still served of protected demand when something is lost."""

import pandas as pd

from optimizer.figures import percent
from optimizer.report.charts.cells import SERVED, cells
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

TABLES = {
    "contingency_flows": "Tokens by route in contingencies",
    "contingency_rentals": "Tokens bought in contingencies",
    "contingency_runs": "Units at work in contingencies",
}


def section(seen: Reading) -> Section | None:
    """The least share that is served in each contingency; None where nothing is protected."""
    table = seen.plan.tables.get("resilience", pd.DataFrame())
    if not seen.has_plan or table.empty:
        return None
    least = table.loc[table.groupby(["contingency", "workload"], sort=False)["share"].idxmin()]
    least = least.assign(asked_share=least["asked_mtok_s"] / least["demand_mtok_s"])
    worst = least.iloc[int(least["share"].to_numpy().argmin())]
    lead = [
        f"In the worst case, {worst['contingency']} in {worst['period']}, "
        f"{percent(worst['share'])} of the protected {worst['workload']} is served; "
        f"{percent(worst['asked_share'])} is asked for."
    ]
    names = ["contingency", "workload", "period", "slice", "demand_mtok_s", "asked_mtok_s",
             "served_mtok_s", "asked_share", "share"]  # fmt: skip
    shown = least[names].rename(columns={"share": "served_share"}).reset_index(drop=True)
    chart = cells("workload", "contingency", "served_share", ".1%", SERVED, ("asked_mtok_s",))
    note = "Each workload at its worst time; only demand that is protected counts."
    figures = [
        Figure("resilience", "Least share served in each contingency", note, shown, chart),
        Figure("resilience-over-time", "Served in each contingency, period by period", "",
               table.rename(columns={"share": "served_share"}), closed=True),
    ]  # fmt: skip
    figures += [
        Figure(name.replace("_", "-"), title, "", seen.plan.tables[name], closed=True)
        for name, title in TABLES.items()
        if not seen.plan.tables[name].empty
    ]
    return Section("resilience", "Resilience", lead, figures=figures)
