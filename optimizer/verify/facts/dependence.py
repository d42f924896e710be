"""Territories of floors, and who holds the shares that caps limit."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from models.entities.places import Site
from models.entities.rental import Rental
from models.entities.sovereignty import ConcentrationCap
from models.instance import Instance
from optimizer.verify.arrays import Bools, Days, Floats
from optimizer.verify.facts.calendar import values_on


def territories(inst: Instance) -> dict[str, set[str]]:
    """The jurisdictions in each floor's territory."""
    return {
        name: {
            place
            for place, j in inst.jurisdictions.items()
            if not {place, *j.blocs}.isdisjoint(floor.jurisdictions)
            or j.continent in floor.continents
        }
        for name, floor in inst.sufficiency.items()
    }


def holders(inst: Instance) -> dict[tuple[str, str], Bools]:
    """By cap and holder: true, by site and unit type, for what the holder has."""
    found = {}
    for c, cap in inst.concentration.items():
        sites = [_of_place(inst, cap, site) for site in inst.sites.values()]
        types = [_of_type(inst, cap, u) for u in inst.unit_types]
        offers = _of_offers(inst, cap)
        every = dict.fromkeys(name for names in (*sites, *types, *offers) for name in names)
        for name in cap.names or every:
            if name in every:
                has_site = np.array([name in names for names in sites])
                has_type = np.array([name in names for names in types])
                found[c, name] = has_site[:, None] | has_type[None, :]
    return found


def offers_held(inst: Instance) -> dict[tuple[str, str], Bools]:
    """By cap and holder: true, by offer, for the rentals whose tokens count as the holder's."""
    offers = {c: _of_offers(inst, cap) for c, cap in inst.concentration.items()}
    return {
        (c, name): np.array([name in names for names in offers[c]], dtype=bool)
        for c, name in holders(inst)
    }


def _of_offers(inst: Instance, cap: ConcentrationCap) -> list[list[str]]:
    """Who holds each rental; nobody does unless the cap is on tokens."""
    counted = cap.share_of == "tokens"
    return [_of_place(inst, cap, x) if counted else [] for x in inst.rentals.values()]


def _of_place(inst: Instance, cap: ConcentrationCap, at: Site | Rental) -> list[str]:
    place = inst.jurisdictions[at.jurisdiction]
    grid = at.grid_region if isinstance(at, Site) else None
    countries = [at.jurisdiction, *(b for b in place.blocs if b in cap.names)]
    names: Mapping[str, list[str]] = {
        "operator": [at.operator],
        "jurisdiction": countries,
        "bloc": list(place.blocs),
        "continent": [place.continent],
        "grid_region": [grid] if grid else [],
    }
    return names.get(cap.by, [])


def _of_type(inst: Instance, cap: ConcentrationCap, u: str) -> list[str]:
    unit = inst.unit_types[u]
    held = {"vendor": unit.vendor, "generation": unit.generation}.get(cap.by)
    return [held] if held else []


def shares_on(steps: Mapping[date, float], days: Days) -> Floats:
    """The share of the latest date not after each day; infinite before the first."""
    before = days < np.datetime64(min(steps), "D")
    held: Floats = np.where(before, np.inf, values_on(steps, days))
    return held
