"""Distributions of levers: the value below which a given part of the draws lies."""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from optimizer.study.shapes import cut

EDGE = 1e-12
"""Draws keep this far from 0 and 1, where some distributions have no value [ratio]."""

DIGITS = 9
"""Values are rounded to so many digits, so that machines agree on them."""


def quantile(given: Mapping[str, Any], part: float) -> float:
    """The value of a numeric distribution that a part of its draws [ratio] lies below.

    `given` holds the fields that are set, as in a study file, and is complete.
    """
    kind = given["distribution"]
    low: float
    high: float
    if kind == "integers":
        low, high = int(given["min"]), int(given["max"])
        return min(low + math.floor(part * (high - low + 1)), high)
    if kind == "uniform":
        value = given["min"] + part * (given["max"] - given["min"])
    elif kind == "triangular":
        value = _triangular(given["min"], given["mode"], given["max"], part)
    else:
        law, low, high = cut(given)
        value = law.inv_cdf(min(max(low + part * (high - low), EDGE), 1 - EDGE))
        value = value if kind == "normal" else math.exp(value)
    low, high = given.get("min", -math.inf), given.get("max", math.inf)
    return min(max(rounded(value), low), high)


def pick(weights: Sequence[float], part: float) -> int:
    """The position that a part of the draws [ratio] falls on, by weights not all 0."""
    ends = list(accumulate(weights))
    wanted = part * ends[-1]
    return next(
        (i for i, end in enumerate(ends) if wanted < end),
        max(i for i, weight in enumerate(weights) if weight > 0),
    )


def rounded(value: float) -> float:
    """A value with so many digits that machines agree on it."""
    return float(f"{value:.{DIGITS}g}")


def _triangular(low: float, mode: float, high: float, part: float) -> float:
    left = (mode - low) / (high - low)
    if part < left:
        return low + math.sqrt(part * (high - low) * (mode - low))
    return high - math.sqrt((1 - part) * (high - low) * (high - mode))
