"""What can be counted: streams bound to one site, oversubscribed grids, what no plan can use.

Read off the index sets of the model, which hold only what is lawful and possible by date.
"""

from collections import defaultdict
from collections.abc import Iterator

import pyomo.environ as pyo

from models.calendar import step_value
from models.fleet import initial_hall_mw, misfit
from models.instance import Instance
from optimizer.figures import number
from optimizer.screening.finding import Finding

ROUNDING_MW = 1e-6


def counted(m: pyo.ConcreteModel, inst: Instance) -> Iterator[Finding]:
    """All that is known without solving anything."""
    yield from _one_site(m, inst)
    yield from _oversubscribed(inst)
    yield from _sites(m, inst)
    yield from _unit_types(m, inst)
    yield from _halls(m, inst)


def _one_site(m: pyo.ConcreteModel, inst: Instance) -> Iterator[Finding]:
    """Streams that one site alone can serve in the last state with demand, by site."""
    bound: dict[str, list[str]] = defaultdict(list)
    for j, group in m.groups.items():
        if not group.demand_mtok_s:
            continue
        last = list(group.demand_mtok_s)[-1]
        sites = m.sites_of.get((j, last), ())
        if len(sites) == 1 and not m.rents_of.get((j, last)):
            bound[sites[0]] += group.members
    if len(inst.sites) == 1:
        return
    end = list(inst.states)[-1]
    for s, streams in bound.items():
        asked = sum(inst.demand_mtok_s.get((j, end), 0.0) for j in streams)
        named = ", ".join(streams[:3]) + (f" and {len(streams) - 3} more" if streams[3:] else "")
        what = "stream" if len(streams) == 1 else "streams"
        message = (
            f"is the only place that can serve {len(streams)} {what} at the end, "
            f"{number(asked)} Mtok/s: {named}."
        )
        yield Finding("one site", False, ("sites", s), message)


def _oversubscribed(inst: Instance) -> Iterator[Finding]:
    """Grid regions that carry less than the connections of their sites, and from when on."""
    for g, region in inst.grid_regions.items():
        members = [s for s, site in inst.sites.items() if site.grid_region == g]
        for t, period in inst.periods.items():
            connected = sum(inst.grid_mw(s, t) for s in members)
            cap = step_value(region.cap_mw, period.start)
            if connected > cap + ROUNDING_MW:
                message = (
                    f"carries {number(cap)} MW in {t}, but the connections of "
                    f"{', '.join(members[:3])}{' …' if members[3:] else ''} add up to "
                    f"{number(connected)} MW."
                )
                yield Finding("oversubscribed grid", False, ("grid_regions", g), message)
                break


def _sites(m: pyo.ConcreteModel, inst: Instance) -> Iterator[Finding]:
    """Sites at which no unit can ever work for anybody."""
    used = {s for _, s, _ in m.FLOWS}
    ordered = {s for s, _, _ in inst.services}
    for s in inst.sites:
        if s in used:
            continue
        if s in ordered:
            why = "no stream may be served from here by any unit that can stand here"
        else:
            reasons = [misfit(inst, s, u) for u in inst.unit_types]
            told = {f"{u}: {why}" for u, why in zip(inst.unit_types, reasons, strict=True) if why}
            late = "no unit can be ordered that serves within the horizon on its connection"
            why = "; ".join(sorted(told)) if None not in reasons else late
        yield Finding("site of no use", False, ("sites", s), f"can serve nobody: {why}.")


def _unit_types(m: pyo.ConcreteModel, inst: Instance) -> Iterator[Finding]:
    """Unit types that can never work for anybody."""
    used = {u for _, u, _, _ in m.RUNS}
    for u in inst.unit_types:
        if u not in used:
            message = (
                "can never work: at no site and time can it be in service, "
                "for a stream that may be served there."
            )
            yield Finding("unit type of no use", False, ("unit_types", u), message)


def _halls(m: pyo.ConcreteModel, inst: Instance) -> Iterator[Finding]:
    """Sites whose connection never fills the halls that need no order."""
    for s, site in inst.sites.items():
        types = m.types_at[s]
        if not types or not any(place == s for place, _ in inst.hall_services):
            continue
        pue = min(site.pue[inst.unit_types[u].cooling] for u in types)
        full = {t: inst.most_load_mw(s, t) / pue for t in inst.periods}
        standing = {t: initial_hall_mw(inst, s, t) for t in inst.periods}
        if (
            all(standing[t] >= full[t] - ROUNDING_MW for t in inst.periods)
            and site.min_build_mw == 0
        ):
            last = list(inst.periods)[-1]
            message = (
                f"needs no more halls: {number(standing[last])} MW stand, or come by earlier "
                f"orders; its connection never carries over {number(max(full.values()))} MW of IT."
            )
            yield Finding("halls of no use", False, ("sites", s, "hall_block_mw"), message)
