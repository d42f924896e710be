"""What is decided already: orders that stand, and what it costs to change them."""

from typing import Annotated

from pydantic import Field

from models.entities.base import Count, Day, Entity, Id, Share


class CommittedUnits(Entity):
    """Units that are on order."""

    key = ("site", "unit_type", "period")
    amount = "units"

    site: Id
    """The site."""

    unit_type: Id
    """The unit type."""

    period: Day
    """First day of the period of the order; the name of a period is such a day."""

    units: Annotated[Count, Field(ge=0)]
    """How many [units]."""


class CommittedHalls(Entity):
    """Halls that are on order."""

    key = ("site", "period")
    amount = "blocks"

    site: Id
    """The site."""

    period: Day
    """First day of the period of the order."""

    blocks: Annotated[Count, Field(ge=0)]
    """How many [blocks]."""


class CommittedOpening(Entity):
    """A site that will be opened."""

    key = ("site", "period")

    site: Id
    """The site."""

    period: Day
    """First day of the period in which it is opened."""


class CommittedUpgrade(Entity):
    """A grid upgrade that is on order."""

    key = ("upgrade", "period")

    upgrade: Id
    """The grid upgrade."""

    period: Day
    """First day of the period of the order."""


class Commitments(Entity):
    """Orders that stand already, and until when nothing else can be decided."""

    frozen_until: Day | None = None
    """In periods that start before this day, what is committed is opened and ordered, and nothing
    else; none: no period is frozen."""

    orders: tuple[CommittedUnits, ...] = ()
    """Units on order; the table `orders` of a plan can stand here as it is."""

    halls: tuple[CommittedHalls, ...] = ()
    """Halls on order."""

    openings: tuple[CommittedOpening, ...] = ()
    """Sites that will be opened."""

    upgrades: tuple[CommittedUpgrade, ...] = ()
    """Grid upgrades on order."""

    cancel_share: Share | None = None
    """What it costs to cancel a commitment that is not frozen, relative to its price, paid on the
    first day of its period [ratio]; none: it cannot be cancelled."""

    delay_share: Share | None = None
    """What it costs to order the same at the same site in a later period instead, relative to its
    price, paid on the first day of the period first agreed [ratio]; none: it cannot be delayed."""
