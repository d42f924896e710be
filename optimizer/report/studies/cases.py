"""All cases with their settings and key figures; to be filtered and sorted."""

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.report.figure import Figure, Section

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading

FIGURES = ("objective_musd", "gap", "cost_per_mtok_usd", "served_share", "capex_musd", "it_mw_end",
           "sites_open", "units_ordered")  # fmt: skip


def section(seen: "StudyReading") -> Section:
    """One row for each case; parts of the study can be picked."""
    cases = seen.cases
    names = [name for name in FIGURES if name in cases.columns]
    table = cases[["case", "group", "status", *names]].copy()
    table["settings"] = table["case"].map(settings(seen)).fillna("")
    table = table.rename(columns={"gap": "gap_share"})
    note = "Click a heading to sort, type to filter."
    return Section("cases", "Cases", figures=[Figure("cases", "All cases", note, table)])


def settings(seen: "StudyReading") -> "pd.Series[str]":
    """The settings of each case's levers, in words."""
    levers = seen.levers
    told = [
        f"{lever} = {label if isinstance(label, str) and label else f'{value:.6g}'}"
        for lever, value, label in levers[["lever", "value", "label"]].itertuples(index=False)
    ]
    return levers.assign(told=told).groupby("case")["told"].agg(", ".join)
