"""Tables with their types, also when they are empty."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd


def make_frame(
    rows: Iterable[tuple[Any, ...]],
    index: list[str],
    numbers: list[str] | None = None,
    whole: list[str] | None = None,
) -> pd.DataFrame:
    """A table of names (`index`), real numbers and whole numbers, in this order of columns."""
    kinds = dict.fromkeys(index, "str") | dict.fromkeys(numbers or (), "float64")
    kinds |= dict.fromkeys(whole or (), "int64")
    return pd.DataFrame(list(rows), columns=list(kinds)).astype(kinds)


def look_up(names: pd.Series, numbers: Mapping[str, float] | pd.Series) -> pd.Series:
    """The number of each name; also real numbers where there are no names at all."""
    return names.map(numbers).astype("float64")
