"""The processor time to a gap of 2 % as sites, regions or periods double, as a picture.

Processor time, since it is the same on a machine that others use, too; two threads at most use it.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.generated import Size
from benchmarks.speed.results import Record

STEP = "2%"
COLOURS = ["#1b6ca8", "#c8553d", "#3a7d44"]
BAR = 2.5
"""What doubling one dimension may cost [ratio]."""


def points(rows: list[Record]) -> list[dict[str, Any]]:
    """Time by dimension and factor; the base is the first point of every dimension."""
    timed = [
        row for row in rows if row["growth"] and row["cpu_to_s"][STEP].get("median") is not None
    ]
    base = next((row for row in timed if row["growth"] == "base"), None)
    if base is None:
        return []
    out = []
    for i, dimension in enumerate(Size._fields):
        for row in timed:
            if row["growth"] in {dimension, "base"}:
                factor = row["size"][i] / base["size"][i]
                out.append({"doubled": dimension, "factor": factor, **row["cpu_to_s"][STEP]})
    return out


def ratios(rows: list[Record]) -> dict[str, list[float]]:
    """What each doubling cost: time over that before it, by dimension [ratio]."""
    found = points(rows)
    out = {}
    for dimension in Size._fields:
        line = sorted((p for p in found if p["doubled"] == dimension), key=lambda p: p["factor"])
        pairs = pairwise(line)
        out[dimension] = [
            b["median"] / a["median"] for a, b in pairs if b["factor"] == 2 * a["factor"]
        ]
    return out


def draw(rows: list[Record], file: Path) -> None:
    """Write the picture as SVG; needs the extra `plots`."""
    from vl_convert import vegalite_to_svg

    found = points(rows)
    x = {"field": "factor", "type": "quantitative", "title": "times the base"}
    x |= {"scale": {"type": "log", "base": 2}, "axis": {"values": [1, 2, 4, 8]}}
    y = {"field": "median", "type": "quantitative", "title": "processor time to 2 % [s]"}
    y |= {"scale": {"type": "log"}}
    colour = {
        "field": "doubled",
        "type": "nominal",
        "title": "doubled",
        "scale": {"range": COLOURS},
    }
    start = min((point["median"] for point in found if point["factor"] == 1), default=1.0)
    bar = [{"factor": 2**i, "median": start * BAR**i} for i in range(3)]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 420,
        "height": 260,
        "background": "white",
        "layer": [
            {
                "data": {"values": bar},
                "mark": {"type": "line", "strokeDash": [4, 4], "color": "#888"},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": found},
                "mark": {"type": "line", "point": True},
                "encoding": {"x": x, "y": y, "color": colour},
            },
        ],
    }
    file.write_text(vegalite_to_svg(spec))
