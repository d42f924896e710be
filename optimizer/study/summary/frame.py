"""Tables of a summary."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd


def make_frame(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    """A table of rows, with its columns also when there are none."""
    return pd.DataFrame(list(rows), columns=list(columns))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain data; what is not a finite number is None."""
    rows = frame.astype(object).to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
