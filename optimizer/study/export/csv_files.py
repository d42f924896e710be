"""A study's results as CSV files that no spreadsheet takes for formulas."""

import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from optimizer.errors import PlanError
from optimizer.plan.store import FORMULA_STARTS
from optimizer.study.export.batches import BATCH_ROWS, open_all


def export_csv(path: str | Path, folder: str | Path, *, force: bool = False) -> Path:
    """Write each table of a study's results as `NAME.csv` into a folder; return the folder.

    A folder that is not empty is refused, unless `force` is given: then files of the same names are
    replaced, and all others stay. Nothing is put there before every table has been written.
    A text that a spreadsheet would run as a formula gets a ' before it.

    Raises PlanError if there are no results, or the folder is refused or cannot be written.
    """
    target = Path(folder)
    tables = open_all(path)
    if target.exists() and not target.is_dir():
        raise PlanError(f"{target} is a file; name a folder for the CSV files")
    try:
        if target.is_dir() and any(target.iterdir()) and not force:
            raise PlanError(f"{target} is not empty; name another folder, or use --force")
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            for name, table in tables.items():
                _write(table, part / f"{name}.csv")
            part.chmod(0o755)
            _place(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or error
        raise PlanError(f"no CSV can be written to {target}: {reason}") from error
    return target


def _place(part: Path, target: Path) -> None:
    if not target.exists():
        part.rename(target)
        return
    for file in part.iterdir():
        file.replace(target / file.name)


def _write(table: pq.ParquetFile, file: Path) -> None:
    with pyarrow.csv.CSVWriter(file, table.schema_arrow) as writer:
        for batch in table.iter_batches(BATCH_ROWS, use_threads=False):
            columns = [_harmless(column) for column in batch.columns]
            writer.write_batch(pa.record_batch(columns, schema=table.schema_arrow))


def _harmless(column: pa.Array) -> pa.Array:
    if not pa.types.is_string(column.type):
        return column
    risky = pc.is_in(pc.utf8_slice_codeunits(column, 0, 1), pa.array(FORMULA_STARTS))
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
