"""Sovereignty and dependence: floors, caps, control planes and origins that cannot work."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.entities.sovereignty import ConcentrationCap
from models.law import policy
from models.problems import Problem, unknown_name
from models.rentals import offer_obstacle
from models.sovereignty import (
    barred_types,
    counts_for,
    holders,
    hosted_floor,
    offers_within,
    served_floor,
    share_on,
    territory,
)
from models.streams import Stream

if TYPE_CHECKING:
    from models.instance import Instance


def floors_that_cannot_hold(inst: "Instance") -> Iterator[Problem]:
    """Floors without a territory, without a site in it, or that ask for nothing."""
    for f, floor in inst.sufficiency.items():
        path = ("sufficiency", f)
        if not floor.jurisdictions and not floor.continents:
            yield Problem(path, "must name jurisdictions or continents, its territory.")
            continue
        shared, hosting = any(floor.serve_share.values()), any(floor.host_it_mw.values())
        asked = any(counts_for(inst, f, j) for j in inst.streams)
        if not shared and not hosting:
            message = "asks for nothing: give serve_share or host_it_mw."
            yield Problem(path, message, "warning")
        if shared and not asked:
            message = "has no demand in its territory, so it asks for nothing."
            yield Problem((*path, "serve_share"), message, "warning")
        if not territory(inst, f):
            if hosting and any(hosted_floor(inst, f, t) for t in inst.periods):
                message = "cannot be met: no site stands in its territory."
                yield Problem((*path, "host_it_mw"), message)
            unserved = not offers_within(inst, f)
            if unserved and any(served_floor(inst, f, t) for t in inst.periods):
                message = "cannot be met: no site stands in its territory."
                yield Problem((*path, "serve_share"), message)


def caps_of_nobody(inst: "Instance") -> Iterator[Problem]:
    """Caps that name what does not exist, that bind nobody, or that leave nothing to build."""
    for c, cap in inst.concentration.items():
        path = ("concentration", c)
        known = _known(inst, cap)
        word = cap.by.replace("_", " ")
        strangers = [i for i, name in enumerate(cap.names) if name not in known]
        for i in strangers:
            yield Problem((*path, "names", i), unknown_name(word, cap.names[i], known))
        if strangers:
            continue
        held = holders(inst, cap)
        if not held:
            yield Problem(path, f"caps nobody: nothing belongs to a {word}.", "warning")
        elif not cap.names and cap.by != "bloc" and _covers(inst, cap):
            for period in inst.periods.values():
                most = share_on(cap.most_share, period.start)
                if most is not None and most * len(held) < 1 - 1e-9:
                    message = (
                        f"leaves nothing to build from {period.name}: {len(held)} of the kind "
                        f"{word} with at most {most:g} each do not make up a whole."
                    )
                    yield Problem((*path, "most_share"), message, "warning")
                    break


def _known(inst: "Instance", cap: ConcentrationCap) -> set[str]:
    """The names that a cap may use."""
    places = inst.jurisdictions.values()
    blocs = {bloc for place in places for bloc in place.blocs}
    return {
        "operator": set(inst.operators),
        "vendor": {unit.vendor for unit in inst.unit_types.values() if unit.vendor is not None},
        "generation": {unit.generation for unit in inst.unit_types.values()},
        "jurisdiction": set(inst.jurisdictions) | blocs,
        "bloc": blocs,
        "continent": {place.continent for place in places},
        "grid_region": set(inst.grid_regions),
    }[cap.by]


def _covers(inst: "Instance", cap: ConcentrationCap) -> bool:
    """True if everything of the plan belongs to one of the kind."""
    if cap.by in ("vendor", "generation") and cap.share_of == "capital":
        return False
    unknown = cap.by in ("vendor", "generation", "grid_region")
    if unknown and cap.share_of == "tokens" and inst.rentals:
        return False
    if cap.by == "vendor":
        return all(unit.vendor is not None for unit in inst.unit_types.values())
    return cap.by != "grid_region" or all(site.grid_region for site in inst.sites.values())


def control_planes_without_use(inst: "Instance") -> Iterator[Problem]:
    """Warn of offers that change nothing."""
    for position, row in enumerate(inst.local_control_planes):
        site = inst.sites[row.site]
        operator = inst.operators[site.operator]
        path = ("local_control_planes", position)
        if operator.control_plane_jurisdiction == site.jurisdiction:
            message = f"changes nothing: {row.site} is steered from {site.jurisdiction} already."
            yield Problem((*path, "site"), message, "warning")
        if not any(s == row.site for s, _ in inst.control_plane_use):
            message = "is too long: it would be in use in no period of the horizon."
            yield Problem((*path, "lead_months"), message, "warning")


def work_without_a_supply(inst: "Instance") -> Iterator[Problem]:
    """Demand whose law allows no unit type that does the work, by its origin, and no rental."""
    able: dict[str, set[str]] = {}
    for row in inst.throughput:
        if row.mtok_s > 0:
            able.setdefault(row.workload, set()).add(row.unit_type)
    told = set()
    for position, demand in enumerate(inst.demand):
        stream = Stream(demand.region, demand.workload, demand.data_class)
        home = inst.regions[stream.region].jurisdiction
        key = home, stream.workload, stream.data_class
        if key in told or not demand.mtok_s or stream.workload not in able:
            continue
        rule = policy(inst, home, stream.data_class)
        rented = any(offer_obstacle(inst, stream, x) is None for x in inst.rentals)
        if able[stream.workload] <= barred_types(inst, home, rule) and not rented:
            told.add(key)
            priced = inst.workloads[stream.workload].shortfall_price_usd_per_mtok is not None
            message = (
                f"no unit type does {stream.workload} whose supply comes only from "
                f"{', '.join(rule.supply_origin)}, as the law for {stream.data_class} asks; "
                + ("so it falls short." if priced else "and it must be served.")
            )
            yield Problem(("demand", position), message, "warning" if priced else "error")
