"""The fleet at the start: it must stand at open sites, on power and in halls that are there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.calendar import step_value
from models.clusters import most_saved
from models.fleet import initial_hall_mw
from models.problems import Path, Problem
from models.upgrades import ready

if TYPE_CHECKING:
    from models.instance import Instance

_ROUNDING_MW = 1e-6


def misplaced(inst: "Instance") -> Iterator[Problem]:
    """Initial units at closed sites, or at sites without their cooling."""
    for position, row in enumerate(inst.initial_units):
        site, unit = inst.sites[row.site], inst.unit_types[row.unit_type]
        path = ("initial_units", position, "site")
        if not site.opened:
            message = f"has units at '{row.site}', which is not open; set its 'opened' to true."
            yield Problem(path, message)
        if unit.cooling not in site.pue:
            message = (
                f"has {row.unit_type} at '{row.site}', which has no pue for {unit.cooling} cooling."
            )
            yield Problem(path, message)


def overloads(inst: "Instance") -> Iterator[Problem]:
    """Initial units that draw more than grid, grid region or halls carry; the first period each."""
    if any(
        inst.unit_types[row.unit_type].cooling not in inst.sites[row.site].pue
        for row in inst.initial_units
    ):
        return
    meter, halls = _loads(inst)
    first_row = {row.site: place for place, row in reversed(list(enumerate(inst.initial_units)))}
    for s, place in first_row.items():
        path = ("initial_units", place)
        first_hall = _first_hall(inst, s)
        hall_room = {
            t: initial_hall_mw(inst, s, t) + inst.most_excess("halls", s, t)
            for t in _before(inst, first_hall)
        }
        grid = {t: inst.most_grid_mw(s, t) for t in inst.periods}
        yield from _over(path, s, meter, grid, "MW at the meter, but its grid connection carries")
        yield from _over(path, s, halls, hall_room, "MW of IT, but its halls hold")
    yield from _grid_regions(inst, meter)


def _grid_regions(inst: "Instance", meter: dict[tuple[str, str], float]) -> Iterator[Problem]:
    for g, region in inst.grid_regions.items():
        members = [s for s, site in inst.sites.items() if site.grid_region == g]
        caps = {
            t: step_value(region.cap_mw, p.start) + inst.most_excess("grid_region_power", g, t)
            for t, p in inst.periods.items()
        }
        for upgrade, t in ready(inst):
            if inst.grid_upgrades[upgrade].site in members:
                caps[t] += inst.grid_upgrades[upgrade].added_cap_mw
        total = {(g, t): sum(meter.get((s, t), 0.0) for s in members) for t in caps}
        path = ("grid_regions", g, "cap_mw")
        yield from _over(path, g, total, caps, "MW at the meter, but its cap is")


def _loads(
    inst: "Instance",
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    meter: dict[tuple[str, str], float] = {}
    it: dict[tuple[str, str], float] = {}
    for (s, u, t), units in inst.initial_online.items():
        drawn = inst.meter_mw(s, u) * (1 - most_saved(inst, s, t))
        meter[s, t] = meter.get((s, t), 0.0) + units * drawn
        it[s, t] = it.get((s, t), 0.0) + units * inst.unit_types[u].it_mw
    return meter, it


def _first_hall(inst: "Instance", s: str) -> str | None:
    """The first period in which halls can be added: built, converted or leased."""
    added = {serves[0] for (place, _), serves in inst.hall_services.items() if place == s}
    added |= {serves[0] for (place, _), serves in inst.conversion_services.items() if place == s}
    added |= {t for place, t in inst.lease_terms if place == s}
    return next((t for t in inst.periods if t in added), None)


def _before(inst: "Instance", period: str | None) -> list[str]:
    names = list(inst.periods)
    return names[: names.index(period)] if period else names


def _over(
    path: Path,
    name: str,
    load: dict[tuple[str, str], float],
    room: dict[str, float],
    text: str,
) -> Iterator[Problem]:
    for t, most in room.items():
        if load.get((name, t), 0.0) > most + _ROUNDING_MW:
            message = (
                f"in {t} the initial units of '{name}' need {load[name, t]:g} {text} {most:g} MW."
            )
            yield Problem(path, message)
            return
