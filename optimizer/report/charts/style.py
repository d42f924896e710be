"""Colours, type and lines of all charts; the page's style sheet puts its own inks on top."""

from collections.abc import Iterable
from typing import Any

from optimizer.report.figure import Spec

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

PALETTE = (
    "#2f6db3",
    "#e08a1e",
    "#3bb273",
    "#9c2f66",
    "#7d6819",
    "#8ab6e8",
    "#6e3a2e",
    "#7549d8",
)
"""Colours of categories, in the order of use; told apart with any common colour blindness."""

OTHER = "#98a1ab"
"""What is not used, not known, or one of many."""

WARN = "#c8453b"
"""What falls short or is refused."""

INK, FAINT, GRID = "#1d2733", "#66717d", "#e3e7eb"

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

CONFIG: dict[str, Any] = {
    "aria": False,
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "range": {"category": list(PALETTE)},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": GRID,
        "labelColor": FAINT,
        "titleColor": FAINT,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelPadding": 6,
        "labelLimit": 150,
    },
    "axisX": {"grid": False, "labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 8},
    "axisY": {"title": None},
    "axisQuantitative": {"tickCount": 6},
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelColor": INK,
        "labelFontSize": 11,
        "labelLimit": 170,
        "symbolType": "square",
        "symbolSize": 90,
        "symbolStrokeWidth": 0,
        "columnPadding": 14,
        "offset": 10,
        "columns": {"expr": "max(1, floor(width / 165))"},
    },
    "bar": {"discreteBandSize": {"band": 0.76}},
    "line": {"strokeWidth": 2.2},
    "text": {"fontSize": 11, "color": INK},
}
"""The configuration of every chart."""

STACKED = {"top": {"anchor": "start", "direction": "vertical", "margin": 6}}
"""Several legends above a chart stand one below the other; Vega knows this, Altair does not."""


def chart(content: dict[str, Any], height: int | dict[str, int]) -> Spec:
    """A chart as wide as its place; `content` has marks and encodings."""
    size = {"width": "container", "height": height}
    return {"$schema": SCHEMA, **size, "data": {"name": "table"}, **content}


def colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name, in their order; beyond the palette all share one."""
    distinct = dict.fromkeys(names)
    return {n: PALETTE[i] if i < len(PALETTE) else OTHER for i, n in enumerate(distinct)}


def scale(told: dict[str, str]) -> dict[str, Any]:
    """Colours by name as a scale."""
    return {"domain": list(told), "range": list(told.values())}


LATER = 400
"""Milliseconds after which charts out of sight are drawn, so that printing finds them."""
