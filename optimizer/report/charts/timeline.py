"""The build timeline as a chart: a strip for each site, and marks for what happens."""

from typing import Any

from optimizer.report.charts.style import FAINT, INK, SCHEMA, WARN, scale
from optimizer.report.figure import Spec

MARKS = {
    "ordered": ("triangle-right", INK),
    "halls ordered": ("square", INK),
    "halls renewed": ("diamond", INK),
    "mining converted": ("circle", INK),
    "halls leased": ("triangle-left", INK),
    "grid upgrade ordered": ("triangle-up", INK),
    "leaves early": ("cross", WARN),
    "end of life": ("triangle-down", WARN),
    "halls at end of life": ("square", WARN),
}
"""What is marked, with a shape and a colour: in dark what is decided, in red what ends."""

LANE = 0.93
"""Where marks stand in a site's row."""


def strips(rows: int, told: dict[str, str], happens: set[str]) -> Spec:
    """The chart of so many sites: data `bars`, `labels`, `halls` and `marks`.

    Args:
        rows: how many sites there are.
        told: the colour of each unit type.
        happens: which of MARKS there are.
    """
    flat = {"scale": {"domain": [rows, 0], "nice": False, "zero": False}, "axis": None}
    span: dict[str, Any] = {
        "x": {
            "field": "from",
            "type": "temporal",
            "scale": {"type": "utc"},
            "axis": {
                "title": None,
                "orient": "top",
                "grid": True,
                "format": "%Y",
                "tickCount": "year",
            },
        },
        "x2": {"field": "to"},
    }
    kinds = [what for what in MARKS if what in happens]
    shapes, inks = ([MARKS[what][i] for what in kinds] for i in (0, 1))
    legend = {"symbolStrokeWidth": 1.5}
    mark = {
        "x": span["x"] | {"field": "when"},
        "y": {"field": "y", "type": "quantitative", **flat},
        "shape": {
            "field": "what",
            "type": "nominal",
            "scale": {"domain": kinds, "range": shapes},
            "legend": legend,
        },
        "color": {
            "field": "what",
            "type": "nominal",
            "scale": {"domain": kinds, "range": inks},
            "legend": legend,
        },
        "tooltip": [{"field": "what", "type": "nominal"}, {"field": "told", "type": "nominal"}],
    }
    layers = [
        {
            "data": {"name": "bars"},
            "mark": {"type": "rect", "opacity": 0.85},
            "encoding": span
            | {
                "y": {"field": "low", "type": "quantitative", **flat},
                "y2": {"field": "high"},
                "color": {"field": "unit_type", "type": "nominal", "scale": scale(told)},
                "tooltip": [
                    {"field": "site", "type": "nominal"},
                    {"field": "unit_type", "type": "nominal", "title": "unit type"},
                    {"field": "told", "type": "nominal", "title": "in service"},
                ],
            },
        },
        {
            "data": {"name": "halls"},
            "mark": {"type": "rule", "color": FAINT, "strokeWidth": 1},
            "encoding": span | {"y": {"field": "level", "type": "quantitative", **flat}},
        },
        {
            "name": "events",
            "data": {"name": "marks"},
            "transform": [
                {"calculate": f"datum.row + {LANE}", "as": "y"},
            ],
            "mark": {
                "type": "point",
                "filled": True,
                "size": 42,
                "opacity": 0.95,
                "stroke": None,
                "xOffset": {"expr": "4 + datum.nudge"},
            },
            "encoding": mark,
        },
        {
            "name": "names",
            "data": {"name": "labels"},
            "mark": {"type": "text", "align": "left", "x": 2, "fontWeight": 600},
            "encoding": {
                "y": {"field": "row", "type": "quantitative", **flat},
                "text": {"field": "label"},
            },
        },
        {
            "name": "ends",
            "data": {"name": "labels"},
            "mark": {"type": "text", "align": "right", "x": "width"},
            "encoding": {
                "y": {"field": "row", "type": "quantitative", **flat},
                "text": {"field": "end"},
            },
        },
    ]
    scales = {"color": "independent", "shape": "independent"}
    resolve = {"scale": scales, "legend": {"color": "independent", "shape": "independent"}}
    size = {"width": "container", "height": max(120, 54 * rows)}
    return {
        "$schema": SCHEMA,
        **size,
        "data": {"name": "bars"},
        "layer": layers,
        "resolve": resolve,
    }
