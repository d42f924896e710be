"""Soft limits: limits that a plan may miss, at a price."""

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from models.entities.base import Day, Entity, Id, NonNegative, Positive, Text, split_names

Places = Annotated[
    tuple[Text, ...],
    BeforeValidator(split_names),
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}),
]
"""Names as in the column `at` of the table of limits: 'oslo', or 'cap/holder'."""


class SoftLimit(Entity):
    """A kind of limits that may be missed at a price; of two rows that match, the later counts."""

    key = ("limit",)
    amount = "price_musd"

    limit: Id
    """Kind of limit, as in the table of limits of a plan: budget, site_power, halls …"""

    at: Places = ()
    """Places, as in that table: sites, pools, quotas …; empty: all of the kind."""

    price_musd: Positive
    """Price of one unit over the limit, or below a least amount [MUSD per unit, of limits that hold
    at every moment per unit and year]."""

    most: NonNegative | None = None
    """Most by which the limit may be missed, in each period [its unit]. Without it: as much again
    as the limit allows at its largest, and of a least amount all of it."""

    from_date: Day | None = None
    """Soft in the periods that start on this day or later; without it, from the first on."""

    until_date: Day | None = None
    """Soft in the periods that start before this day; without it, to the last."""
