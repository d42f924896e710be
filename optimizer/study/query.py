"""Ask a study's results in SQL.

DuckDB reads the Parquet files in place. It can reach nothing else: it is handed the open files and
then kept from all others, from loading extensions and from changing either of these settings.
"""

import re
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from optimizer.errors import PlanError
from optimizer.study.results import open_tables

TIMINGS = "timings"
"""The table of how long cases took, which stands beside the results."""

KEYWORDS = ("case", "group")
"""Columns whose names mean something else to SQL unless they are quoted."""


class QueryError(PlanError):
    """The SQL cannot be answered; the message says why, and names the tables or columns."""


def query(path: str | Path, sql: str) -> pd.DataFrame:
    """Answer one SELECT over the tables of a study's results, and over `timings`.

    Raises PlanError if there are no results, QueryError if the SQL cannot be answered.
    """
    frame: pd.DataFrame = query_arrow(path, sql).to_pandas()
    return frame


def query_arrow(path: str | Path, sql: str) -> pa.Table:
    """As `query`, as an Arrow table: whole numbers stay whole where some are missing."""
    tables = {name: _dataset(path, name, file) for name, file in _files(path).items()}
    _check_kind(sql)
    with tempfile.TemporaryDirectory(prefix="buildplan-") as spill, duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        connection.execute(f"SET temp_directory = '{_quoted(spill)}'")
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            answer = connection.sql(sql).arrow()
            if isinstance(answer, pa.RecordBatchReader):
                answer = answer.read_all()
        except duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except duckdb.Error as error:
            raise QueryError(_in_words(str(error), sql, tables)) from error
    return _plain(answer)


def _files(path: str | Path) -> dict[str, pa.NativeFile]:
    files = open_tables(path)
    timings = Path(path) / f"{TIMINGS}.parquet"
    if timings.is_file():
        files[TIMINGS] = pa.memory_map(str(timings))
    return files


def _dataset(path: str | Path, name: str, file: pa.NativeFile) -> ds.Dataset:
    """A table that is read as far as a query needs it."""
    kind = ds.ParquetFileFormat()
    try:
        fragment = kind.make_fragment(file)
        return ds.FileSystemDataset([fragment], fragment.physical_schema, kind)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise PlanError(f"the table {name} of {path} cannot be read: {error}") from error


def _check_kind(sql: str) -> None:
    """Raise QueryError for anything but one SELECT; what is no SQL at all is left to be refused."""
    try:
        kinds = [statement.type for statement in duckdb.extract_statements(sql)]
    except duckdb.Error:
        return
    if kinds != [duckdb.StatementType.SELECT]:
        raise QueryError("give one SELECT; a query reads the study's tables and changes nothing")


def _in_words(said: str, sql: str, tables: dict[str, ds.Dataset]) -> str:
    """What DuckDB says, in one line, and what there is instead."""
    text = " ".join(said.partition("\nLINE ")[0].split()).removesuffix(".")
    words = set(re.findall(r"\w+", sql.lower()))
    if text.startswith("Permission Error"):
        text = f"a query may read the study's tables only ({text})"
    lines = [f"the query cannot be answered: {text}."]
    bare = [word for word in KEYWORDS if re.search(rf'(?<![".\w]){word}(?!["\w])', sql.lower())]
    if text.startswith("Parser Error") and bare:
        quoted = " and ".join(f'"{word}"' for word in bare)
        lines.append(f"Write {quoted} in double quotes where a column is meant.")
    asked = [name for name in tables if name in words]
    if "Binder Error" in text and asked:
        lines += [f"Columns of {name}: {', '.join(tables[name].schema.names)}." for name in asked]
    else:
        lines.append(f"Tables: {', '.join(tables)}; `DESCRIBE NAME` lists the columns of one.")
    return "\n".join(lines)


def _plain(answer: pa.Table) -> pa.Table:
    """The answer with DuckDB's wide sums as usual numbers, and no two columns of one name."""
    names: list[str] = []
    for name in answer.column_names:
        count = sum(other == name for other in answer.column_names[: len(names)])
        names.append(f"{name}_{count + 1}" if count else name)
    columns = [_narrow(column) for column in answer.columns]
    return pa.table(columns, names=names)


def _narrow(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_decimal(column.type):
        return column
    if column.type.scale == 0:
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            return column.cast(pa.float64())
    return column.cast(pa.float64())


def _quoted(text: str) -> str:
    return text.replace("'", "''")
