"""Territories of floors, and who holds the shares that caps limit."""

from collections.abc import Mapping
from datetime import date

import numpy as np

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
        sites = [_of_site(inst, cap, s) for s in inst.sites]
        types = [_of_type(inst, cap, u) for u in inst.unit_types]
        every = dict.fromkeys(name for names in (*sites, *types) for name in names)
        for name in cap.names or every:
            if name in every:
                has_site = np.array([name in names for names in sites])
                has_type = np.array([name in names for names in types])
                found[c, name] = has_site[:, None] | has_type[None, :]
    return found


def _of_site(inst: Instance, cap: ConcentrationCap, s: str) -> list[str]:
    site = inst.sites[s]
    place = inst.jurisdictions[site.jurisdiction]
    countries = [site.jurisdiction, *(b for b in place.blocs if b in cap.names)]
    names: Mapping[str, list[str]] = {
        "operator": [site.operator],
        "jurisdiction": countries,
        "bloc": list(place.blocs),
        "continent": [place.continent],
        "grid_region": [site.grid_region] if site.grid_region else [],
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
