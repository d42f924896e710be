"""Which levers matter: tables of the tornado, the sweep, the sample and the screening."""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from textwrap import shorten
from typing import TYPE_CHECKING

from optimizer.cli.layout import WIDTH, table, wrap
from optimizer.cli.study.summary.heads import headed
from optimizer.figures import decimals, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.study.summary import Summary

MOST_LEVERS = 20

IN_DOUBT = "*"
LEGEND = (
    "* no larger than what the gaps leave open, since each least cost lies between its bound and "
    "the cost given; solve with a smaller gap to be sure"
)

MUSD, USD = "objective_musd", "cost_per_mtok_usd"

FIGURES = {MUSD: "cost, MUSD", USD: "cost per Mtok, USD"}

ENDS = ("low", "high")

UNKNOWN = "–"

MISSING = {"optimal": UNKNOWN, "feasible": UNKNOWN, "waiting": "not solved yet", "failed": "failed"}
"""What is printed for a cost that is missing, by the outcome of the case; else 'no plan'."""

MOST_TEXT = 160
"""What a setting changes is told in so many characters."""

BY_CHANCE = "not distinguishable from chance"


def tornado(found: "Summary") -> list[str]:
    """Cost and cost per Mtok at both ends of each lever."""
    rows = found.tornado[:MOST_LEVERS]
    if rows.empty:
        return []
    columns = [
        *(_column(rows[f"{MUSD}_{end}"], map(_missing, rows[f"{end}_status"])) for end in ENDS),
        *(_column(rows[name]) for name in (f"{MUSD}_swing", f"{USD}_low", f"{USD}_high",
                                           f"{USD}_swing")),
    ]  # fmt: skip
    heads = ("lever", "low", "high", "MUSD low", "high", "swing", "USD/Mtok low", "high", "swing",
             "")  # fmt: skip
    lines = zip(rows["lever"], rows["low"], rows["high"], *columns, _doubts(rows), strict=True)
    title = f"Tornado: one lever at a time{_base(rows.iloc[0])}"
    below = [*_labels(rows), "swing = largest − smallest of low, high and base"]
    more = _more(len(found.tornado))
    return [title, *table(heads, lines, "lrrrrrrrrl"), *more, *_below(*below, *_legend(rows))]


def sweep(found: "Summary") -> list[str]:
    """Mean figures for each setting of each lever of the sweep."""
    rows = found.sweep
    if rows.empty:
        return []
    shown = rows[rows["lever"].isin(rows["lever"].drop_duplicates()[:MOST_LEVERS])]
    first = ~shown["lever"].duplicated()
    counts = shown[["with_plan", "waiting", "failed"]].itertuples(index=False)
    missing = [
        UNKNOWN if plans else _missing("waiting" if waiting else "failed" if failed else "")
        for plans, waiting, failed in counts
    ]
    columns = []
    for figure, told in ((MUSD, missing), (USD, repeat(UNKNOWN))):
        ranges = _column(shown[f"{figure}_range"])
        columns += [
            _column(shown[f"{figure}_mean"], told),
            [cell if one else "" for cell, one in zip(ranges, first, strict=True)],
        ]
    levers = [name if one else "" for name, one in zip(shown["lever"], first, strict=True)]
    doubts = [text if one else "" for text, one in zip(_doubts(shown), first, strict=True)]
    plans = [
        f"{plans} of {cases}"
        for plans, cases in shown[["with_plan", "cases"]].itertuples(index=False)
    ]
    heads = ("lever", "setting", "with plan", "MUSD", "range", "USD/Mtok", "range", "")
    lines = zip(levers, shown["setting"], plans, *columns, doubts, strict=True)
    title = "Sweep: mean over all cases with the setting"
    below = _below("range = largest − smallest mean of the lever's settings", *_legend(shown))
    return [title, *table(heads, lines, "lrrrrrrl"), *_more(rows["lever"].nunique()), *below]


def sample(found: "Summary") -> list[str]:
    """Correlation and share of the spread for each lever of the sample."""
    rows = found.sample[:MOST_LEVERS]
    if rows.empty:
        return []
    columns = {
        figure: (
            [_ratio(value) for value in rows[f"{figure}_rank_correlation"]],
            [_share(value) for value in rows[f"{figure}_variance_share"]],
        )
        for figure in FIGURES
    }
    heads = ("lever", "rank correlation\n(−1 … +1)", "share of spread\nexplained", "")
    used = rows.iloc[0]
    title = f"Sample: what drives cost, over {used['with_plan']} of {used['cases']} cases"
    lines = headed(heads, _by_figure(rows, columns), "lrrl")
    return [title, *lines, *_more(len(found.sample)), *_below(*_legend(rows))]


def morris(found: "Summary") -> list[str]:
    """Elementary effects of each lever of the screening."""
    rows = found.morris[:MOST_LEVERS]
    if rows.empty:
        return []
    columns = {
        figure: [_column(rows[f"{figure}_{part}"]) for part in ("mu_star", "mu", "sigma")]
        for figure in FIGURES
    }
    heads = ("lever", "mean size\nof effect", "mean\neffect", "spread of effects\n(interaction)",
             "")  # fmt: skip
    count = rows["trajectories"].iloc[0]
    title = f"Screening: effect of a lever's whole range, over {count} trajectories"
    lines = headed(heads, _by_figure(rows, columns), "lrrrl")
    return [title, *lines, *_more(len(found.morris)), *_below(*_legend(rows))]


def spread(found: "Summary") -> list[str]:
    """The distribution of cost and of the cost per Mtok over the sample."""
    rows = found.spread
    if rows.empty:
        return []
    parts = ("min", "p05", "median", "p95", "max", "mean")
    lines = [
        (FIGURES[row["figure"]], *_column([row[part] for part in parts]))
        for row in rows.to_dict("records")
    ]
    heads = ("", "least", "5 %", "median", "95 %", "largest", "mean")
    title = f"Distribution over {rows['cases'].iloc[0]} cases of the sample"
    return [title, *table(heads, lines, "lrrrrrr")]


def _by_figure(
    rows: "pd.DataFrame", columns: Mapping[str, Iterable[list[str]]]
) -> Iterator[tuple[str, ...]]:
    """The lines of a table: the levers once for each figure. Doubts concern the cost alone."""
    for figure, parts in columns.items():
        cells = [*parts, _doubts(rows) if figure == MUSD else [""] * len(rows)]
        yield (FIGURES[figure], *("" for _ in cells))
        yield from zip((f"  {lever}" for lever in rows["lever"]), *cells, strict=True)


def _base(row: "pd.Series[float]") -> str:
    """What the base comes to, or why it is not known."""
    cost, per_mtok = row[f"{MUSD}_base"], row[f"{USD}_base"]
    if math.isfinite(cost):
        told = f"{number(per_mtok)} USD per Mtok" if math.isfinite(per_mtok) else "no tokens"
        return f" (base: {number(cost)} MUSD, {told})"
    return f" (base: {_missing(str(row['base_status']))})" if row["base_status"] else ""


def _labels(rows: "pd.DataFrame") -> list[str]:
    """What settings that are labels stand for."""
    return [
        f"{row['lever']}, {row[end]}: {shorten(row[f'{end}_changes'], MOST_TEXT, placeholder=' …')}"
        for row in rows.to_dict("records")
        for end in ENDS
        if row[f"{end}_changes"]
    ]


def _missing(status: str) -> str:
    return MISSING.get(status, "no plan")


def _column(values: Iterable[float], missing: Iterable[str] = repeat(UNKNOWN)) -> list[str]:
    """A column of amounts with the same decimals, at least three digits for the largest."""
    listed = list(values)
    known = [abs(value) for value in listed if math.isfinite(value)]
    digits = min(4, decimals([max(known, default=1.0)]))
    if digits == 0 and max(known, default=0.0) < 100_000:
        digits = 1
    return [
        f"{value:,.{digits}f}" if math.isfinite(value) else told
        for value, told in zip(listed, missing, strict=False)
    ]


def _ratio(value: float) -> str:
    return f"{value:+.2f}" if math.isfinite(value) else UNKNOWN


def _share(value: float) -> str:
    if not math.isfinite(value):
        return UNKNOWN
    return percent(value) if value > 0 else BY_CHANCE


def _doubts(rows: "pd.DataFrame") -> list[str]:
    return [IN_DOUBT if doubt else "" for doubt in rows["within_gap"]]


def _legend(rows: "pd.DataFrame") -> list[str]:
    return [LEGEND] if rows["within_gap"].any() else []


def _below(*texts: str) -> list[str]:
    """What stands below a table, wrapped."""
    return [f"  {line}" for text in texts for line in wrap(text, WIDTH - 2)]


def _more(count: int) -> list[str]:
    more = count - MOST_LEVERS
    return [f"  and {more} more levers; --json lists them"] if more > 0 else []
