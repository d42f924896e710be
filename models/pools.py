"""Which capital pool each site draws on, and which sites a pool, cap or floor covers."""

from typing import TYPE_CHECKING

from models.entities.coverage import Covering
from models.law import within

if TYPE_CHECKING:
    from models.instance import Instance


def closeness(inst: "Instance", selection: Covering, s: str) -> int | None:
    """How closely a selection names a site: 0 by its name … 4 as one of all; None if not."""
    site = inst.sites[s]
    continent = inst.jurisdictions[site.jurisdiction].continent
    named = (
        s in selection.sites,
        site.operator in selection.operators,
        within(inst, site.jurisdiction, selection.jurisdictions),
        continent in selection.continents,
        not (
            selection.sites
            or selection.operators
            or selection.jurisdictions
            or selection.continents
        ),
    )
    return named.index(True) if any(named) else None


def candidates(inst: "Instance", s: str) -> list[str]:
    """The pools that name a site most closely; more than one is an error of the instance."""
    ranks = {p: closeness(inst, pool, s) for p, pool in inst.budget.pools.items()}
    best = min((rank for rank in ranks.values() if rank is not None), default=None)
    return [p for p, rank in ranks.items() if rank == best and rank is not None]


def by_site(inst: "Instance") -> dict[str, str | None]:
    """The capital pool of each site; None where no pool covers it."""
    return {s: next(iter(candidates(inst, s)), None) for s in inst.sites}


def covered(inst: "Instance", selection: Covering) -> list[str]:
    """The sites that a pool, cap or floor names."""
    return [s for s in inst.sites if closeness(inst, selection, s) is not None]
