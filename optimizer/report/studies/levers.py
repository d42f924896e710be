"""Levers: which settings move the cost, by tornado, sweep, sample or screening."""

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.report.charts.bars import ranked, row_axis
from optimizer.report.charts.style import INK, PALETTE, chart, scale
from optimizer.report.figure import Figure, Section, Spec

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading

C = "objective_musd"


def section(seen: "StudyReading") -> Section | None:
    """A figure for each way in which the study pulled levers."""
    summary = seen.summary
    figures = []
    if not summary.tornado.empty:
        figures.append(_tornado(summary.tornado))
    if not summary.sweep.empty:
        note = "Mean over all cases that have the setting."
        figures.append(Figure("sweep", "Mean figures by setting", note, summary.sweep))
    if not summary.sample.empty:
        table = summary.sample.copy()
        value = "objective_musd_rank_correlation"
        drawn = ranked("lever", value, signed=True) if value in table else None
        note = "Rank correlation of each lever with the cost, over the sample."
        figures.append(Figure("sample", "Levers of the sample", note, table, drawn))
    if not summary.morris.empty:
        note = "mu star is the mean size of the effect of a lever over its whole range."
        figures.append(Figure("screening", "Levers of the screening", note, summary.morris))
    return Section("levers", "What matters", figures=figures) if figures else None


def _tornado(table: pd.DataFrame) -> Figure:
    rows = [
        {
            "lever": row["lever"],
            "end": f"{end} end",
            "setting": str(row[end]),
            "from": row[f"{C}_base"],
            "to": row[f"{C}_{end}"],
        }
        for row in table.to_dict("records")
        for end in ("low", "high")
        if pd.notna(row[f"{C}_base"]) and pd.notna(row[f"{C}_{end}"])
    ]
    base = [{"base": rows[0]["from"]}] if rows else []
    note = (
        "Each lever alone at its low and its high end; the black line is the base. Where 'within "
        "gap' says yes, the gaps leave open whether there is any effect."
    )
    return Figure("tornado", "Tornado", note, table, _bars(), data={"ends": rows, "base": base},
                  unit="MUSD")  # fmt: skip


def _bars() -> Spec:
    told = scale({"low end": PALETTE[5], "high end": PALETTE[0]})
    axis = {"title": None, "orient": "top", "grid": True, "tickCount": 6}
    value = {"type": "quantitative", "scale": {"zero": False}, "axis": axis}
    layers = [
        {
            "data": {"name": "ends"},
            "mark": {"type": "bar"},
            "encoding": {
                "y": row_axis("lever"),
                "x": {"field": "from", **value},
                "x2": {"field": "to"},
                "color": {"field": "end", "type": "nominal", "scale": told},
                "tooltip": [
                    {"field": "lever", "type": "nominal"},
                    {"field": "setting", "type": "nominal"},
                    {"field": "to", "type": "quantitative", "format": ",.1f", "title": "MUSD"},
                ],
            },
        },
        {
            "data": {"name": "base"},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
            "encoding": {"x": {"field": "base", **value}},
        },
    ]
    return chart({"layer": layers}, {"step": 26})
