"""An infeasible instance with what was planted in it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from models.instance import Instance
from tests.small import merged

FIRM: dict[str, Any] = {"workloads": {"chat": {"shortfall_price_usd_per_mtok": None}}}
"""Demand that must be served."""

HOME: dict[str, Any] = {"data_classes": {"public": {"compute": ["HOME"]}}}
"""Data that stay where they arise."""


class Case(NamedTuple):
    """An instance without a plan.

    Attributes:
        name: a name for people.
        make: makes the instance.
        planted: kinds and places of limits of which the conflict must name all.
        indivisible: True if only whole numbers stand in the way.
    """

    name: str
    make: Callable[[], Instance]
    planted: set[tuple[str, str]]
    indivisible: bool = False


def firm(build: Callable[..., Instance], **changes: Any) -> Callable[[], Instance]:
    """A small instance in which demand must be served."""
    return lambda: build(**merged(FIRM, changes))
