"""The tables of a study, to be read piece by piece."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from optimizer.errors import PlanError
from optimizer.study.results import open_tables

BATCH_ROWS = 65_536
"""Rows that are read at a time [rows]."""


def open_all(path: str | Path) -> dict[str, pq.ParquetFile]:
    """The results, and `timings` where it is. Raises PlanError if they cannot be read."""
    files = open_tables(path)
    timings = Path(path) / "timings.parquet"
    try:
        if timings.is_file():
            files["timings"] = pa.memory_map(str(timings))
        return {name: pq.ParquetFile(file, pre_buffer=False) for name, file in files.items()}
    except (OSError, ValueError, pa.ArrowException) as error:
        raise PlanError(f"the results of {path} cannot be read: {error}") from error
