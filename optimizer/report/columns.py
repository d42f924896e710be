"""Columns of a table as a planner reads them: words, a unit, and so many digits."""

import math
import re
from dataclasses import dataclass

import pandas as pd

from optimizer.study.results.figures import FIGURES

UNITS: tuple[tuple[str, int | None, re.Pattern[str]], ...] = tuple(
    (unit, digits, re.compile(rf"(?:^|_){part}(?=_|$)"))
    for part, unit, digits in (
        ("musd_per_unit", "MUSD per unit", None),
        ("usd_per_mtok", "USD per Mtok", None),
        ("per_mtok_usd", "USD per Mtok", None),
        ("mtok_per_mwh", "Mtok per MWh", 0),
        ("per_mwh_mtok", "Mtok per MWh", 0),
        ("musd", "MUSD", 1),
        ("mw", "MW", 1),
        ("gwh", "GWh", None),
        ("ttok", "Ttok", None),
        ("mtok_s", "Mtok/s", None),
        ("mtok", "Mtok", 0),
        ("ktco2", "ktCO2", None),
        ("tco2", "tCO2", 0),
        ("m3", "m3", 0),
        ("gb", "GB", 0),
        ("ms", "ms", 0),
    )
)
"""Units, their decimals (None: as the figures ask), and what says so in the name of a column."""

BARE = {
    "MUSD": "amount", "MW": "power", "GWh": "energy", "Ttok": "tokens", "Mtok/s": "rate",
    "Mtok": "tokens", "ms": "time", "ktCO2": "emissions", "tCO2": "emissions", "m3": "water",
    "GB": "data", "USD per Mtok": "cost", "MUSD per unit": "value",
    "Mtok per MWh": "tokens per energy",
}  # fmt: skip
"""Words for a column whose name says nothing but its unit."""

MOST_DECIMALS = 4


@dataclass(frozen=True)
class Column:
    """One column of a figure's table.

    Attributes:
        name: in the data and in CSV files, with the unit as its end.
        head: words above the column.
        unit: the unit, empty for texts, counts and shares.
        kind: text, number, share (a ratio that is shown in percent) or flag (yes or no).
        digits: decimals that are shown.
    """

    name: str
    head: str
    unit: str
    kind: str
    digits: int


def column(name: str, values: pd.Series) -> Column:
    """How a column is shown: its name says the unit, its values the digits."""
    if pd.api.types.is_bool_dtype(values):
        return Column(name, _words(name), "", "flag", 0)
    if not pd.api.types.is_numeric_dtype(values):
        return Column(name, _words(name), "", "text", 0)
    if name.endswith("share"):
        return Column(name, _words(name), "", "share", 1)
    known = FIGURES.get(name)
    for unit, digits, pattern in UNITS:
        if found := pattern.search(name):
            rest = name[: found.start()] + name[found.end() :]
            words = known.words if known else _words(rest) or BARE[unit]
            return Column(name, words, unit, "number", decimals(values, digits))
    whole = pd.api.types.is_integer_dtype(values)
    return Column(name, _words(name), "", "number", 0 if whole else decimals(values, None))


def decimals(values: pd.Series, given: int | None) -> int:
    """Decimals that give a typical figure of a column three digits."""
    if given is not None:
        return given
    sizes = values.abs()
    typical = sizes[(sizes > 0) & sizes.notna()].median()
    if not typical or math.isnan(typical):
        return 0
    return min(MOST_DECIMALS, max(0, 2 - math.floor(math.log10(typical))))


def _words(name: str) -> str:
    return name.replace("_", " ").strip()
