"""Trade-offs: the cases that no other one beats in both of two figures."""

from typing import TYPE_CHECKING

from optimizer.report.charts.lines import points
from optimizer.report.figure import Figure, Section
from optimizer.study.results.figures import figure as figure_of

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading


def section(seen: "StudyReading") -> Section | None:
    """A figure for each pair that is weighed."""
    table = seen.summary.frontier
    if table.empty:
        return None
    figures = []
    for (first, second), rows in table.groupby(["first", "second"], sort=False):
        names = [_words(str(one)) for one in (first, second)]
        told = rows[["case", "group", "first_value", "second_value"]].rename(
            columns={"first_value": str(first), "second_value": str(second)}
        )
        chart = points(str(first), names[0], str(second), names[1], "case")
        drawn = chart if len(rows) > 1 else None
        title = f"{names[0]} against {names[1]}"
        key = f"frontier-{first}-{second}".replace("_", "-").replace("/", "-")
        figures.append(
            Figure(key, title[0].upper() + title[1:], "", told.reset_index(drop=True), drawn)
        )
    return Section("frontier", "Trade-offs", [seen.summary.frontier_note], figures=figures)


def _words(name: str) -> str:
    known = figure_of(name.partition("/")[0])
    return f"{known.words}, {known.unit}" if known.unit else known.words
