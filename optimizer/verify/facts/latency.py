"""Round-trip times between demand regions and sites: measured, or estimated by way of cities."""

from collections.abc import Iterable

import numpy as np

from models.entities.network import City
from models.entities.places import Site
from models.entities.rental import Rental
from models.entities.work import Region
from models.instance import Instance
from optimizer.verify.arrays import Floats, Ints

EARTH_RADIUS_KM = 6371.0


def round_trips(inst: Instance) -> Floats:
    """Round-trip time by region and site [ms]."""
    rtt = estimated(inst, inst.sites.values())
    regions = {name: i for i, name in enumerate(inst.regions)}
    sites = {name: i for i, name in enumerate(inst.sites)}
    for row in inst.rtt:
        rtt[regions[row.region], sites[row.site]] = row.rtt_ms
    return rtt


def estimated(inst: Instance, places: Iterable[Site | Rental]) -> Floats:
    """The estimate for every pair, as if nothing were measured between regions and places."""
    regions, sites = _places(inst.regions.values()), _places(places)
    per_km, access = inst.latency.ms_per_km, inst.latency.access_ms
    direct = per_km * _kilometres(regions, sites) + access
    if not inst.cities:
        return direct
    cities = _places(inst.cities.values())
    to_region, to_site = _kilometres(regions, cities), _kilometres(sites, cities)
    between = _between_cities(inst)
    rtt = np.empty(direct.shape)
    # Equally near to a metre: the first in the table.
    city_of_region: Ints = to_region.round(3).argmin(axis=1)
    city_of_site: Ints = to_site.round(3).argmin(axis=1)
    for r, near in enumerate(city_of_region):
        measured = ~np.isnan(between[near])
        inside = between[near, near] if measured[near] else 0.0
        rtt[r] = direct[r] + inside
        if measured.any():
            reach = np.where(measured, to_site, np.inf)
            far: Ints = reach.round(3).argmin(axis=1)
            way_km = to_region[r, near] + reach[np.arange(len(far)), far]
            via = between[near, far] + per_km * way_km + access
            rtt[r] = np.where(city_of_site == near, rtt[r], via)
    return rtt


def _between_cities(inst: Instance) -> Floats:
    """Measured round trip by pair of cities, in both directions; NaN where there is none [ms]."""
    position = {name: i for i, name in enumerate(inst.cities)}
    between = np.full((len(position), len(position)), np.nan)
    for row in inst.city_rtt:
        a, b = position[row.city_a], position[row.city_b]
        between[a, b] = between[b, a] = row.rtt_ms
    return between


def _places(places: Iterable[City | Region | Rental | Site]) -> Floats:
    """Latitude and longitude of each place [radians]."""
    return np.radians([[place.lat, place.lon] for place in places])


def _kilometres(here: Floats, there: Floats) -> Floats:
    """Great circle between each place here and each there, by the haversine formula [km]."""
    lat_a, lon_a = here[:, None, 0], here[:, None, 1]
    lat_b, lon_b = there[None, :, 0], there[None, :, 1]
    rise = np.sin((lat_b - lat_a) / 2.0) ** 2
    turn = np.sin((lon_b - lon_a) / 2.0) ** 2
    square = np.clip(rise + np.cos(lat_a) * np.cos(lat_b) * turn, 0.0, 1.0)
    km: Floats = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(square))
    return km
