"""Volume: what units cost when many of a type are ordered."""

from typing import Annotated

from pydantic import Field

from models.entities.base import Count, Entity, Id, Share


class VolumeTier(Entity):
    """A lower price for the units of a type ordered beyond a number, over the whole plan."""

    key = ("unit_type", "from_units")
    amount = "price_share"

    unit_type: Id
    """The unit type."""

    from_units: Annotated[Count, Field(ge=1, le=1_000_000)]
    """Units ordered at the full price or in lower tiers before this one holds [units]."""

    price_share: Share
    """Price of a unit beyond them over the list price, up to the next tier [ratio]."""
