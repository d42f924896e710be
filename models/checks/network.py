"""Network: round trips that light could make, and a price for every pair of zones in use."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.latency import FIBRE_MS_PER_KM, Point, distance_km
from models.problems import Path, Problem, did_you_mean

if TYPE_CHECKING:
    from models.instance import Instance

SLACK_KM = 50.0
"""Coordinates are those of towns: two points may stand this much closer [km]."""

SLACK_MS = 1.0
"""Measurements are rounded [ms]."""


def faster_than_light(inst: "Instance") -> Iterator[Problem]:
    """Measured round trips below those of light in fibre along the great circle."""
    for position, row in enumerate(inst.rtt):
        region, site = inst.regions.get(row.region), inst.sites.get(row.site)
        yield from _too_fast(("rtt", position, "rtt_ms"), region, site, row.rtt_ms)
    for position, pair in enumerate(inst.city_rtt):
        a, b = inst.cities.get(pair.city_a), inst.cities.get(pair.city_b)
        yield from _too_fast(("city_rtt", position, "rtt_ms"), a, b, pair.rtt_ms)


def _too_fast(path: Path, a: Point | None, b: Point | None, rtt_ms: float) -> Iterator[Problem]:
    if a is None or b is None:
        return
    km = distance_km(a, b)
    least = FIBRE_MS_PER_KM * (km - SLACK_KM) - SLACK_MS
    if rtt_ms < least:
        message = (
            f"must be at least {FIBRE_MS_PER_KM * km:.1f} ms, what light in fibre needs for "
            f"{km:,.0f} km and back, but is {rtt_ms:g} ms."
        )
        yield Problem(path, message)


def unpriced_zones(inst: "Instance") -> Iterator[Problem]:
    """Where network prices are given: places without a zone, and pairs of zones without a price."""
    if not inst.network_prices:
        return
    priced = {frozenset((row.zone_a, row.zone_b)) for row in inst.network_prices}
    known = sorted({zone for pair in priced for zone in pair})
    zones: dict[str, dict[str, str]] = {}
    for table, places in (("regions", inst.regions), ("sites", inst.sites)):
        zones[table] = {}
        for name, place in places.items():
            path = (table, name, "network_zone")
            if place.network_zone is None:
                yield Problem(path, "is missing: network_prices are given, by pair of zones.")
            elif place.network_zone not in known:
                zone = place.network_zone
                message = f"no network price names the zone '{zone}'; known: {', '.join(known)}."
                yield Problem(path, message + did_you_mean(zone, known))
            else:
                zones[table].setdefault(place.network_zone, name)
    for zone_a, region in zones["regions"].items():
        for zone_b, site in zones["sites"].items():
            if frozenset((zone_a, zone_b)) not in priced:
                message = (
                    f"no price for the zones '{zone_a}' and '{zone_b}', which region "
                    f"'{region}' and site '{site}' need."
                )
                yield Problem(("network_prices",), message)
