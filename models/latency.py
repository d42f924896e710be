"""Round-trip times and network prices between demand regions and sites."""

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from models.instance import Instance

EARTH_RADIUS_KM = 6371.0
FIBRE_MS_PER_KM = 0.01
"""Round trip at the speed of light in fibre, about 200 km per ms one way [ms/km]."""


class Point(Protocol):
    """Anything with coordinates in degrees."""

    @property
    def lat(self) -> float:
        """Latitude [degrees north]."""

    @property
    def lon(self) -> float:
        """Longitude [degrees east]."""


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula, on a sphere of 6371 km [km]."""
    dlat, dlon = radians(b.lat - a.lat), radians(b.lon - a.lon)
    h = sin(dlat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlon / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, h)))


def round_trips(inst: "Instance") -> dict[tuple[str, str], float]:
    """Round-trip time by region and site: the measured one, else the estimate [ms].

    Estimate: from the region to its nearest city, the measured round trip from there to the
    nearest city of the site that has one, on to the site; kilometres at latency.ms_per_km, plus
    latency.access_ms. Where no city is measured, or both have the same nearest city, the
    kilometres are those from region to site, and the round trip is that inside the city, if any.
    """
    measured = {(row.region, row.site): row.rtt_ms for row in inst.rtt}
    return _round_trips(inst, inst.sites, measured)


def rental_round_trips(inst: "Instance") -> dict[tuple[str, str], float]:
    """Round-trip time by region and rental: measured, else estimated as for sites [ms]."""
    offers = inst.rentals.items()
    measured = {(r, x): ms for x, offer in offers for r, ms in offer.rtt_ms.items()}
    return _round_trips(inst, inst.rentals, measured)


def _round_trips(
    inst: "Instance", places: Mapping[str, Point], measured: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    between = {(row.city_a, row.city_b): row.rtt_ms for row in inst.city_rtt}
    between |= {(b, a): ms for (a, b), ms in between.items()}
    nearest = {s: _by_distance(inst, site) for s, site in places.items()}
    per_km, access = inst.latency.ms_per_km, inst.latency.access_ms
    out = {}
    for r, region in inst.regions.items():
        km, anchor = next(iter(_by_distance(inst, region)), (0.0, ""))
        for s, site in places.items():
            ms = measured.get((r, s))
            if ms is None:
                legs = ((between.get((anchor, c)), km + d) for d, c in nearest[s])
                inside = any(c == anchor for _, c in nearest[s][:1])
                leg = None if inside else next((leg for leg in legs if leg[0] is not None), None)
                if leg is None or leg[0] is None:
                    own = between.get((anchor, anchor), 0.0)
                    ms = own + per_km * distance_km(region, site) + access
                else:
                    ms = leg[0] + per_km * leg[1] + access
            out[r, s] = ms
    return out


def _by_distance(inst: "Instance", point: Point) -> list[tuple[float, str]]:
    """The cities with their distance, nearest first; equally near to a metre: in table order."""
    cities = [(distance_km(point, city), c) for c, city in inst.cities.items()]
    return sorted(cities, key=lambda city: round(city[0], 3))


def network_prices(inst: "Instance") -> dict[tuple[str, str], float]:
    """Price of carrying tokens, by region and site, quoted by pair of zones [USD per Mtok]."""
    quoted = {(row.zone_a, row.zone_b): row.usd_per_mtok for row in inst.network_prices}
    quoted |= {(b, a): price for (a, b), price in quoted.items()}
    return {
        (r, s): quoted.get((region.network_zone or "", site.network_zone or ""), 0.0)
        for r, region in inst.regions.items()
        for s, site in inst.sites.items()
    }
