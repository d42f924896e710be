"""What moved in the plan, largest first, and who is served."""

from math import isnan
from typing import TYPE_CHECKING, Any

from optimizer.cli.layout import table
from optimizer.figures import amount, number

if TYPE_CHECKING:
    from optimizer.compare.comparison import Comparison

MOST_MOVES = 30


def move_lines(comparison: "Comparison") -> list[str]:
    """One line for each site, hall or unit type that is ordered at another time or place."""
    moves = comparison.moves
    if moves.empty:
        return ["What moved: nothing; both plans open and order the same"]
    shown = moves.head(MOST_MOVES)
    rows = [_row(row) for row in shown.to_dict("records")]
    title = "What moved (openings first, then by IT power)"
    lines = [title, *table(("site", "what", "happened", "IT MW"), rows, "lllr")]
    if more := len(moves) - len(shown):
        lines.append(f"  and {more} smaller; --out writes all")
    return lines


def _row(row: dict[Any, Any]) -> tuple[str, str, str, str]:
    power = (
        ""
        if row["what"] in ("site", "upgrade", "network") or isnan(row["it_mw"])
        else amount(row["it_mw"])
    )
    return str(row["site"]), what_moved(row), happened(row), power


def what_moved(row: dict[Any, Any]) -> str:
    """The site, halls, units, upgrade or network that a move is about."""
    if row["what"] == "site":
        return "opening"
    if row["what"] == "upgrade":
        return f"grid upgrade {row['unit_type']}"
    if row["what"] == "network":
        return f"network {row['unit_type']}"
    units = int(row["units"])
    if row["what"] == "halls":
        blocks = f"{units:,} block{'' if units == 1 else 's'}"
        known = not isnan(row["it_mw"])
        return f"{number(row['it_mw'])} MW of halls ({blocks})" if known else f"halls ({blocks})"
    early = " leaving early" if row["what"] == "leaving" else ""
    return f"{units:,} unit{'' if units == 1 else 's'} of {row['unit_type']}{early}"


def happened(row: dict[Any, Any]) -> str:
    """Moved from one period to another, or more, or fewer."""
    before, after = row["period_before"], row["period_after"]
    if before and after:
        return f"moved from {before} to {after}"
    if row["what"] == "upgrade":
        return f"new, in {after}" if after else f"no longer ordered (was {before})"
    if row["what"] == "site":
        return f"new, in {after}" if after else f"no longer opened (was {before})"
    return f"more in {after}" if after else f"fewer in {before}"


def service_lines(comparison: "Comparison") -> list[str]:
    """Tokens served and short by workload, where they differ."""
    rows = []
    for row in comparison.service.to_dict("records"):
        names = ("served_before", "served_after", "short_before", "short_after")
        a, b, c, d = (float(row[name]) for name in names)
        if abs(a - b) + abs(c - d) > 1e-6 * max(1e-9, a, b, c, d):
            rows.append((str(row["workload"]), number(a), number(b), number(c), number(d)))
    if not rows:
        return []
    heads = ("workload", "served before", "after", "short before", "after")
    return ["Tokens served and short, by workload (Ttok)", *table(heads, rows, "lrrrr")]
