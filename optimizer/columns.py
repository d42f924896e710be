"""Reading tables from disk, in the thread that asks for them."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import parquet


def read_columns(file: Path | pa.NativeFile, columns: Sequence[str] | None = None) -> pa.Table:
    """The columns of a Parquet file; all if none are named.

    Arrow's own threads are left out: where there is no memory to start one, it waits for ever.
    Raises OSError or pyarrow.ArrowException if it cannot be read.
    """
    with parquet.ParquetFile(file, pre_buffer=False) as table:
        return table.read(columns, use_threads=False)


def read_frame(file: Path) -> pd.DataFrame:
    """A Parquet file as a frame; raises as `read_columns` does."""
    frame: pd.DataFrame = read_columns(file).to_pandas(use_threads=False)
    return frame
