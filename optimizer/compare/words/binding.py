"""Which limits bind now that did not, and which no longer do."""

from math import isnan
from typing import TYPE_CHECKING

from models.calendar import parse_day
from optimizer.cli.layout import table
from optimizer.cli.show.limits import spans
from optimizer.compare.limits import BINDS, GONE, NEW, SLACK
from optimizer.figures import number
from optimizer.plan.limit_rows import TOLERANCE

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.compare.comparison import Comparison

MOST_LINES = 20

WORDS = {BINDS: "now", SLACK: "no longer", NEW: "new", GONE: "gone"}
"""What a column called 'binds' says of a limit."""


def limit_lines(comparison: "Comparison") -> list[str]:
    """One line for each limit and place: what changed, when, and what is left at first."""
    limits = comparison.limits
    rows = []
    for change in (BINDS, SLACK, NEW, GONE):
        some = limits[limits["change"] == change]
        for (limit, at), group in some.groupby(["limit", "at"], sort=False):
            binds = group[group["binds_before"] | group["binds_after"]]
            if not binds.empty:
                first = binds.iloc[0]
                left = _left(first, "before"), _left(first, "after")
                name = str(limit).replace("_", " ")
                rows.append((name, str(at), WORDS[change], _when(comparison, binds), *left))
    if not rows:
        return ["Limits: no real change in which ones bind"]
    shown = rows if len(rows) <= MOST_LINES else rows[: MOST_LINES - 1]
    heads = ("limit", "at", "binds", "when", "left before", "left after")
    title = (
        "Limits that began or ceased to bind (left of what is allowed, in the first such period)"
    )
    lines = [title, *table(heads, shown, "llllrr")]
    if more := len(rows) - len(shown):
        lines.append(f"  and {more} more; --out writes all")
    lines.append("  a limit binds when less is left than one more unit takes")
    return lines


def _left(row: "pd.Series", side: str) -> str:
    slack, allowed = float(row[f"slack_{side}"]), float(row[f"allowed_{side}"])
    if isnan(slack):
        return ""
    nothing = abs(slack) <= TOLERANCE * max(1.0, abs(allowed))
    return f"{number(0.0 if nothing else slack)} of {number(allowed)} {row['unit']}"


def _when(comparison: "Comparison", rows: "pd.DataFrame") -> str:
    """The periods in few words, in the order in which they stand in both plans."""
    tables = (side.plan.tables["limits"] for side in (comparison.before, comparison.after))
    names = sorted({str(t) for table in tables for t in table["period"] if t}, key=parse_day)
    return spans(list(rows["period"]), names)
