"""Columns that suit the tables of every plan of a study."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from optimizer.errors import PlanError
from optimizer.verify.specs import SPECS, Spec

CASE = "case"
"""The first column of every table."""


def schemas(folders: Iterable[Path]) -> dict[str, pa.Schema]:
    """The schema of each table of the plans, whose tables stand in these folders.

    A column that some plans lack is there for all. A table that no plan has, because there is no
    plan at all, has the columns of docs/plan-format.md. Raises PlanError if plans contradict each
    other or cannot be read.
    """
    found: dict[str, dict[str, pa.DataType]] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.parquet")):
            _merge(found.setdefault(file.stem, {}), read_schema(file), file)
    names = dict.fromkeys([*SPECS, *sorted(found)])
    return {
        name: pa.schema({CASE: pa.string(), **(found.get(name) or _declared(SPECS[name]))})
        for name in names
    }


def fitted(table: pa.Table, schema: pa.Schema, case: str) -> pa.Table:
    """The table of a plan with the case's name and with the columns of a schema, in its order."""
    rows = len(table)
    columns = [
        pa.repeat(pa.scalar(case, pa.string()), rows)
        if field.name == CASE
        else table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def read_schema(file: Path) -> pa.Schema:
    """The schema of a Parquet file. Raises PlanError if it cannot be read."""
    try:
        return pq.read_schema(file)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise unreadable(file, error) from error


def unreadable(file: Path, error: Exception) -> PlanError:
    """A table of a case that cannot be read, and what to do about it."""
    case = file.parents[1]
    return PlanError(f"{file} cannot be read: {error}; remove {case}, and run the study again")


def _merge(columns: dict[str, pa.DataType], schema: pa.Schema, file: Path) -> None:
    for field in schema:
        if field.name == CASE:
            raise PlanError(f"{file} has a column '{CASE}' of its own")
        new = _plain(field.type)
        old = columns.get(field.name, new)
        kinds = {old, new} - {pa.null()}
        if kinds == {pa.int64(), pa.float64()}:
            kinds = {pa.float64()}
        if len(kinds) > 1:
            raise PlanError(f"{file}: column {field.name} is {new}, but {old} in another plan")
        columns[field.name] = kinds.pop() if kinds else pa.null()


def _plain(kind: pa.DataType) -> pa.DataType:
    """The one type for texts, whole numbers and real numbers, however many bits they take."""
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    for matches, plain in (
        (pa.types.is_string, pa.string()),
        (pa.types.is_large_string, pa.string()),
        (pa.types.is_integer, pa.int64()),
        (pa.types.is_floating, pa.float64()),
    ):
        if matches(kind):
            return plain
    return kind


def _declared(spec: Spec) -> Mapping[str, pa.DataType]:
    numbers = {name: pa.int64() if name in spec.whole else pa.float64() for name in spec.amounts}
    texts = {name: pa.bool_() if name == "binds" else pa.string() for name in spec.texts}
    return {name: pa.string() for name in spec.keys} | numbers | texts
