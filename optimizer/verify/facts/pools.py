"""Capital pools: which one each site draws on, and what each is granted in each period."""

import numpy as np

from models.entities.environment import CarbonCap, EfficiencyFloor
from models.entities.money import OpexCap, Pool
from models.entities.places import Site
from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.facts.calendar import Calendar, values_on

Selection = Pool | OpexCap | CarbonCap | EfficiencyFloor

NONE = -1
"""The pool of a site that no pool pays for."""


def pool_of_sites(inst: Instance) -> Ints:
    """Position of the pool that each site draws on, or NONE."""
    pools = list(inst.budget.pools.values())
    found = []
    for name, site in inst.sites.items():
        ranks = [_closeness(inst, pool, name, site) for pool in pools]
        closest = min((rank for rank in ranks if rank is not None), default=None)
        found.append(NONE if closest is None else ranks.index(closest))
    return np.array(found, dtype=np.int64)


def _closeness(inst: Instance, pool: Selection, name: str, site: Site) -> int | None:
    """How closely a pool names a site, 0 being closest; None if it does not cover it."""
    jurisdiction = inst.jurisdictions[site.jurisdiction]
    territory = {site.jurisdiction, *jurisdiction.blocs}
    covers = (
        name in pool.sites,
        site.operator in pool.operators,
        not territory.isdisjoint(pool.jurisdictions),
        jurisdiction.continent in pool.continents,
        not (pool.sites or pool.operators or pool.jurisdictions or pool.continents),
    )
    return covers.index(True) if True in covers else None


def grants(inst: Instance, calendar: Calendar) -> Floats:
    """Money that becomes available, by pool and period [MUSD]."""
    granted = np.zeros((len(inst.budget.pools), calendar.count))
    for p, pool in enumerate(inst.budget.pools.values()):
        for day, musd in pool.grants.items():
            t = np.searchsorted(calendar.start, np.datetime64(day, "D"), side="left")
            if t < calendar.count:
                granted[p, t] += musd
    return granted


def credit(inst: Instance, calendar: Calendar) -> Floats:
    """Most debt, by pool and period: none without a site, nor at the end if repaid [MUSD]."""
    allowed = np.zeros((len(inst.budget.pools), calendar.count))
    paying = np.unique(pool_of_sites(inst))
    for p, pool in enumerate(inst.budget.pools.values()):
        if p in paying:
            allowed[p] = values_on(pool.borrowing, calendar.start)
            if pool.debt_at_end == "repaid":
                allowed[p, -1] = 0.0
    return allowed


def under_cap(inst: Instance, cap: Selection) -> Bools:
    """True for each site that a cap or floor covers."""
    return np.array(
        [_closeness(inst, cap, name, site) is not None for name, site in inst.sites.items()]
    )
