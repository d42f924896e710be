"""Carbon, efficiency, water: what changes nothing, begins with nothing, or cannot be reached."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.pools import covered
from models.problems import Problem, unknown_name

if TYPE_CHECKING:
    from models.instance import Instance


SECONDS_PER_HOUR = 3600.0


def carbon_caps_that_miss(inst: "Instance") -> Iterator[Problem]:
    """Warn of caps on emissions without sites, and of those that begin with nothing."""
    start = inst.horizon.start
    for c, cap in inst.carbon.caps.items():
        path = ("carbon", "caps", c)
        if not covered(inst, cap):
            yield _warning(path, "covers no site.")
        if (first := min(cap.tco2_per_year)) > start:
            message = f"allows nothing before {first}; give what holds from {start} on."
            yield _warning((*path, "tco2_per_year"), message)


def efficiency_floors_that_miss(inst: "Instance") -> Iterator[Problem]:
    """Warn of floors on efficiency without sites, and of those beyond what any unit reaches."""
    for f, floor in inst.efficiency_floors.items():
        path = ("efficiency_floors", f)
        sites = covered(inst, floor)
        if not sites:
            yield _warning(path, "covers no site.")
            continue
        best = _most_mtok_per_mwh(inst, sites)
        if (asked := max(floor.mtok_per_mwh.values())) > best:
            message = (
                f"asks for {asked:.4g} Mtok per MWh, but no unit at these sites makes more than "
                f"{best:.4g}: they must stand idle and draw nothing."
            )
            yield _warning((*path, "mtok_per_mwh"), message)


def _most_mtok_per_mwh(inst: "Instance", sites: list[str]) -> float:
    """The most that a unit at full use makes of a MWh, at any site and time [Mtok per MWh]."""
    last = list(inst.periods)[-1]
    made = (
        SECONDS_PER_HOUR
        * inst.tokens_per_unit(s, row.unit_type, row.workload, last)
        / inst.meter_mw(s, row.unit_type)
        for s in sites
        for row in inst.throughput
        if inst.unit_types[row.unit_type].cooling in inst.sites[s].pue
    )
    return max(made, default=0.0)


def water_of_no_cooling(inst: "Instance") -> Iterator[Problem]:
    """Water of cooling classes that a site does not have, and limits on what uses none."""
    for s, site in inst.sites.items():
        for cooling in site.water_l_per_kwh:
            if cooling not in site.pue:
                message = unknown_name("cooling class of the site", cooling, site.pue)
                yield Problem(("sites", s, "water_l_per_kwh", cooling), message)
        if site.water_limit_m3_per_year is not None and not any(site.water_l_per_kwh.values()):
            message = "has no effect: 'water_l_per_kwh' is not given."
            yield _warning(("sites", s, "water_limit_m3_per_year"), message)


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


def profit_without_revenue(inst: "Instance") -> Iterator[Problem]:
    """Warn of an instance that is after profit where nothing earns any."""
    earns = any(workload.revenue_usd_per_mtok for workload in inst.workloads.values())
    if inst.objective == "profit" and not earns:
        message = "no workload has a 'revenue_usd_per_mtok': profit is then minus the cost."
        yield _warning(("objective",), message)


def _warning(path: tuple[str, ...], message: str) -> Problem:
    return Problem(path, message, "warning")
