"""Duals on disk: a plain table of numbers, so that reading it runs nothing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from optimizer.columns import read_frame
from optimizer.verify.arrays import Floats

MOST_ROWS = 2_000_000
"""Duals of larger problems are not kept."""

LARGEST = 1e100
"""No dual is larger [MUSD per unit of its row]."""


def write_duals(file: Path, row_duals: Floats) -> None:
    """Write duals as a table with one column, in the order of the model's rows."""
    pd.DataFrame({"dual": row_duals}).to_parquet(file, index=False)


def read_duals(file: Path) -> Floats:
    """Read duals back. Raises ValueError, in words, if the file holds none that could be used."""
    try:
        frame = read_frame(file)
    except (OSError, ValueError, TypeError, KeyError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0][:200]
        raise ValueError(f"{file.name} cannot be read: {reason}") from error
    if list(frame.columns) != ["dual"] or frame["dual"].dtype != np.float64:
        raise ValueError(f"{file.name} must have one column of numbers, called dual")
    duals = frame["dual"].to_numpy()
    if not (np.abs(duals) <= LARGEST).all():
        raise ValueError(f"{file.name} holds what is no number that could be a dual")
    return duals
