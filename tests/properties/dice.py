"""Random values, drawn by dice from what may stand in an instance."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Kind = Callable[[Random], Any]
"""Something random."""

Draw = Callable[[Kind], Any]
"""Draws it. The dice are Python's: those of hypothesis prefer the simplest instances, in which
nothing is ever built. So a failing instance is not made smaller, but it names its seed."""


def one_of(values: Sequence[Any]) -> Kind:
    return lambda dice: dice.choice(values)


def number(*values: float) -> Kind:
    return one_of(values)


def whole(least: int, most: int) -> Kind:
    return lambda dice: dice.randint(least, most)


def several(values: Sequence[Any], least: int, most: int) -> Kind:
    """Different ones of some values."""
    return lambda dice: dice.sample(values, min(len(values), dice.randint(least, most)))


def flag(dice: Random) -> bool:
    return dice.random() < 0.5


def without_nothing(record: dict[str, Any]) -> dict[str, Any]:
    """A record without the fields that were drawn as None."""
    return {name: value for name, value in record.items() if value is not None}


def steps(draw: Draw, starts: list[str], values: Kind) -> Any:
    """A number, or values from some of the periods' starts."""
    if draw(flag):
        return draw(values)
    dates = draw(several(starts, 1, 2))
    return {day: draw(values) for day in dates}
