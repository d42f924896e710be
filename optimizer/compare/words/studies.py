"""How far two studies agree, in words."""

from math import isnan
from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.compare.studies import AGREES, DIFFERS, MISSING, OPEN
from optimizer.figures import number

if TYPE_CHECKING:
    from optimizer.compare.studies import StudyComparison

MOST_CASES = 40

WORDS = {
    DIFFERS: "differ by more than their gaps allow",
    OPEN: "cannot be told: a study has no answer to them",
    MISSING: "are in one study only",
}


def in_words(comparison: "StudyComparison") -> str:
    """The number of cases that agree, and a line for each that does not."""
    cases, counts = comparison.cases, comparison.counts
    total = len(cases)
    lines = [
        f"{counts[AGREES]:,} of {total:,} case{'' if total == 1 else 's'} agree within their gaps"
    ]
    lines += [f"  {counts[verdict]:,} {told}" for verdict, told in WORDS.items() if counts[verdict]]
    others = int((cases["same_inputs"] == "no").sum())
    if others:
        lines.append(f"  {others:,} of the same name were solved with other inputs")
    left = cases[cases["verdict"] != AGREES]
    rows = [
        (
            str(row["case"]),
            str(row["verdict"]),
            str(row["status_before"]),
            str(row["status_after"]),
            *(_amount(row[name]) for name in ("objective_before", "objective_after", "difference")),
        )
        for row in left.head(MOST_CASES).to_dict("records")
    ]
    if rows:
        heads = ("case", "verdict", "before", "after", "MUSD before", "MUSD after", "difference")
        lines += ["", *table(heads, rows, "llllrrr")]
    if (more := len(left) - len(rows)) > 0:
        lines.append(f"  and {more} more; --out writes all")
    return "\n".join(lines)


def _amount(value: float) -> str:
    return "" if isnan(value) else number(value)
