"""Demand: what is served and what falls short, by continent, workload and data class."""

import pandas as pd

from optimizer.figures import number, percent
from optimizer.report.charts import bars
from optimizer.report.charts.cells import SERVED, cells
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

KEYS = ["continent", "workload", "data_class"]


def section(seen: Reading) -> Section | None:
    """Tokens served and short over time, and the share that is served."""
    if not seen.has_plan or seen.served.empty:
        return None
    every = seen.served.assign(continent=seen.served["region"].map(seen.continents))
    sums = (
        every.groupby([*KEYS, "period", "outcome"], sort=True)["ttok"].sum().unstack(fill_value=0)
    )
    table = sums.reindex(columns=["served", "short"], fill_value=0.0).reset_index()
    table.columns = [*KEYS, "period", "served_ttok", "short_ttok"]
    order = {t: i for i, t in enumerate(seen.periods)}
    table = table.sort_values(
        [*KEYS, "period"], key=lambda c: c.map(order) if c.name == "period" else c
    )
    table = table.reset_index(drop=True)
    over_time = bars.over_time("value", "outcome", bars.SHORT, seen.periods)
    over_time["transform"] = [
        {"fold": ["served_ttok", "short_ttok"]},
        {"calculate": "datum.key === 'served_ttok' ? 'served' : 'short'", "as": "outcome"},
    ]
    shares = _shares(table)
    kpis = seen.plan.kpis
    lead = (
        f"{percent(kpis['served_share'])} of {number(kpis['demand_ttok'])} Ttok is served; "
        f"{number(kpis['shortfall_ttok'])} Ttok falls short."
    )
    figures = [
        Figure("demand", "Tokens served and short", "1 Ttok is 10¹² tokens.", table, over_time,
               "continent", "all continents", unit="Ttok per period"),
        Figure("service", "Share of demand served, by continent and workload",
               "Over the whole horizon and all data classes.", shares,
               cells("workload", "continent", "served_share", ".1%", SERVED, ("short_ttok",))),
    ]  # fmt: skip
    if table["data_class"].nunique() > 1:
        by_class = _by_class(table)
        figures.append(
            Figure("data-classes", "Served by data class",
                   "Over the whole horizon.", by_class, closed=True)
        )  # fmt: skip
    return Section("demand", "Demand", [lead], figures=figures)


def _with_share(sums: pd.DataFrame) -> pd.DataFrame:
    asked = sums["served_ttok"] + sums["short_ttok"]
    share = (sums["served_ttok"] / asked).where(asked > 0)
    return sums.assign(demand_ttok=asked, served_share=share)


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    amounts = ["served_ttok", "short_ttok"]
    return _with_share(table.groupby(["continent", "workload"])[amounts].sum().reset_index())


def _by_class(table: pd.DataFrame) -> pd.DataFrame:
    amounts = ["served_ttok", "short_ttok"]
    return _with_share(table.groupby(["continent", "data_class"])[amounts].sum().reset_index())
