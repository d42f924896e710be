"""What became of the cases, and what those without a plan have in common."""

from typing import TYPE_CHECKING

from optimizer.cli.layout import WIDTH, pairs, wrap

if TYPE_CHECKING:
    from optimizer.study.summary import Summary

MOST_CASES = 12


def headline(found: "Summary") -> list[str]:
    """The study's name, its cases by outcome, and notes."""
    counts = found.counts.itertuples(index=False)
    total = int(found.counts["cases"].sum())
    told = ", ".join(f"{cases:,} {status}" for status, cases in counts)
    lines = [("cases", f"{total:,}: {told}" if total else "none")]
    return [found.name, *pairs([*lines, *(("note", note) for note in found.notes)])]


def without_plan(found: "Summary") -> list[str]:
    """Cases in conflict, with what they have in common and the reasons."""
    if found.no_plan.empty:
        return []
    lines = ["Cases without a plan"]
    for words in found.conflicts["words"]:
        lines += [f"  {line}" for line in wrap(words, WIDTH - 2)]
    rows = [
        (case, f"{status}: {reasons}" if reasons else status)
        for case, status, reasons in found.no_plan[["case", "status", "reasons"]].itertuples(
            index=False
        )
    ]
    lines += pairs(rows[:MOST_CASES])
    if (more := len(rows) - MOST_CASES) > 0:
        lines.append(f"  and {more} more; --json lists them")
    return lines
