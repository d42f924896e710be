"""A grid of cells: a figure for each pair of names, shaded and written out."""

from typing import Any

from optimizer.report.charts.style import chart
from optimizer.report.figure import Spec

Shade = dict[str, Any]

SERVED: Shade = {
    "domain": [0.5, 1], "range": ["#e5a04a", "#eef3f9", "#c3d7ee"],
    "interpolate": "rgb", "domainMid": 0.97, "clamp": True,
}  # fmt: skip
"""From orange, where much is missing, to blue, where all is served."""

AMOUNT: Shade = {"range": ["#f3f6fa", "#9cc0e6"], "interpolate": "rgb"}
"""The darker, the more; light enough for dark figures on it."""


def cells(x: str, y: str, value: str, form: str, shade: Shade, also: tuple[str, ...] = ()) -> Spec:
    """A grid with a column for each x and a row for each y, in the order of the table.

    Args:
        x, y, value: columns of the table.
        form: how values are written.
        shade: the scale of their colours.
        also: further columns of numbers that are told of a cell.
    """
    place = {
        "x": {
            "field": x,
            "type": "nominal",
            "sort": None,
            "title": None,
            "axis": {"orient": "top"},
        },
        "y": {"field": y, "type": "nominal", "sort": None, "title": None},
    }
    colour = {"field": value, "type": "quantitative", "scale": shade, "legend": None}
    told = [{"field": name, "type": "nominal"} for name in (y, x)]
    told.append({"field": value, "type": "quantitative", "format": form})
    told += [{"field": name, "type": "quantitative", "format": ",.4~r"} for name in also]
    layers = [
        {
            "mark": {"type": "rect", "stroke": "white", "strokeWidth": 2},
            "encoding": {"color": colour, "tooltip": told},
        },
        {
            "name": "cells",
            "mark": {"type": "text"},
            "encoding": {"text": {"field": value, "type": "quantitative", "format": form}},
        },
    ]
    return chart({"encoding": place, "layer": layers}, {"step": 26})
