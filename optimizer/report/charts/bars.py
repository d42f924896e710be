"""Bars: stacked over time, and ranked from the largest to the least."""

from collections.abc import Sequence
from typing import Any

from optimizer.report.charts.style import OTHER, PALETTE, WARN, chart, scale
from optimizer.report.figure import Spec

MOST_ROWS = 30
"""Rows of a chart that has one for each of many places."""


def over_time(
    y: str, colour: str, told: dict[str, str], periods: Sequence[str], order: str = "ascending"
) -> Spec:
    """Stacked bars by period; `told` has the colour of each value of the column `colour`.

    `order` says whether the first or the last value by its name stands at the bottom.
    """
    encoding = {
        "x": time_axis(periods),
        "y": {"field": y, "type": "quantitative", "aggregate": "sum", "title": None},
        "color": {"field": colour, "type": "nominal", "scale": scale(told)},
        "order": {"field": colour, "sort": order},
        "tooltip": [
            {"field": "period", "type": "nominal"},
            {"field": colour, "type": "nominal"},
            {"field": y, "type": "quantitative", "aggregate": "sum", "format": ",.4~r"},
        ],
    }
    return chart({"mark": {"type": "bar"}, "encoding": encoding}, 250)


def time_axis(periods: Sequence[str]) -> dict[str, Any]:
    """Periods from left to right."""
    return {"field": "period", "type": "ordinal", "scale": {"domain": list(periods)}, "title": None}


def ranked(y: str, x: str, *, signed: bool = False, percent: bool = False) -> Spec:
    """A bar for each row, in the order of the table; negative ones in another colour if signed."""
    value: dict[str, Any] = {"field": x, "type": "quantitative"}
    axis: dict[str, Any] = {"title": None, "grid": True, "orient": "top", "tickCount": 6}
    form = ".1%" if percent else ",.4~r"
    colour: dict[str, Any] = {"value": PALETTE[0]}
    if signed:
        colour = {"condition": {"test": f"datum['{x}'] < 0", "value": PALETTE[2]}, **colour}
    encoding = {
        "y": row_axis(y),
        "x": value | {"axis": axis | ({"format": ".2~%"} if percent else {})},
        "color": colour,
        "tooltip": [{"field": y, "type": "nominal"}, value | {"format": form}],
    }
    return chart(
        {"mark": {"type": "bar", "cornerRadiusEnd": 1}, "encoding": encoding}, {"step": 22}
    )


def row_axis(y: str) -> dict[str, Any]:
    """Names of rows, in the order of the table."""
    axis = {"title": None, "labelLimit": {"expr": "max(90, width * 0.42)"}, "grid": False}
    return {"field": y, "type": "nominal", "sort": None, "axis": axis}


def used_and_left(y: str, used: str, left: str) -> Spec:
    """For each row what is used, and in grey what is left."""
    told = {"used": PALETTE[0], "left": OTHER}
    name = f"datum.key === '{used}' ? 'used' : 'left'"
    axis = {"title": None, "grid": True, "orient": "top", "tickCount": 6}
    encoding = {
        "y": row_axis(y),
        "x": {"field": "value", "type": "quantitative", "aggregate": "sum", "axis": axis},
        "color": {"field": "part", "type": "nominal", "scale": scale(told)},
        "order": {"field": "part", "sort": "descending"},
        "tooltip": [
            {"field": y, "type": "nominal"},
            {"field": "part", "type": "nominal"},
            {"field": "value", "type": "quantitative", "aggregate": "sum", "format": ",.1f"},
        ],
    }
    folded = [{"fold": [used, left]}, {"calculate": name, "as": "part"}]
    return chart({"transform": folded, "mark": "bar", "encoding": encoding}, {"step": 22})


def shares(y: str, amount: str, colour: str, told: dict[str, str]) -> Spec:
    """For each row a bar of full length, divided in proportion to an amount; the largest rows.

    The values of the column `colour` are those of `told`, which are words of ours, not names.
    """
    value = {"field": amount, "type": "quantitative", "aggregate": "sum", "stack": "normalize"}
    axis = {"title": None, "format": "%", "grid": True, "orient": "top", "tickCount": 5}
    largest = [
        {"joinaggregate": [{"op": "sum", "field": amount, "as": "total"}], "groupby": [y]},
        {
            "window": [{"op": "dense_rank", "as": "place"}],
            "sort": [{"field": "total", "order": "descending"}],
        },
        {"filter": f"datum.place <= {MOST_ROWS}"},
        {"calculate": f"indexof({list(told)}, datum['{colour}'])", "as": "rank"},
    ]
    encoding = {
        "y": row_axis(y),
        "x": value | {"axis": axis},
        "color": {"field": colour, "type": "nominal", "scale": scale(told)},
        "order": {"field": "rank", "type": "quantitative"},
        "tooltip": [
            {"field": y, "type": "nominal"},
            {"field": colour, "type": "nominal"},
            {"field": amount, "type": "quantitative", "aggregate": "sum", "format": ",.4~r"},
        ],
    }
    return chart({"transform": largest, "mark": "bar", "encoding": encoding}, {"step": 22})


SHORT = {"served": PALETTE[0], "short": WARN}
"""Colours of what is served and what is not."""
