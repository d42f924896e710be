"""Tables of a summary."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd


def make_frame(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    """A table of rows, with its columns also when there are none."""
    return pd.DataFrame(list(rows), columns=list(columns))
