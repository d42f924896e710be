"""`buildplan study query`: ask a study's results in SQL."""

import csv
import io
import json
import math
from collections.abc import Sequence
from typing import Any

import click

from optimizer.cli import console
from optimizer.cli.endings import Ending
from optimizer.cli.layout import width_of

MOST_ROWS = 1000
"""Rows that are printed as text [rows]."""


@click.command("query")
@click.argument("folder", metavar="DIR")
@click.argument("sql")
@click.option("--json", "as_json", is_flag=True, help="The rows as a JSON list of objects.")
@click.option("--csv", "as_csv", is_flag=True, help="The rows as CSV.")
def command(folder: str, sql: str, as_json: bool, as_csv: bool) -> Ending:
    """Answer the SELECT in SQL over the results of the study in DIR.

    Its tables: cases, levers, changes, timings, and the tables of the plans with a column "case".
    Write "case" and "group" in double quotes. Nothing is changed and no other file is read.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    from optimizer.study.query import query_arrow

    answer = query_arrow(folder, sql)
    names, rows = answer.column_names, answer.to_pylist()
    if as_json:
        plain = [{name: _as_json(row[name]) for name in names} for row in rows]
        console.out(json.dumps(plain, indent=1, default=str))
    elif as_csv:
        console.out(_as_csv(names, rows))
    else:
        console.out("\n".join(_as_text(names, rows)))
    return Ending.DONE


def _as_json(value: Any) -> Any:
    """A value without what JSON has no word for."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(name): _as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return [_as_json(one) for one in value]
    return value


def _as_csv(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    """Rows as CSV; a text that a spreadsheet would take for a formula gets a ' before it."""
    from optimizer.plan.store import FORMULA_STARTS

    def harmless(value: Any) -> Any:
        risky = isinstance(value, str) and value.startswith(FORMULA_STARTS)
        return f"'{value}" if risky else value

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(harmless(name) for name in names)
    writer.writerows([harmless(row[name]) for name in names] for row in rows)
    return text.getvalue().removesuffix("\n")


def _as_text(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> list[str]:
    """An aligned table, numbers to the right; nothing is cut, however wide it is."""
    shown = rows[:MOST_ROWS]
    cells = [[_cell(row[name]) for name in names] for row in shown]
    columns = zip(*[[console.clean(name) for name in names], *cells], strict=True)
    padded = [
        _aligned(list(column), all(_is_number(row[name]) for row in shown))
        for name, column in zip(names, columns, strict=True)
    ]
    lines = ["  ".join(line).rstrip() for line in zip(*padded, strict=True)]
    if not rows:
        lines.append("no rows")
    if (more := len(rows) - len(shown)) > 0:
        lines.append(f"and {more:,} more rows; --csv and --json give all of them")
    return lines


def _aligned(column: Sequence[str], right: bool) -> list[str]:
    width = max(width_of(cell) for cell in column)
    fill = [" " * (width - width_of(cell)) for cell in column]
    pairs = zip(column, fill, strict=True)
    return [space + cell if right else cell + space for cell, space in pairs]


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and math.isfinite(value):
        if value == 0 or 1e-4 <= abs(value) < 1e15:
            return f"{value:.6f}".rstrip("0").rstrip(".")
        return f"{value:.6g}"
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(console.clean(str(value)).split("\n"))
