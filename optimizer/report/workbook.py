"""A plan, or the tables of a page, as one Excel file: a cover, and a sheet for each table."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.blame import blaming
from optimizer.errors import PlanError
from optimizer.plan import Plan, read_plan
from optimizer.report.sources import Contents
from optimizer.sheets import MOST_ROWS, OPTIONS, put

Line = tuple[str, tuple[str | float | None, ...]]
"""A heading, and what stands beside it."""

Tables = Mapping[str, pd.DataFrame]

READING = (
    "Units are part of the column names: musd is million USD of the base year, mtok a million "
    "tokens.",
    "gap is (cost − bound) / cost: no plan can be cheaper by more than that.",
    "Texts are never formulas; periods are texts.",
)


def export_plan(source: Plan | str | Path, file: str | Path, *, force: bool = False) -> Path:
    """Write a plan, or that of a folder, as an Excel file; return the file.

    A table with more rows than a sheet can hold is left out, and the cover says so. A file that is
    there already is refused, unless `force` is given. Raises PlanError if the plan cannot be read,
    or the file is refused or cannot be written.
    """
    target = _target(file, force)
    plan = source if isinstance(source, Plan) else read_plan(source)
    with blaming(plan):
        return _export(target, "plan", _of_plan(plan), plan.tables)


def export_contents(told: Contents, file: str | Path, *, force: bool = False) -> Path:
    """Write the tables of a page as an Excel file; return the file. Raises PlanError likewise."""
    target = _target(file, force)
    cover = iter([(told.kind.lower(), (told.title,)), ("", ())])
    return _export(target, "cover", cover, {k: one.table for k, one in told.figures.items()})


def _target(file: str | Path, force: bool) -> Path:
    target = Path(file)
    if target.suffix.lower() != ".xlsx":
        raise PlanError(f"{target} must end with .xlsx")
    if target.is_dir() or (target.exists() and not force):
        raise PlanError(f"{target} is there already; name another file, or use --force")
    return target


def _export(target: Path, name: str, cover: Iterator[Line], tables: Tables) -> Path:
    """Write a cover and a sheet for each table, whole or not at all."""
    from xlsxwriter.exceptions import XlsxWriterException

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as part:
            whole = Path(part, target.name)
            _write(whole, name, chain(cover, _contents(tables)), tables)
            whole.replace(target)
    except (OSError, XlsxWriterException) as error:
        reason = getattr(error, "strerror", None) or error
        raise PlanError(f"no Excel file can be written to {target}: {reason}") from error
    return target


def _write(file: Path, name: str, cover: Iterable[Line], tables: Tables) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), OPTIONS | {"tmpdir": str(file.parent)}) as book:
        bold = book.add_format({"bold": True})
        front = book.add_worksheet(name)
        for title, table in tables.items():
            if len(table) <= MOST_ROWS:
                _fill(book.add_worksheet(title[:31]), table, bold)
        for row, (left, right) in enumerate(cover):
            if left:
                front.write_string(row, 0, left, bold)
            for place, value in enumerate(right):
                put(front, row, 1 + place, value)
        front.set_column(0, 0, 24)
        front.set_column(1, 1, 34)


def _fill(sheet: Any, table: Any, bold: Any) -> None:
    for place, name in enumerate(table.columns):
        sheet.write_string(0, place, str(name), bold)
        sheet.set_column(place, place, min(40, max(12, len(str(name)) + 4)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table), max(0, len(table.columns) - 1))
    columns = [table[name].tolist() for name in table.columns]
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        for place, value in enumerate(row):
            put(sheet, number, place, value)


def _of_plan(plan: Plan) -> Iterator[Line]:
    yield "plan", (plan.name,)
    yield "status", (plan.status,)
    yield "cost, MUSD", (plan.objective_musd,)
    yield "bound, MUSD", (plan.bound_musd,)
    yield "gap", (plan.gap,)
    yield "independent checker", ("accepted" if plan.verified else "not accepted",)
    yield "hash of the instance", (plan.instance_sha256,)
    yield "solved by", (", ".join(f"{name} {n}" for name, n in plan.versions.items()),)
    yield "", ()
    for heading, figures in (("key figure", plan.kpis), ("cost term, MUSD", plan.costs_musd)):
        yield heading, ()
        for name, value in figures.items():
            yield "", (name, value)
        yield "", ()


def _contents(tables: Tables) -> Iterator[Line]:
    yield "sheet", ("", "rows")
    for name, table in tables.items():
        left_out = () if len(table) <= MOST_ROWS else ("LEFT OUT: more rows than a sheet holds",)
        yield "", (name, len(table), *left_out)
    yield "", ()
    for number, line in enumerate(READING):
        yield "" if number else "how to read", (line,)
