"""Network: the price of carrying tokens and their data, and how far data may go."""

from collections.abc import Iterable

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats


def network_prices(inst: Instance) -> Floats:
    """Price by region, site and workload; 0 between zones without a price [USD per Mtok]."""
    tokens, data = (_by_zones(inst, field) for field in ("usd_per_mtok", "usd_per_gb"))
    gb = np.array([workload.data_gb_per_mtok for workload in inst.workloads.values()])
    prices: Floats = tokens[:, :, None] + np.multiply.outer(data, gb)
    return prices


def _by_zones(inst: Instance, field: str) -> Floats:
    quoted: dict[frozenset[str | None], float] = {
        frozenset((row.zone_a, row.zone_b)): getattr(row, field) for row in inst.network_prices
    }
    return np.array(
        [
            [
                quoted.get(frozenset((region.network_zone, site.network_zone)), 0.0)
                for site in inst.sites.values()
            ]
            for region in inst.regions.values()
        ]
    )


def data_reach(inst: Instance, jurisdictions: Iterable[str]) -> Bools:
    """True where data may be worked on: by region, workload, and place in the order given."""
    places = [(name, inst.jurisdictions[name]) for name in jurisdictions]
    reach = np.ones((len(inst.regions), len(inst.workloads), len(places)), dtype=bool)
    for r, region in enumerate(inst.regions.values()):
        home = inst.jurisdictions[region.jurisdiction]
        for k, workload in enumerate(inst.workloads.values()):
            for i, (name, place) in enumerate(places):
                if workload.data_stays == "continent":
                    reach[r, k, i] = place.continent == home.continent
                elif workload.data_stays != "anywhere":
                    common = set(place.blocs) & set(home.blocs)
                    shared = workload.data_stays == "bloc" and bool(common)
                    reach[r, k, i] = name == region.jurisdiction or shared
    return reach


def site_prices_per_gb(inst: Instance) -> Floats:
    """Price of carrying data between two sites; 0 between zones without a price [USD per GB]."""
    zones = [site.network_zone for site in inst.sites.values()]
    prices = np.zeros((len(zones), len(zones)))
    for row in inst.network_prices:
        for i, one in enumerate(zones):
            for j, other in enumerate(zones):
                if (one, other) in ((row.zone_a, row.zone_b), (row.zone_b, row.zone_a)):
                    prices[i, j] = row.usd_per_gb
    return prices
