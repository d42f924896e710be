"""Which levers matter: tables of the tornado, the sweep, the sample and the screening."""

import math
from typing import TYPE_CHECKING, Any

from optimizer.cli.layout import table
from optimizer.figures import decimals, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.study.summary import Summary

MOST_LEVERS = 20

IN_DOUBT = "*"
LEGEND = "  * smaller than what the gaps leave open; solve with a smaller gap to be sure"

MUSD, USD = "objective_musd", "cost_per_mtok_usd"


def tornado(found: "Summary") -> list[str]:
    """Cost and cost per Mtok at both ends of each lever."""
    rows = found.tornado[:MOST_LEVERS]
    if rows.empty:
        return []
    base = _known(rows[f"{MUSD}_base"])
    per_mtok = _known(rows[f"{USD}_base"])
    at = f" (base: {number(base)} MUSD, {number(per_mtok)} USD per Mtok)" if base else ""
    names = [f"{figure}_{part}" for figure in (MUSD, USD) for part in ("low", "high", "swing")]
    columns = [_column(rows[name]) for name in names]
    heads = ("lever", "low", "high", "MUSD low", "high", "swing", "USD/Mtok low", "high", "swing",
             "")  # fmt: skip
    lines = zip(rows["lever"], rows["low"], rows["high"], *columns, _doubts(rows), strict=True)
    title = f"Tornado: one lever at a time{at}"
    more = _more(len(found.tornado))
    return [title, *table(heads, lines, "lrrrrrrrrl"), *more, *_legend(rows)]


def sweep(found: "Summary") -> list[str]:
    """Mean figures for each setting of each lever of the sweep."""
    rows = found.sweep
    if rows.empty:
        return []
    shown = rows[rows["lever"].isin(rows["lever"].drop_duplicates()[:MOST_LEVERS])]
    first = ~shown["lever"].duplicated()
    names = [f"{figure}_{part}" for figure in (MUSD, USD) for part in ("mean", "range")]
    columns = [_column(shown[name]) for name in names]
    for place in (1, 3):
        kept = zip(columns[place], first, strict=True)
        columns[place] = [cell if one else "" for cell, one in kept]
    levers = [name if one else "" for name, one in zip(shown["lever"], first, strict=True)]
    doubts = [text if one else "" for text, one in zip(_doubts(shown), first, strict=True)]
    plans = [
        f"{plans} of {cases}"
        for plans, cases in shown[["with_plan", "cases"]].itertuples(index=False)
    ]
    heads = ("lever", "setting", "with plan", "MUSD", "range", "USD/Mtok", "range", "")
    lines = zip(levers, shown["setting"], plans, *columns, doubts, strict=True)
    title = "Sweep: mean over all cases with the setting"
    more = _more(rows["lever"].nunique())
    return [title, *table(heads, lines, "lrrrrrrl"), *more, *_legend(shown)]


def sample(found: "Summary") -> list[str]:
    """Correlation and share of variance for each lever of the sample."""
    rows = found.sample[:MOST_LEVERS]
    if rows.empty:
        return []
    columns = [
        [_share(value) if part == "variance_share" else _ratio(value) for value in rows[name]]
        for figure in (MUSD, USD)
        for part in ("rank_correlation", "variance_share")
        for name in (f"{figure}_{part}",)
    ]
    heads = ("lever", "cost: rank corr.", "of variance", "cost per Mtok: rank corr.",
             "of variance", "")  # fmt: skip
    lines = zip(rows["lever"], *columns, _doubts(rows), strict=True)
    used = rows.iloc[0]
    title = f"Sample: what drives cost, over {used['with_plan']} of {used['cases']} cases"
    more = _more(len(found.sample))
    return [title, *table(heads, lines, "lrrrrl"), *more, *_legend(rows)]


def morris(found: "Summary") -> list[str]:
    """Elementary effects of each lever of the screening."""
    rows = found.morris[:MOST_LEVERS]
    if rows.empty:
        return []
    names = [f"{figure}_{part}" for figure in (MUSD, USD) for part in ("mu_star", "mu", "sigma")]
    columns = [_column(rows[name]) for name in names]
    heads = ("lever", "MUSD μ*", "μ", "σ", "USD/Mtok μ*", "μ", "σ", "")
    lines = zip(rows["lever"], *columns, _doubts(rows), strict=True)
    count = rows["trajectories"].iloc[0]
    title = f"Screening: effect of a lever's whole range, over {count} trajectories"
    more = _more(len(found.morris))
    return [title, *table(heads, lines, "lrrrrrrl"), *more, *_legend(rows)]


def spread(found: "Summary") -> list[str]:
    """The distribution of cost and of the cost per Mtok over the sample."""
    rows = found.spread
    if rows.empty:
        return []
    words = {MUSD: "cost, MUSD", USD: "cost per Mtok, USD"}
    parts = ("min", "p05", "median", "p95", "max", "mean")
    lines = [
        (words[row["figure"]], *_column([row[part] for part in parts]))
        for row in rows.to_dict("records")
    ]
    heads = ("", "least", "5 %", "median", "95 %", "largest", "mean")
    title = f"Distribution over {rows['cases'].iloc[0]} cases of the sample"
    return [title, *table(heads, lines, "lrrrrrr")]


def _column(values: Any) -> list[str]:
    """A column of amounts with the same decimals, at least three digits for the largest."""
    known = [abs(value) for value in values if math.isfinite(value)]
    digits = min(4, decimals([max(known, default=1.0)]))
    if digits == 0 and max(known, default=0.0) < 100_000:
        digits = 1
    return [f"{value:,.{digits}f}" if math.isfinite(value) else "no plan" for value in values]


def _ratio(value: float) -> str:
    return f"{value:+.2f}" if math.isfinite(value) else "–"


def _share(value: float) -> str:
    return percent(value) if math.isfinite(value) else "–"


def _doubts(rows: "pd.DataFrame") -> list[str]:
    return [IN_DOUBT if doubt else "" for doubt in rows["within_gap"]]


def _legend(rows: "pd.DataFrame") -> list[str]:
    return [LEGEND] if rows["within_gap"].any() else []


def _more(count: int) -> list[str]:
    more = count - MOST_LEVERS
    return [f"  and {more} more levers; --json lists them"] if more > 0 else []


def _known(column: "pd.Series[float]") -> float:
    known = column.dropna()
    return float(known.iloc[0]) if len(known) else 0.0
