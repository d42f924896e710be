"""What makes connections and grid regions larger: upgrades, bought as a whole."""

from typing import Annotated

from pydantic import Field

from models.entities.base import Count, Day, Entity, Id, NonNegative, Text


class GridUpgrade(Entity):
    """A step that makes a connection, or the cap of a grid region, larger: a line, a transformer.

    It is bought as a whole and at most once, by a site that is open, and carries power from the
    first period that starts no earlier than its delivery.
    """

    amount = "added_mw"

    name: Text = ""
    """Name for people."""

    site: Id
    """The site that buys it, and whose connection it adds to."""

    added_mw: NonNegative = 0.0
    """What it adds to the connection [MW at the meter]."""

    added_cap_mw: NonNegative = 0.0
    """What it adds to the cap of the site's grid region, for all of its sites [MW at the meter]."""

    cost_musd: NonNegative
    """Its cost, paid when it is ordered by the pool of its site [MUSD]."""

    lead_months: Annotated[Count, Field(ge=0, le=240)] = 0
    """From its order to power on the line [months]."""

    available_from: Day | None = None
    """First day on which it can be ordered; none: from the start of the horizon."""

    requires: Id | None = None
    """Another upgrade of the same site that must be energised when this one is; none: none."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""
