"""Commitments that are not kept as agreed."""

from typing import TYPE_CHECKING

from optimizer.cli.layout import table

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan

MOST_ROWS = 25


def changes(_: "Instance", plan: "Plan") -> list[str]:
    """What is cancelled and delayed of what was committed; nothing where all is kept."""
    if "commitments" not in plan.tables:
        return []
    frame = plan.tables["commitments"]
    changed = frame[frame["kept"] < frame["committed"]]
    if changed.empty:
        return []
    rows = [
        (s, f"{what} {name}".strip(), t, f"{agreed:,}", f"{gone:,}", f"{late:,}")
        for s, what, name, t, agreed, _, gone, late in changed.itertuples(index=False)
    ]
    heads = ("site", "what", "agreed for", "committed", "cancelled", "delayed")
    lines = ["Commitments that change", *table(heads, rows[:MOST_ROWS], "lllrrr")]
    if (more := len(rows) - MOST_ROWS) > 0:
        lines.append(f"  and {more} more in tables/commitments.csv")
    return lines
