"""What may go wrong, and what must still be served then."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from models.entities.base import (
    Count,
    Day,
    Entity,
    FrozenDict,
    Id,
    Names,
    NonNegative,
    Share,
    Text,
)


class Contingency(Entity):
    """Sites that are lost together, and unit types that are delivered late.

    With `each` it stands for as many contingencies as there are sites, operators and so on.
    """

    name: Text = ""
    """Name for people."""

    each: Literal["site", "operator", "jurisdiction", "grid_region"] | None = None
    """One contingency for each of them, in which its sites are lost; none: just this one."""

    sites: Names = ()
    """Sites that are lost."""

    operators: Names = ()
    """Operators whose sites are lost."""

    jurisdictions: Names = ()
    """Jurisdictions or blocs whose sites are lost."""

    grid_regions: Names = ()
    """Grid regions whose sites are lost."""

    unit_types: Annotated[
        dict[Id, Annotated[Count, Field(ge=1, le=240)]], AfterValidator(FrozenDict)
    ] = FrozenDict()
    """By unit type, how much later than planned its orders are delivered [months]."""

    holds_from: Day | None = None
    """It may happen from the first period that starts no earlier; none: from the start."""

    share: Share | None = None
    """Part of the demand of every protected stream that is served then; none: as protected."""

    weight: NonNegative = 1.0
    """Part of the time that counts for the price of what is missing then [ratio]."""


class Protection(Entity):
    """The part of demand that is still served in every contingency, for the streams it names.

    The row with the largest share counts for a stream; of those, one without a price, else the
    dearest.
    """

    key = ("workload", "region", "jurisdiction", "continent", "data_class")
    amount = "share"

    workload: Id | None = None
    """The workload; none: all."""

    region: Id | None = None
    """The demand region; none: all."""

    jurisdiction: Id | None = None
    """Jurisdiction or bloc of the demand region; none: all."""

    continent: Id | None = None
    """Continent of the demand region; none: all."""

    data_class: Id | None = None
    """The data class; none: all."""

    share: Share
    """Part of the demand that is still served [ratio]."""

    price_usd_per_mtok: NonNegative | None = None
    """Price of a token that is missing in a contingency [USD per Mtok]; none: nothing may be."""
