"""Instances of any size with geography: the same seed always gives the same instance.

What is drawn, and from what (the palette is `instances/six-continents`):

- Sites stand 20 to 400 km from a city of the measured latency table, half of them where demand is,
  half anywhere. Law, operator, network zone, PUE and costs are those of the shipped site nearest to
  it; the price of energy varies by a tenth. Connections are log-normal (σ 0.8) about 380 MW and
  grow by half-yearly steps; a third of the sites is open, with half of its first power in use.
- Regions are drawn from the shipped ones in proportion to their demand and moved by up to 200 km.
  Their weights are log-normal (σ 1), like those of countries: few large ones, many small ones.
- Demand is that of the shipped instance for each site, split by these weights, and over data
  classes as there. Streams that no site may serve are left out, as there.
- Sites with the same shipped grid region share a cap of 85 % of their connections.
- Latency follows the same rule as everywhere: measured between cities, estimated to them.
- Money and supply grow with the number of sites; periods divide the same four years.

In the regime `power` connections are an eighth as large, most of them from the start, and money and
units are plenty; in `money` it is a third of the grants, with more power and units.
"""

from collections import defaultdict
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from models.instance import Instance
from models.latency import Point, distance_km
from optimizer import read_instance

PALETTE = "instances/six-continents"
MONTHS = 48
MEAN_MW, CAP_SHARE, OPEN_SHARE = 380.0, 0.85, 1 / 3
FIRST, IN_USE, FULL = 0.3, 0.5, 0.9
"""The first step of a connection, and the part of it in use; most of it, where power is scarce."""

UNIT, UNIT_DATES = "lc-gb300-nvl72", {"2026-07-01": 2 / 3, "2027-04-01": 1 / 3}
STREAM = ("region", "workload", "data_class")
QUOTAS = ("gb200", "gb300", "vr200")
STEPS = [date(year, month, 1) for year in (2027, 2028, 2029) for month in (1, 7)]
STEPS.append(date(2030, 1, 1))
KEPT = (
    *("operator", "jurisdiction", "network_zone", "grid_region", "pue", "max_rack_kw"),
    *("hall_capex_musd_per_mw", "hall_life_years", "unit_capex_factor", "carbon_kg_per_mwh"),
)
"""What a site takes over from the shipped one that is nearest."""


class Size(NamedTuple):
    """How many sites, demand regions and periods."""

    sites: int
    regions: int
    periods: int


class Regime(NamedTuple):
    """How much power, money and supply of units there is beside the shipped instance's [ratio]."""

    power: float
    money: float
    supply: float


REGIMES = {
    "even": Regime(1.0, 1.0, 1.0),
    "power": Regime(0.12, 2.0, 2.0),
    "money": Regime(1.5, 0.35, 2.0),
}


class Place(NamedTuple):
    """A point on the map [degrees]."""

    lat: float
    lon: float


def generated(size: Size, seed: int, regime: str = "even") -> Instance:
    """An instance of a size and regime, drawn with a seed. Up to 48 periods."""
    rng = np.random.default_rng(seed)
    base, limits = _palette(), REGIMES[regime]
    scale = size.sites / len(base.sites)
    data = _kept(base)
    data["name"] = f"{'x'.join(map(str, size))}-{regime}-{seed}"
    data["horizon"] = {"start": "2027-01-01", "months": _months(size.periods)}
    data["sites"] = _sites(rng, base, size.sites, limits.power)
    data["grid_regions"] = _grid_regions(data["sites"])
    data["initial_units"] = _initial_units(data["sites"])
    data["regions"], weights = _regions(rng, base, size.regions)
    data["demand"] = _demand(base, weights, scale)
    grants = base.budget.pools["world"].grants
    amounts = {day: scale * limits.money * musd for day, musd in grants.items()}
    data["budget"] = {"pools": {"world": {"grants": amounts}}}
    for quota in data["quotas"].values():
        quota["per_year"] = {
            day: np.ceil(scale * limits.supply * n) for day, n in quota["per_year"].items()
        }
    lawful = Instance.model_validate(data).lawful_sites
    served = [row for row in data["demand"] if lawful["/".join(row[name] for name in STREAM)]]
    return Instance.model_validate({**data, "demand": served})


@cache
def _palette() -> Instance:
    return read_instance(PALETTE)


def _kept(base: Instance) -> dict[str, Any]:
    """What no draw changes."""
    whole = base.model_dump(exclude={"demand", "sites", "regions", "rtt", "initial_units"})
    dropped = {"horizon", "budget", "grid_regions", "description", "solve"}
    data = {name: value for name, value in whole.items() if name not in dropped}
    data["quotas"] = {name: data["quotas"][name] for name in QUOTAS}
    return data


def _months(periods: int) -> list[int]:
    """Lengths that divide the four years as evenly as whole months allow."""
    ends = [round(MONTHS * i / periods) for i in range(periods + 1)]
    return [end - start for start, end in pairwise(ends)]


def _moved(rng: np.random.Generator, point: Point, least_km: float, most_km: float) -> Place:
    """A place so far from a point, in any direction."""
    km, angle = rng.uniform(least_km, most_km), rng.uniform(0, 2 * np.pi)
    lat = float(np.clip(point.lat + km / 111.2 * np.cos(angle), -65, 70))
    lon = point.lon + km / (111.2 * np.cos(np.radians(lat))) * np.sin(angle)
    return Place(round(lat, 2), round((float(lon) + 180) % 360 - 180, 2))


def _nearest(point: Point, places: dict[str, Any]) -> str:
    return min(places, key=lambda name: distance_km(point, places[name]))


def _region_weights(base: Instance) -> dict[str, float]:
    """Demand of each shipped region, all dates and workloads together."""
    found: dict[str, float] = defaultdict(float)
    for row in base.demand:
        found[row.region] += row.mtok_s
    return dict(found)


def _sites(
    rng: np.random.Generator, base: Instance, count: int, power: float
) -> dict[str, dict[str, Any]]:
    near: dict[str, float] = defaultdict(float)
    for region, weight in _region_weights(base).items():
        near[_nearest(base.regions[region], dict(base.cities))] += weight
    cities = list(base.cities)
    shares = np.array([near[city] for city in cities])
    shares = 0.5 * shares / shares.sum() + 0.5 / len(cities)
    drawn = rng.choice(len(cities), size=count, p=shares)
    sizes = rng.lognormal(0.0, 0.8, count)
    megawatts = np.maximum(20.0, sizes / sizes.mean() * MEAN_MW).round(1)
    opened = rng.permutation(count) < max(1, round(OPEN_SHARE * count))
    out = {}
    for i, (city, mw) in enumerate(zip(drawn, megawatts.tolist(), strict=True)):
        point = _moved(rng, base.cities[cities[city]], 20, 400)
        like = base.sites[_nearest(point, dict(base.sites))]
        late = int(rng.integers(0, 4))
        dear = float(rng.lognormal(0.0, 0.1))
        liquid = "liquid" in like.pue and (like.max_rack_kw or 1e3) >= 140
        begins = 0 if opened[i] and liquid else late
        site = {name: value for name, value in like.model_dump().items() if name in KEPT}
        site |= _economics(mw, is_open=bool(opened[i] and liquid))
        site |= {"name": f"near {cities[city]}", "lat": point.lat, "lon": point.lon}
        site["energy_price_usd_per_mwh"] = {
            day: round(dear * price, 1) for day, price in like.energy_price_usd_per_mwh.items()
        }
        steps = STEPS[begins:]
        shares = np.linspace(first := min(FULL, FIRST / power), 1.0, len(steps))
        connected = (power * mw * shares).round(1).tolist()
        site["grid_mw"] = dict(zip(steps, connected, strict=True))
        if site["opened"]:
            in_use = min(IN_USE * FIRST, FULL * CAP_SHARE * power * first) * mw / like.pue["liquid"]
            site["initial_hall_mw"] = round(in_use, 1)
        out[f"S{i + 1:03d}"] = site
    return out


def _economics(mw: float, *, is_open: bool) -> dict[str, Any]:
    """Halls, fixed costs and rates by the size of the connection, as README of the palette says."""
    blocks = ((20, 2), (60, 4), (150, 5), (400, 10))
    return {
        "opened": is_open,
        "open_cost_musd": 0.0 if is_open else min(60.0, round(4 + 0.06 * mw, 1)),
        "fixed_opex_musd_per_year": round(0.8 + 0.012 * mw, 2),
        "min_build_mw": 0 if is_open or mw < 280 else 20 if mw < 700 else 50,
        "hall_block_mw": next((block for most, block in blocks if mw <= most), 25),
        "hall_lead_months": 9 if is_open or mw <= 150 else 12,
        "install_rate_mw_per_month": min(30.0, max(3.0, round(mw / 20, 1))),
    }


def _grid_regions(sites: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A cap for each grid region that several sites share; a site alone in its own has none."""
    members: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for site in sites.values():
        members[site["grid_region"]].append(site)
    caps = {}
    for name, group in members.items():
        if name is None or len(group) == 1:
            for site in group:
                site["grid_region"] = None
            continue
        reached = {day: sum(_power(site, day) for site in group) for day in STEPS}
        caps[name] = {"cap_mw": {day: round(CAP_SHARE * mw, 1) for day, mw in reached.items()}}
    return caps


def _power(site: dict[str, Any], day: date) -> float:
    """The connection of a site on a day [MW]."""
    return max((mw for begins, mw in site["grid_mw"].items() if begins <= day), default=0.0)


def _initial_units(sites: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    it_mw = _palette().unit_types[UNIT].it_mw
    return [
        {"site": s, "unit_type": UNIT, "in_service": day, "units": units}
        for s, site in sites.items()
        for day, share in UNIT_DATES.items()
        if (units := int(share * site.get("initial_hall_mw", 0.0) / it_mw))
    ]


def _regions(
    rng: np.random.Generator, base: Instance, count: int
) -> tuple[dict[str, dict[str, Any]], dict[str, float]]:
    """Demand regions, and the share of all demand that arises in each."""
    known = _region_weights(base)
    names, shares = list(known), np.array(list(known.values()))
    drawn = rng.choice(len(names), size=count, p=shares / shares.sum())
    weights = rng.lognormal(0.0, 1.0, count)
    out = {}
    for i, place in enumerate(drawn):
        like = base.regions[names[place]]
        point = _moved(rng, like, 0, 200)
        out[f"R{i + 1:03d}"] = {
            "name": f"near {like.name}",
            "jurisdiction": like.jurisdiction,
            "network_zone": like.network_zone,
            **point._asdict(),
        }
    return out, dict(zip(out, (weights / weights.sum()).tolist(), strict=True))


def _demand(base: Instance, weights: dict[str, float], scale: float) -> list[dict[str, Any]]:
    totals: dict[tuple[str, str, date], float] = defaultdict(float)
    for row in base.demand:
        totals[row.workload, row.data_class, row.date] += row.mtok_s
    return [
        {"region": r, "workload": k, "data_class": d, "date": day, "mtok_s": amount}
        for r, weight in weights.items()
        for (k, d, day), total in totals.items()
        if (amount := round(scale * weight * total, 5))
    ]
