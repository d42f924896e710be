"""Any two cases side by side: key figures, the steps between their costs, and what is built."""

from typing import TYPE_CHECKING

import pandas as pd

from models.prices import TERMS
from optimizer.plan.frame import records
from optimizer.report.charts.bars import row_axis
from optimizer.report.charts.style import INK, PALETTE, chart
from optimizer.report.figure import Figure, Row, Section, Spec
from optimizer.study.results.figures import FIGURES

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading


def section(seen: "StudyReading") -> Section | None:
    """The waterfall of two cases that the reader picks."""
    cases = seen.cases[seen.cases["objective_musd"].notna()]
    if len(cases) < 2:
        return None
    terms = [t for t in TERMS if f"cost_{t}_musd" in cases.columns]
    used = [t for t in terms if cases[f"cost_{t}_musd"].abs().max() > 0]
    columns = ["case", "objective_musd", *(f"cost_{t}_musd" for t in used)]
    table = cases[columns].reset_index(drop=True)
    note = (
        "Black marks are the costs of the two cases; bars are what each cost term adds or takes on "
        "the way from the first to the second. The axis does not begin at 0."
    )
    data: dict[str, list[Row]] = {
        "kpis": [
            {"name": name, "words": told.words, "unit": told.unit}
            for name, told in FIGURES.items()
            if name in cases.columns
        ],
        "figures": records(cases[["case", *(n for n in FIGURES if n in cases.columns)]]),
        "built": _built(seen, set(cases["case"])),
        "steps": steps(table, table["case"].iloc[0], table["case"].iloc[1], used),
    }
    figure = Figure("waterfall", "Two cases side by side", note, table, _waterfall(), data=data,
                    view="sides", unit="MUSD")  # fmt: skip
    return Section("sides", "Side by side", figures=[figure])


def steps(table: pd.DataFrame, before: str, after: str, terms: list[str]) -> list[Row]:
    """The steps of a waterfall from the cost of one case to that of another [MUSD]."""
    costs = {row["case"]: row for row in records(table)}
    a, b = costs[before], costs[after]
    at = float(a["objective_musd"])
    rows: list[Row] = [{"step": f"1: {before}", "low": at, "high": at, "kind": "total"}]
    for term in terms:
        change = float(b[f"cost_{term}_musd"] - a[f"cost_{term}_musd"])
        if abs(change) > 1e-9:
            kind = "more" if change > 0 else "less"
            rows.append(
                {"step": term.replace("_", " "), "low": at, "high": at + change, "kind": kind}
            )
            at += change
    end = float(b["objective_musd"])
    rows.append({"step": f"2: {after}", "low": end, "high": end, "kind": "total"})
    return [row | {"place": place} for place, row in enumerate(rows)]


def _built(seen: "StudyReading", cases: set[str]) -> list[Row]:
    """IT power at the end by case and site [MW]."""
    power = seen.power
    last = list(seen.study.base.periods)[-1]
    rows = power[power["case"].isin(cases) & (power["period"] == last)]
    return records(rows[["case", "site", "it_mw"]])


def _waterfall() -> Spec:
    inks = {"total": INK, "more": PALETTE[1], "less": PALETTE[2]}
    axis = {"title": None, "orient": "top", "grid": True, "tickCount": 6}
    value = {"type": "quantitative", "scale": {"zero": False}, "axis": axis}
    encoding = {
        "y": row_axis("step") | {"sort": {"field": "place", "op": "min"}},
        "x": {"field": "low", **value},
        "x2": {"field": "high"},
        "color": {
            "field": "kind",
            "type": "nominal",
            "scale": {"domain": list(inks), "range": list(inks.values())},
        },
        "tooltip": [
            {"field": "step", "type": "nominal"},
            {"field": "change", "type": "quantitative", "format": "+,.1f", "title": "MUSD"},
        ],
    }
    told = [{"field": "step", "type": "nominal"}]
    total = [*told, {"field": "high", "type": "quantitative", "format": ",.1f", "title": "MUSD"}]
    content = {
        "transform": [{"calculate": "datum.high - datum.low", "as": "change"}],
        "encoding": encoding,
        "layer": [
            {"mark": "bar", "transform": [{"filter": "datum.kind !== 'total'"}]},
            {
                "mark": {"type": "tick", "thickness": 3, "size": 20, "opacity": 1},
                "transform": [{"filter": "datum.kind === 'total'"}],
                "encoding": {"tooltip": total},
            },
        ],
    }
    return {**chart(content, {"step": 24}), "data": {"name": "steps"}}
