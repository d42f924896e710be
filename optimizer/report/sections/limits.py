"""Limits: which are used up, and what one more unit of each is worth."""

import pandas as pd

from optimizer.plan.frame import records
from optimizer.plan.limit_values import INDEX, VALUE
from optimizer.report.charts import bars
from optimizer.report.charts.style import PALETTE
from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

MOST = 25

FLOORS = ("min_build", "sufficiency_share", "sufficiency_mw")
"""Least amounts, which are no tighter for being used by more."""

HEADS = {"at": "where", VALUE: "value", "most_valuable_period": "worth most in"}


def section(seen: Reading) -> Section | None:
    """Every limit at its tightest period, by use and by value."""
    if not seen.has_plan or seen.plan.tables["limits"].empty:
        return None
    worth = _worth(seen.limit_values)
    table = _table(seen.plan.tables["limits"]).merge(worth, on=["limit", "at"], how="left")
    table["most_valuable_period"] = table["most_valuable_period"].fillna("")
    bound = int((table["periods_that_bind"] > 0).sum())
    lead = [f"{bound} of {len(table)} limits bind in some period."]
    if seen.limit_values is None:
        lead.append(
            "What limits are worth is not known here: no duals of one relaxation stand with this "
            "plan. 'buildplan values' solves again with each limit moved."
        )
    names = table["at"] + ", " + table["limit"].str.replace("_", " ")
    table = table.assign(name=names)
    figures = [_by_use(table), *_by_value(table)]
    return Section("limits", "Limits", lead, figures=figures)


def _by_use(table: pd.DataFrame) -> Figure:
    shown = table[~table["limit"].isin(FLOORS)].head(MOST)
    data = {"most": records(shown[["name", "used_share", "periods_that_bind"]])}
    chart = bars.ranked("name", "used_share", percent=True)
    binds = {"test": "datum.periods_that_bind > 0", "value": PALETTE[1]}
    chart["encoding"]["color"] = {"condition": binds, "value": PALETTE[0]}
    chart["data"] = {"name": "most"}
    note = (
        f"Each at the period of its highest use; the {len(shown)} most used are drawn, those that "
        "bind longest first, in orange. A floor is met where it is used by at least 100 %."
    )
    return Figure("limits", "Limits, the most used first", note, _told(table), chart, data=data,
                  heads=HEADS, unit="share used")  # fmt: skip


def _by_value(table: pd.DataFrame) -> list[Figure]:
    """The limits that are worth most; none where no value is known."""
    worth = table[table[VALUE].notna()].sort_values(VALUE, ascending=False, kind="stable")
    if worth.empty:
        return []
    rows = worth.assign(name=worth["name"] + ", per " + worth["unit"].map(_one))
    rows = rows[["name", "limit", "at", "unit", VALUE, "most_valuable_period", "used_share"]]
    data = {"most": records(rows.head(MOST))}
    chart = bars.ranked("name", VALUE) | {"data": {"name": "most"}}
    note = (
        "Marginal, from the relaxation, in which units and halls can be parts: what one more unit "
        "of the limit in every period saves, discounted; of a floor, one unit less; of a site's "
        "power, once the site is open. It holds for small steps; 'buildplan values' solves again "
        "with each limit moved. Limits that are worth nothing are not listed."
    )
    shown = rows.drop(columns="name").reset_index(drop=True)
    return [Figure("limit-values", "Limits, the most valuable first", note,
                   shown.assign(limit=shown["limit"].str.replace("_", " ")), chart, data=data,
                   heads=HEADS, unit="MUSD per unit")]  # fmt: skip


def _one(unit: str) -> str:
    return {"units": "unit", "accelerators": "accelerator"}.get(unit, unit)


def _told(table: pd.DataFrame) -> pd.DataFrame:
    names = ["limit", "at", "period", "use", "allowed", "slack", "unit", "used_share",
             "periods_that_bind", VALUE]  # fmt: skip
    return table[names].assign(limit=table["limit"].str.replace("_", " "))


def _table(limits: pd.DataFrame) -> pd.DataFrame:
    allowed = limits["allowed"]
    share = (limits["use"] / allowed).where(allowed > 0, 0.0)
    rows = limits.assign(used_share=share, binds=limits["binds"].astype(bool))
    keys = ["limit", "at"]
    binding = rows.groupby(keys, sort=False)["binds"].sum()
    worst = rows.sort_values("used_share", ascending=False, kind="stable").drop_duplicates(keys)
    worst = worst.set_index(keys).assign(periods_that_bind=binding).reset_index()
    worst = worst[worst["use"] > 1e-9]
    worst = worst.sort_values(["periods_that_bind", "used_share"], ascending=False, kind="stable")
    return worst.reset_index(drop=True)


def _worth(values: pd.DataFrame | None) -> pd.DataFrame:
    """What one more unit in every period is worth, and the period in which it is worth most."""
    if values is None:
        empty = {"limit": "str", "at": "str", VALUE: "float64", "most_valuable_period": "str"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()})
    keys = INDEX[:2]
    sums = values.groupby(keys, sort=False)[VALUE].sum()
    best = values.sort_values(VALUE, ascending=False, kind="stable").drop_duplicates(keys)
    period = best.set_index(keys)["period"].rename("most_valuable_period")
    return pd.concat([sums, period], axis=1).reset_index()
