"""How cost and the cost of a token are distributed over the cases."""

from typing import TYPE_CHECKING

from optimizer.report.charts.style import PALETTE, chart
from optimizer.report.figure import Figure, Section, Spec
from optimizer.study.results.figures import OBJECTIVE, TOKEN_COST

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading

TITLES = {OBJECTIVE: ("Cost", "MUSD"), TOKEN_COST: ("Cost of a million tokens", "USD")}


def section(seen: "StudyReading") -> Section | None:
    """Histograms over the sample, or over all different cases if nothing was drawn."""
    cases = seen.cases[seen.cases["objective_musd"].notna()]
    drawn = cases[cases["group"] == "sample"]
    shown = drawn if len(drawn) else cases.drop_duplicates("key")
    if len(shown) < 3:
        return None
    who = (
        f"Over the {len(drawn)} cases of the sample."
        if len(drawn)
        else f"Over all {len(shown)} different cases: which settings they have was chosen, so "
        "shares of them are no probabilities."
    )
    figures = [
        Figure(f"spread-{name}".replace("_", "-"), title, "",
               shown[["case", name]].sort_values(name).reset_index(drop=True),
               _histogram(name), unit=unit)
        for name, (title, unit) in TITLES.items()
    ]  # fmt: skip
    if not seen.summary.spread.empty:
        table = seen.summary.spread.set_index("figure").drop(columns="cases").T
        table = table.rename_axis("at").rename_axis(None, axis="columns").reset_index()
        figures.append(Figure("spread", "Distribution over the sample", "", table))
    return Section("spread", "Distribution", [who], figures=figures)


def _histogram(name: str) -> Spec:
    encoding = {
        "x": {
            "field": name,
            "type": "quantitative",
            "bin": {"maxbins": 24},
            "axis": {"title": None, "format": ",.3~r"},
        },
        "y": {
            "aggregate": "count",
            "type": "quantitative",
            "axis": {"title": None, "tickMinStep": 1},
        },
        "tooltip": [{"aggregate": "count", "type": "quantitative", "title": "cases"}],
    }
    mark = {"type": "bar", "color": PALETTE[0], "binSpacing": 1.5}
    return chart({"mark": mark, "encoding": encoding}, 200)
