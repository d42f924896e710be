"""What can be bought from others: tokens at a price, from an operator at a place."""

from typing import Annotated

from pydantic import AfterValidator, Field

from models.entities.base import Entity, FrozenDict, Id, Names, NonNegative, Number, Steps, Text


class Rental(Entity):
    """An offer of tokens made by others, for as long as a peak lasts.

    Its operator gives home, control plane and certifications; law and latency limits hold as for a
    site at its place.
    """

    amount = "most_mtok_s"

    name: Text = ""
    """Name for people."""

    operator: Id
    """The operator that makes the tokens."""

    jurisdiction: Id
    """Where its machines stand."""

    origin: Names = ()
    """Jurisdictions that its hardware comes from; empty: not known, so that it serves only data
    whose `supply_origin` is `ANY`."""

    lat: Annotated[Number, Field(ge=-90, le=90)]
    """Latitude [degrees north]."""

    lon: Annotated[Number, Field(ge=-180, le=180)]
    """Longitude [degrees east]."""

    rtt_ms: Annotated[dict[Id, NonNegative], AfterValidator(FrozenDict)] = FrozenDict()
    """Measured round trip from demand regions; from others it is estimated as for sites [ms]."""

    workloads: Names = ()
    """Workloads it serves; empty: all."""

    price_usd_per_mtok: Steps
    """Price at each date, delivered: the network is part of it [USD per Mtok]."""

    most_mtok_s: Steps
    """Most it makes at the peak of the day, from each date [Mtok/s]."""

    least_mtok_s: Steps = Field(default=0.0, validate_default=True)
    """Least mean rate paid for in a period in which it is used at all, at each date [Mtok/s]."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""
