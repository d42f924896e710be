"""Charts as pictures, made without a browser; needs the extra `plots`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from optimizer.errors import PlanError
from optimizer.report.charts.style import CONFIG, INK
from optimizer.report.charts.world import countries
from optimizer.report.figure import Figure, Spec
from optimizer.whole import write_files

Kind = Literal["png", "svg"]

WIDTH = 860
"""Width of a picture [px]; PNG have twice as many pixels."""

MISSING = "pictures need the extra 'plots': pip install 'buildplan[plots]'"


def standalone(figure: Figure, choice: str | None = None) -> Spec:
    """A chart that stands alone: with title, data and a width.

    Args:
        figure: a figure that has a chart.
        choice: which rows of a figure with a choice are drawn; else all, or the first choice.

    Raises PlanError if the figure has no chart, or the choice is none of its own.
    """
    if figure.chart is None:
        raise PlanError(f"'{figure.key}' is a table and has no chart")
    rows = _chosen(figure, choice)
    datasets: dict[str, Any] = {"table": _records(rows), **figure.data}
    text = json.dumps(figure.chart)
    if '"countries"' in text:
        datasets["countries"] = countries()
    title = f"{figure.title}, {figure.unit}" if figure.unit else figure.title
    told = choice or (figure.choices[0] if figure.pick and not figure.every else "")
    width = {"width": WIDTH} if figure.chart["width"] == "container" else {}
    drawn: Mapping[str, Any] = {
        name: rows for name, rows in datasets.items() if f'"{name}"' in text
    }
    head = {"text": title, "anchor": "start", "fontSize": 15, "fontWeight": 600, "color": INK,
            "offset": 14, "subtitle": told, "subtitleColor": INK}  # fmt: skip
    return {
        **figure.chart,
        **width,
        "padding": 16,
        "title": head,
        "datasets": drawn,
        "config": CONFIG | {"background": "white"},
    }


def _chosen(figure: Figure, choice: str | None) -> pd.DataFrame:
    if not figure.pick:
        if choice is not None:
            raise PlanError(f"'{figure.key}' has nothing to choose")
        return figure.table
    if choice is not None and choice not in figure.choices:
        raise PlanError(f"{figure.pick} '{choice}' is not in '{figure.key}'")
    if choice is None and figure.every:
        return figure.table
    wanted = choice if choice is not None else (figure.choices or [""])[0]
    return figure.table[figure.table[figure.pick].astype(str) == wanted]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", double_precision=12))
    return told


def draw(spec: Spec, kind: Kind) -> bytes:
    """A picture of a chart. Raises PlanError if the extra is missing."""
    try:
        import vl_convert
    except ImportError as error:
        raise PlanError(MISSING) from error
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(json.dumps(spec), scale=2.0))
    return str(vl_convert.vegalite_to_svg(json.dumps(spec))).encode("utf-8")


def save_pictures(figures: Mapping[str, Figure], folder: str | Path, kind: Kind) -> list[Path]:
    """Write every chart as `KEY.png` or `KEY.svg` into a folder; return the files.

    Files of the same names are replaced, others stay. Raises PlanError if the extra is missing or
    the folder cannot be written.
    """
    target = Path(folder)
    drawn = {
        f"{figure.key}.{kind}": draw(standalone(figure), kind)
        for figure in figures.values()
        if figure.chart is not None
    }

    def fill(part: Path) -> None:
        for name, content in drawn.items():
            (part / name).write_bytes(content)

    try:
        write_files(target, fill)
    except OSError as error:
        raise PlanError(f"no pictures can be written to {target}: {error.strerror}") from error
    return [target / name for name in drawn]
