"""The first sheet of an exported study: what it is, how far it got, what the sheets hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import pandas as pd

from optimizer.study.folder import StudyFolder
from optimizer.study.results.outcomes import STATUSES

TITLE = "study"
"""The sheet's name."""

Line = tuple[str, tuple[str | float, ...]]
"""A heading, and what stands beside it."""

MEANING = {
    "cases": "one row for each case: outcome, cost, proven bound, key figures, cost terms",
    "levers": "the setting of each lever in each case: a number or a label",
    "changes": "what each case changes in the base instance, as JSON",
    "timings": "how long each case took",
}

READING = (
    "Every table has the column 'case'; filter by it, or join tables on it.",
    "Units are part of the column names: musd is million USD of the base year, mtok a million "
    "tokens.",
    "gap is (cost − bound) / cost: no plan of the case can be cheaper by more than that.",
    "Cases without a plan have no figures and no rows in the tables of plans.",
    "Texts are never formulas; periods and dates are texts.",
)


@dataclass(frozen=True)
class Sheet:
    """What became of a table.

    Attributes:
        name: the table.
        rows: how many it has.
        fits: whether it has a sheet.
        cut: how many of its texts are longer than a cell can hold.
    """

    name: str
    rows: int
    fits: bool
    cut: int


def cover(folder: StudyFolder, cases: pd.DataFrame, sheets: Sequence[Sheet]) -> Iterator[Line]:
    """The lines of the cover; `cases` has a status and a gap for each case."""
    yield "study", (folder.study.name,)
    yield "base instance", (folder.study.base.name,)
    yield "cases", (len(cases),)
    counts = cases["status"].value_counts()
    for status in STATUSES:
        if status in counts:
            yield "", (status, int(counts[status]))
    if cases["gap"].notna().any():
        yield "largest gap", (float(cases["gap"].max()),)
    yield "exported by", (f"buildplan {version('buildplan')}",)
    for told in _versions(folder):
        yield "solved by", (told,)
    yield "", ()
    yield "sheet", ("what", "rows")
    for sheet in sheets:
        yield sheet.name, (MEANING.get(sheet.name, "of the plans of all cases"), sheet.rows)
        if not sheet.fits:
            yield "", (f"LEFT OUT: {sheet.rows:,} rows are more than a sheet can hold; use CSV",)
        if sheet.cut:
            yield "", (f"{sheet.cut:,} texts are longer than a cell can hold and CUT; use CSV",)
    yield "", ()
    for number, line in enumerate(READING):
        yield "" if number else "how to read", (line,)


def _versions(folder: StudyFolder) -> list[str]:
    """The different versions that the cases were solved with."""
    found: dict[str, None] = {}
    for case in folder.study.cases:
        told = (folder.summary(case.name) or {}).get("versions")
        if told:
            found[", ".join(f"{name} {number}" for name, number in told.items())] = None
    return list(found)
