"""What limits are worth: the exact change of cost by each lever, where the folder has values."""

from typing import TYPE_CHECKING

from optimizer.plan.frame import records
from optimizer.report.charts.bars import row_axis
from optimizer.report.charts.style import INK, PALETTE, chart
from optimizer.report.figure import Figure, Section, Spec
from optimizer.report.folders.reading import read_table
from optimizer.values.table import COLUMNS

if TYPE_CHECKING:
    from optimizer.report.study_contents import StudyReading

FILE = "values.parquet"
"""The table that `values` lays beside its study."""

MOST = 25


def section(seen: "StudyReading") -> Section | None:
    """The levers, the largest first, with the interval that the gaps leave; None without values."""
    file = seen.path / FILE
    if not file.is_file():
        return None
    table = read_table(file, set(COLUMNS))
    exact = table[table["change_musd"].notna()]
    unclear = int(((exact["change_low_musd"] < 0) & (exact["change_high_musd"] > 0)).sum())
    lead = ["What the least cost changes by if a limit is moved by a step; negative saves."]
    if unclear:
        lead.append(
            f"{unclear} of {len(exact)} cannot be told from nothing by these gaps; a smaller "
            "--gap can."
        )
    note = (
        "Bars are the difference of two plans, each solved anew; lines are what their gaps leave "
        "open. Estimates are marginal, from duals at the plan, and say in which order to look."
    )
    names = ["lever", "change_musd", "change_low_musd", "change_high_musd"]
    data = {"most": records(exact[names].head(MOST))}
    figure = Figure("values", "What limits are worth", note, table,
                    _bars() if len(exact) else None, data=data, unit="MUSD")  # fmt: skip
    return Section("values", "Values", lead, figures=[figure])


def _bars() -> Spec:
    axis = {"title": None, "orient": "top", "grid": True, "tickCount": 6}
    saves = {"test": "datum.change_musd < 0", "value": PALETTE[2]}
    layers = [
        {
            "mark": "bar",
            "encoding": {
                "x": {"field": "change_musd", "type": "quantitative", "axis": axis},
                "color": {"condition": saves, "value": PALETTE[1]},
            },
        },
        {
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
            "encoding": {
                "x": {"field": "change_low_musd", "type": "quantitative", "axis": axis},
                "x2": {"field": "change_high_musd"},
            },
        },
    ]
    told = [{"field": "lever", "type": "nominal"}]
    for end in ("", "low_", "high_"):
        told.append({"field": f"change_{end}musd", "type": "quantitative", "format": "+,.1f"})
    encoding = {"y": row_axis("lever"), "tooltip": told}
    return {
        **chart({"encoding": encoding, "layer": layers}, {"step": 24}),
        "data": {"name": "most"},
    }
