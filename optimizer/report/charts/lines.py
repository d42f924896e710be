"""Lines over time, and points of one figure against another."""

from collections.abc import Sequence
from typing import Any

from optimizer.report.charts.bars import time_axis
from optimizer.report.charts.style import PALETTE, chart, scale
from optimizer.report.figure import Spec


def over_time(
    y: str, colour: str, told: dict[str, str], periods: Sequence[str], *, step: bool = False
) -> Spec:
    """A line for each value of the column `colour`, with a point for each period."""
    mark = {"type": "line", "point": {"size": 28}, "interpolate": "step" if step else "linear"}
    value: dict[str, Any] = {"field": y, "type": "quantitative", "title": None}
    encoding = {
        "x": time_axis(periods),
        "y": value,
        "color": {
            "field": colour,
            "type": "nominal",
            "scale": scale(told),
            "legend": {"symbolType": "stroke", "symbolStrokeWidth": 3},
        },
        "tooltip": [
            {"field": "period", "type": "nominal"},
            {"field": colour, "type": "nominal"},
            {"field": y, "type": "quantitative", "format": ",.4~r"},
        ],
    }
    return chart({"mark": mark, "encoding": encoding}, 260)


def points(x: str, x_words: str, y: str, y_words: str, name: str, height: int = 300) -> Spec:
    """A point for each row, and a line through them."""
    encoding = {
        "x": {
            "field": x,
            "type": "quantitative",
            "scale": {"zero": False, "nice": True},
            "axis": {"title": x_words, "grid": True, "tickCount": 6},
        },
        "y": {
            "field": y,
            "type": "quantitative",
            "scale": {"zero": False},
            "axis": {
                "title": y_words,
                "titleAngle": -90,
                "titleAnchor": "middle",
                "titleAlign": "center",
                "titlePadding": 10,
            },
        },
        "tooltip": [
            {"field": name, "type": "nominal"},
            {"field": x, "type": "quantitative", "format": ",.5~r"},
            {"field": y, "type": "quantitative", "format": ",.5~r"},
        ],
    }
    marks = [
        {"mark": {"type": "line", "color": PALETTE[0], "opacity": 0.5}},
        {"mark": {"type": "point", "filled": True, "size": 70, "color": PALETTE[0]}},
    ]
    return chart({"encoding": encoding, "layer": marks}, height)
