"""Steps from one total to another: what each adds or takes."""

from collections.abc import Iterable
from typing import Any

from optimizer.report.charts.bars import row_axis
from optimizer.report.charts.style import INK, PALETTE, chart
from optimizer.report.figure import Row, Spec

SMALLEST = 1e-9
"""Smaller steps are left out [MUSD]."""


def steps(
    first: str, start: float, between: Iterable[tuple[str, float]], last: str, end: float
) -> list[Row]:
    """The rows of a waterfall, from a first total over steps to a last one [MUSD]."""
    at = start
    rows: list[Row] = [{"step": first, "low": start, "high": start, "kind": "total"}]
    for name, change in between:
        if abs(change) > SMALLEST:
            kind = "more" if change > 0 else "less"
            rows.append({"step": name, "low": at, "high": at + change, "kind": kind})
            at += change
    rows.append({"step": last, "low": end, "high": end, "kind": "total"})
    return [row | {"place": place} for place, row in enumerate(rows)]


def waterfall() -> Spec:
    """A chart of the rows of `steps`, which are its data `steps`."""
    inks = {"total": INK, "more": PALETTE[1], "less": PALETTE[2]}
    axis = {"title": None, "orient": "top", "grid": True, "tickCount": 6}
    value: dict[str, Any] = {"type": "quantitative", "scale": {"zero": False}, "axis": axis}
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
