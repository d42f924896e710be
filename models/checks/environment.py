"""Carbon: caps and factors that change nothing, and caps that begin with nothing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.environment import covered_by_carbon_cap
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def carbon_caps_that_miss(inst: "Instance") -> Iterator[Problem]:
    """Warn of caps on emissions without sites, and of those that begin with nothing."""
    start = inst.horizon.start
    for c, cap in inst.carbon.caps.items():
        path = ("carbon", "caps", c)
        if not covered_by_carbon_cap(inst, c):
            yield _warning(path, "covers no site.")
        if (first := min(cap.tco2_per_year)) > start:
            message = f"allows nothing before {first}; give what holds from {start} on."
            yield _warning((*path, "tco2_per_year"), message)


def unknown_intensity(inst: "Instance") -> Iterator[Problem]:
    """Warn of sites that count as free of carbon because nothing says what they emit."""
    carbon = inst.carbon
    own = [place.carbon_price_usd_per_t for place in inst.jurisdictions.values()]
    priced = any(any(steps.values()) for steps in (carbon.price_usd_per_t, *filter(None, own)))
    for s, site in inst.sites.items():
        region = inst.grid_regions[site.grid_region] if site.grid_region else None
        places = (site, region, inst.jurisdictions[site.jurisdiction])
        known = any(place and place.carbon_kg_per_mwh is not None for place in places)
        path = ("sites", s, "carbon_kg_per_mwh")
        if (priced or carbon.caps) and not known:
            message = (
                "is given neither here, nor for the grid region or the jurisdiction: the site "
                "counts as free of carbon."
            )
            yield _warning(path, message)
        if site.carbon_factor and not known:
            yield _warning(
                ("sites", s, "carbon_factor"), "has no effect: the intensity is not given."
            )


def _warning(path: tuple[str, ...], message: str) -> Problem:
    return Problem(path, message, "warning")
