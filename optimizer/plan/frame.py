"""Tables with their types, also when they are empty."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from models.instance import Instance


def make_frame(
    rows: Iterable[tuple[Any, ...]],
    index: list[str],
    numbers: list[str] | None = None,
    whole: list[str] | None = None,
) -> pd.DataFrame:
    """A table of names (`index`), real numbers and whole numbers, in this order of columns."""
    kinds = dict.fromkeys(index, "str") | dict.fromkeys(numbers or (), "float64")
    kinds |= dict.fromkeys(whole or (), "int64")
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return pd.DataFrame(
        {
            name: pd.array(column, dtype="str") if kind == "str" else np.array(column, dtype=kind)
            for (name, kind), column in zip(kinds.items(), columns, strict=True)
        }
    )


def look_up_states(inst: Instance, frame: pd.DataFrame, numbers: Mapping[str, float]) -> pd.Series:
    """The number of the state of each row, which is named by its period and its slice."""
    known = {(state.period, state.slice): numbers[o] for o, state in inst.states.items()}
    pairs = zip(frame["period"], frame["slice"], strict=True)
    return pd.Series([known.get(pair, np.nan) for pair in pairs], frame.index, dtype="float64")


def period_means(inst: Instance, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows by period and slice, as what each adds to the mean rate of its period [Mtok/s]."""
    share = {o: state.share for o, state in inst.states.items()}
    return frame.assign(mtok_s=frame["mtok_s"] * look_up_states(inst, frame, share))


def look_up(names: pd.Series, numbers: Mapping[str, float] | pd.Series) -> pd.Series:
    """The number of each name; also real numbers where there are no names at all."""
    return names.map(numbers).astype("float64")


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
