"""Money summed up without rounding: floating-point numbers are fractions, and fractions add up."""

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite

import pandas as pd

ALL = ""
"""Stands for the scenario where there are none."""


def exact_cost(tables: Mapping[str, pd.DataFrame]) -> dict[str, Fraction]:
    """The cost of a plan, by scenario, as its table of cash tells it [MUSD].

    Each amount counts exactly as it is written. Raises ValueError if one is no finite number, or
    the table is not there.
    """
    cash = tables.get("cash")
    if not isinstance(cash, pd.DataFrame) or "discounted_musd" not in cash:
        raise ValueError("there is no table of discounted cash")
    scenarios = cash["scenario"] if "scenario" in cash else [ALL] * len(cash)
    total: dict[str, Fraction] = {} if "scenario" in cash else {ALL: Fraction()}
    for scenario, musd in zip(scenarios, cash["discounted_musd"], strict=True):
        if not isinstance(musd, int | float) or not isfinite(musd):
            raise ValueError(f"the table of cash has the amount {musd}")
        total[str(scenario)] = total.get(str(scenario), Fraction()) + Fraction(musd)
    return total


def told(cost: Mapping[str, Fraction]) -> str | dict[str, str]:
    """Fractions as texts, numerator/denominator; by scenario where there are some."""
    texts = {scenario: f"{musd.numerator}/{musd.denominator}" for scenario, musd in cost.items()}
    return texts[ALL] if list(texts) == [ALL] else texts
