"""A study's results as one Excel file."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from optimizer.errors import PlanError
from optimizer.sheets import MOST_ROWS, OPTIONS, put
from optimizer.study.export.batches import BATCH_ROWS, open_all
from optimizer.study.export.cover import TITLE, Sheet, cover
from optimizer.study.folder import StudyFolder


def export_excel(path: str | Path, file: str | Path, *, force: bool = False) -> Path:
    """Write a study's results as an Excel file: a cover, and a sheet for each table.

    A table with more rows than a sheet can hold is left out, and the cover says so. A file that is
    there already is refused, unless `force` is given. Returns the file.

    Raises PlanError if there are no results, or the file is refused or cannot be written.
    """
    target = Path(file)
    if target.suffix.lower() != ".xlsx":
        raise PlanError(f"{target} must end with .xlsx")
    if target.is_dir() or (target.exists() and not force):
        raise PlanError(f"{target} is there already; name another file, or use --force")
    folder, tables = StudyFolder(path), open_all(path)
    from xlsxwriter.exceptions import XlsxWriterException

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as part:
            whole = Path(part, target.name)
            _write(whole, folder, tables)
            whole.replace(target)
    except (OSError, XlsxWriterException, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or error
        raise PlanError(f"no Excel file can be written to {target}: {reason}") from error
    return target


def _write(file: Path, folder: StudyFolder, tables: dict[str, pq.ParquetFile]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), OPTIONS | {"tmpdir": str(file.parent)}) as book:
        bold = book.add_format({"bold": True})
        front = book.add_worksheet(TITLE)
        sheets = []
        for name, table in tables.items():
            rows = table.metadata.num_rows
            fits = rows <= MOST_ROWS
            cut = _fill(book.add_worksheet(name[:31]), table, bold) if fits else 0
            sheets.append(Sheet(name, rows, fits, cut))
        cases = tables["cases"].read(["status", "gap"], use_threads=False).to_pandas()
        for row, (left, right) in enumerate(cover(folder, cases, sheets)):
            if left:
                front.write_string(row, 0, left, bold)
            for place, value in enumerate(right):
                put(front, row, 1 + place, value)
        front.set_column(0, 0, 18)
        front.set_column(1, 1, 30)


def _fill(sheet: Any, table: pq.ParquetFile, bold: Any) -> int:
    """Write a table with its header; return how many texts were cut."""
    names = table.schema_arrow.names
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, min(40, max(12, len(name) + 4)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, table.metadata.num_rows, max(0, len(names) - 1))
    cut = 0
    for number, row in enumerate(_rows(table), start=1):
        for place, value in enumerate(row):
            cut += put(sheet, number, place, value)
    return cut


def _rows(table: pq.ParquetFile) -> Iterator[tuple[Any, ...]]:
    for batch in table.iter_batches(BATCH_ROWS, use_threads=False):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
