"""Planned again: steps from the last plan's cost to this one's; what moved because of what."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.errors import PlanError
from optimizer.figures import money
from optimizer.report.charts.waterfall import steps, waterfall
from optimizer.report.figure import Fact, Figure, Section
from optimizer.report.reading import Reading

FILE = Path("replan", "replan.json")
"""What explains the difference, in the folder of a plan that was planned again."""

TABLES = {
    "causes": ("What each changed input costs",
               "Each taken back by itself; low and high are what the gaps leave open."),
    "moves": ("What moved", "Because of which changed inputs; empty: for reasons of the search."),
    "placed": ("What is placed already",
               "Paid before the day, and due from it on, at the prices agreed."),
}  # fmt: skip


def section(seen: Reading) -> Section | None:
    """The explained difference to the last plan; None for a plan that was made afresh."""
    if seen.folder is None or not (seen.folder / FILE).is_file():
        return None
    told = _read(seen.folder / FILE)
    rows = told["waterfall"]
    lead = [f"Orders of periods that start before {told['as_of']} are placed.", *told["notes"]]
    facts = []
    before, after = told["before_musd"], told["after_musd"]
    if before is not None and after is not None:
        change = f"{'+' if after > before else ''}{money(after - before)}"
        facts = [Fact("the last plan", money(before)), Fact("this plan", money(after), change)]
    figures = []
    if len(rows) >= 2:
        first, *between, last = ((str(row["step"]), float(row["musd"])) for row in rows)
        data = {"steps": steps(*first, between, *last)}
        note = "Black marks are the costs of both plans; the axis does not begin at 0."
        figures.append(Figure("replan", "From the last plan to this one", note, pd.DataFrame(rows),
                              waterfall(), data=data, unit="MUSD"))  # fmt: skip
    figures += [
        Figure(f"replan-{name}", title, note, pd.DataFrame(told[name]))
        for name, (title, note) in TABLES.items()
        if told[name]
    ]
    return Section("replanned", "What changed", lead, facts, figures)


def _read(file: Path) -> dict[str, Any]:
    wanted = {"as_of", "before_musd", "after_musd", "notes", "waterfall", *TABLES}
    try:
        told = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PlanError(f"{file} cannot be read: {error}") from error
    if not isinstance(told, dict) or not wanted <= set(told):
        raise PlanError(f"{file} does not explain a plan that was planned again")
    return told
