"""Kinds of distribution: what each needs, and what figures fit together."""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "normal": (("mean", "sd"), ("min", "max")),
    "uniform": (("min", "max"), ()),
    "triangular": (("min", "mode", "max"), ()),
    "lognormal": (("median", "sigma"), ("min", "max")),
    "integers": (("min", "max"), ()),
    "choice": ((), ("values", "options", "weights")),
}
"""The fields that each kind of distribution must have, and those that it may have."""

LARGEST = 1e15
"""Largest figure of a distribution; differences and squares of larger ones are no numbers."""

WIDEST = 50.0
"""Largest sigma of a lognormal distribution, whose draws then spread over 300 powers of ten."""

LEAST_MASS = 1e-6
"""Least part of a distribution that must lie between its bounds [ratio]."""


def problems(given: Mapping[str, Any]) -> list[str]:
    """What is wrong with a distribution, given its fields that are set."""
    kind = given["distribution"]
    needed, allowed = NEEDS[kind]
    known = ("distribution", *needed, *allowed)
    a_kind = f"{'an' if kind[0] in 'aeio' else 'a'} {kind} distribution"
    out = [f"{a_kind} needs '{name}'" for name in needed if name not in given]
    out += [f"{a_kind} has no '{name}'" for name in given if name not in known]
    return out or _too_large(given) or [*_bounds(given), *_of_kind(kind, given)]


def cut(given: Mapping[str, Any]) -> tuple[NormalDist, float, float]:
    """The normal distribution behind a normal or lognormal one, and the part between its bounds.

    The part is given by the probabilities below its lower and below its upper end [ratio].
    """
    if given["distribution"] == "normal":
        law = NormalDist(given["mean"], given["sd"])
        low, high = given.get("min"), given.get("max")
    else:
        law = NormalDist(math.log(given["median"]), given["sigma"])
        low, high = (_log(given.get(name)) for name in ("min", "max"))
    return law, 0.0 if low is None else law.cdf(low), 1.0 if high is None else law.cdf(high)


def _log(value: float | None) -> float | None:
    if value is None:
        return None
    return math.log(value) if value > 0 else -math.inf


def _too_large(given: Mapping[str, Any]) -> list[str]:
    figures = {name: x for name, x in given.items() if isinstance(x, int | float)}
    most = dict.fromkeys(figures, LARGEST) | {"sigma": WIDEST}
    return [
        f"{name} must be at most {most[name]:g} in size, but is {x:g}"
        for name, x in figures.items()
        if abs(x) > most[name]
    ]


def _bounds(given: Mapping[str, Any]) -> list[str]:
    low, high = given.get("min"), given.get("max")
    if low is not None and high is not None and low >= high:
        return [f"min {low:g} must be less than max {high:g}"]
    return []


def _of_kind(kind: str, given: Mapping[str, Any]) -> list[str]:
    if kind == "triangular" and not given["min"] <= given["mode"] <= given["max"]:
        return [f"mode {given['mode']:g} must lie between min and max"]
    if kind == "integers":
        return [
            f"{name} must be a whole number, but is {given[name]:g}"
            for name in ("min", "max")
            if not float(given[name]).is_integer()
        ]
    if kind in ("normal", "lognormal") and not _bounds(given):
        _, low, high = cut(given)
        if high - low < LEAST_MASS:
            return ["next to nothing of the distribution lies between min and max"]
    return _choice(given) if kind == "choice" else []


def _choice(given: Mapping[str, Any]) -> list[str]:
    if ("values" in given) == ("options" in given):
        return ["a choice needs either 'values' (for a path) or 'options' (labels with changes)"]
    weights = given.get("weights", {"": 1.0})
    return [] if sum(weights.values()) > 0 else ["one weight at least must be more than 0"]
