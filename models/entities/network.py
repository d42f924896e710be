"""Between region and site: round-trip times and prices of the network."""

from typing import Annotated

from pydantic import Field

from models.entities.base import Entity, Id, NonNegative, Number


class Rtt(Entity):
    """A measured round-trip time between a demand region and a site."""

    key = ("region", "site")
    amount = "rtt_ms"

    region: Id
    """The demand region."""

    site: Id
    """The site."""

    rtt_ms: NonNegative
    """Round-trip time [ms]."""


class City(Entity):
    """A city with measured round-trip times."""

    lat: Annotated[Number, Field(ge=-90, le=90)]
    """Latitude [degrees north]."""

    lon: Annotated[Number, Field(ge=-180, le=180)]
    """Longitude [degrees east]."""


class CityRtt(Entity):
    """A measured round-trip time between two cities, in either direction."""

    key = ("city_a", "city_b")
    amount = "rtt_ms"

    city_a: Id
    """One city."""

    city_b: Id
    """The other; the same one for the round trip inside it."""

    rtt_ms: NonNegative
    """Round-trip time [ms]."""


class Latency(Entity):
    """How a round-trip time is estimated where none is measured."""

    ms_per_km: Annotated[Number, Field(ge=0.01, le=0.1)] = 0.0186
    """Round trip per kilometre of great circle to the nearest measured city [ms/km]."""

    access_ms: NonNegative = 0.0
    """Added to every estimate for the last mile [ms]."""


class NetworkPrice(Entity):
    """The price of carrying tokens between two network zones, in either direction."""

    key = ("zone_a", "zone_b")
    amount = "usd_per_mtok"

    zone_a: Id
    """One zone."""

    zone_b: Id
    """The other; the same one for traffic inside it."""

    usd_per_mtok: NonNegative
    """Price [USD per Mtok]."""

    usd_per_gb: NonNegative = 0.0
    """Price of carrying the data of workloads [USD per GB]."""
