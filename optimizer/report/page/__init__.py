"""From sections to one HTML file: `template.html`, `report.css`, scripts of ours and Vega's."""

import base64
import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

import jinja2
import pandas as pd

from optimizer.report.charts.style import CONFIG, LATER, OTHER, STACKED
from optimizer.report.charts.world import countries
from optimizer.report.figure import Figure, Section

LIBRARIES = ("vega.min.js", "vega-lite.min.js", "vega-interpreter.js")
SCRIPTS = ("data.js", "tables.js", "charts.js", "map.js", "sides.js", "main.js")

DIGITS = 9
"""Digits of numbers in the page."""


def page(title: str, kind: str, made: str, sections: Sequence[Section]) -> str:
    """A self-contained page.

    Args:
        title: the name of the plan or the study.
        kind: what it is a report of.
        made: by what it was made.
        sections: its parts, in order.

    Names and texts are data: the template escapes them, scripts set them as text, and the page
    allows no other script than its own and no address.
    """
    shapes = [figure for one in sections for figure in one.figures]
    data = {
        "title": title,
        "config": CONFIG | {"legend": CONFIG["legend"] | {"layout": STACKED}},
        "later": LATER,
        "other": OTHER,
        "figures": {figure.key: as_data(figure) for figure in shapes},
    }
    if any("countries" in str(figure.chart) for figure in shapes):
        data["countries"] = countries()
    library, script = _joined("vendor", LIBRARIES), _joined("js", SCRIPTS)
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FunctionLoader(_asset),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("template.html").render(
        title=title,
        kind=kind,
        made=made,
        sections=sections,
        style=_asset("report.css"),
        library=library,
        script=script,
        hashes=[_hash(library), _hash(script)],
        data=harmless_json(data),
    )


def as_data(figure: Figure) -> dict[str, Any]:
    """A figure as the page's scripts read it; rows are told by column."""
    columns = [
        {
            "name": one.name,
            "head": one.head,
            "unit": one.unit,
            "kind": one.kind,
            "digits": one.digits,
            "values": _values(figure.table[one.name]),
        }
        for one in figure.columns
    ]
    return {
        "title": figure.title,
        "view": figure.view,
        "columns": columns,
        "chart": figure.chart,
        "pick": figure.pick,
        "data": {name: _by_column(rows) for name, rows in figure.data.items()},
    }


def _by_column(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [_plain(row.get(name)) for row in rows] for name in names}


def _values(column: pd.Series) -> Any:
    """The cells of a column; texts that come again and again are numbered."""
    cells = [_plain(cell) for cell in column]
    if len(cells) > 30 and all(isinstance(cell, str) for cell in cells):
        names = list(dict.fromkeys(cells))
        if len(names) < len(cells) / 2:
            place = {name: i for i, name in enumerate(names)}
            return {"names": names, "at": [place[cell] for cell in cells]}
    return cells


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        short = float(f"{value:.{DIGITS}g}")
        return int(short) if short.is_integer() else short
    return value if isinstance(value, bool | int | str | list | dict) else None


def harmless_json(data: Any) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or begins another."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _asset(name: str) -> str:
    return files("optimizer.report").joinpath("page", *name.split("/")).read_text("utf-8")


def _joined(folder: str, names: Iterable[str]) -> str:
    return "\n" + "\n".join(_asset(f"{folder}/{name}") for name in names) + "\n"


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
