"""Network: the price of carrying tokens between a region and a site."""

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Floats


def network_prices(inst: Instance) -> Floats:
    """Price by region and site; 0 between zones without a price [USD per Mtok]."""
    quoted: dict[frozenset[str | None], float] = {
        frozenset((row.zone_a, row.zone_b)): row.usd_per_mtok for row in inst.network_prices
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
