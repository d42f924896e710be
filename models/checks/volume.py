"""Volume tiers: prices fall from tier to tier."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.problems import Problem
from models.volume import tiers

if TYPE_CHECKING:
    from models.instance import Instance


def tiers_that_rise(inst: "Instance") -> Iterator[Problem]:
    """Tiers that cost more than the one below, which no plan would take."""
    for position, row in enumerate(inst.volume_tiers):
        below = [one for one in tiers(inst, row.unit_type) if one.from_units < row.from_units]
        if below and row.price_share > below[-1].price_share:
            message = (
                f"must be at most {below[-1].price_share:g}, the price beyond "
                f"{below[-1].from_units} units, but is {row.price_share:g}."
            )
            yield Problem(("volume_tiers", position, "price_share"), message)
