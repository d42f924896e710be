"""Who depends on whom: territories of floors, holders of shares, local control planes, origins."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.calendar import add_months, step_value
from models.entities.places import Site
from models.entities.rental import Rental
from models.entities.sovereignty import ConcentrationCap
from models.entities.work import ANY, HOME, Policy
from models.law import legal_obstacle, policy, too_far, within

if TYPE_CHECKING:
    from models.instance import Instance


def belongs(inst: "Instance", f: str, jurisdiction: str) -> bool:
    """True if a jurisdiction is part of a floor's territory."""
    floor = inst.sufficiency[f]
    continent = inst.jurisdictions[jurisdiction].continent
    return within(inst, jurisdiction, floor.jurisdictions) or continent in floor.continents


def territory(inst: "Instance", f: str) -> list[str]:
    """The sites in a floor's territory."""
    return [s for s, site in inst.sites.items() if belongs(inst, f, site.jurisdiction)]


def offers_within(inst: "Instance", f: str) -> list[str]:
    """The rentals whose machines stand in a floor's territory."""
    return [x for x, offer in inst.rentals.items() if belongs(inst, f, offer.jurisdiction)]


def counts_for(inst: "Instance", f: str, j: str) -> bool:
    """True if a stream's demand counts for a floor."""
    floor, stream = inst.sufficiency[f], inst.streams[j]
    return (
        stream.workload in (floor.workloads or (stream.workload,))
        and stream.data_class in (floor.data_classes or (stream.data_class,))
        and belongs(inst, f, inst.regions[stream.region].jurisdiction)
    )


def floors_of(inst: "Instance", j: str) -> tuple[str, ...]:
    """The floors that a stream's demand counts for."""
    return tuple(f for f in inst.sufficiency if counts_for(inst, f, j))


def served_floor(inst: "Instance", f: str, t: str) -> float:
    """Least tokens that a floor's territory serves of its demand in a period, mean [Mtok/s]."""
    share = step_value(inst.sufficiency[f].serve_share, inst.periods[t].start)
    return share * demand_of(inst, f, t) if share else 0.0


def demand_of(inst: "Instance", f: str, t: str) -> float:
    """Demand that counts for a floor in a period, mean over its slices [Mtok/s]."""
    states = [(o, state.share) for o, state in inst.states.items() if state.period == t]
    return sum(
        share * inst.demand_mtok_s[j, o]
        for j in inst.streams
        if counts_for(inst, f, j)
        for o, share in states
    )


def hosted_floor(inst: "Instance", f: str, t: str) -> float:
    """Least IT power in service in a floor's territory in a period [IT MW]."""
    return step_value(inst.sufficiency[f].host_it_mw, inst.periods[t].start)


def share_on(steps: Mapping[date, float], day: date) -> float | None:
    """The share that holds on a day; None before the first date."""
    return step_value(steps, day) if day >= min(steps) else None


class Held(NamedTuple):
    """What one holder has; either all sites or all unit types count."""

    sites: set[str]
    unit_types: set[str]
    offers: set[str]
    """Rentals; only tokens are counted there, as nothing else of them is part of the plan."""


def holders(inst: "Instance", cap: ConcentrationCap) -> dict[str, Held]:
    """Those whose share a cap limits, with what they have; who holds nothing is left out.

    Of a rental neither vendor nor generation nor grid region is known: these hold none of it.
    """
    found: dict[str, Held] = {}
    if cap.by in ("vendor", "generation"):
        for u, unit in inst.unit_types.items():
            held_by = unit.vendor if cap.by == "vendor" else unit.generation
            if held_by is not None:
                found.setdefault(held_by, Held(set(inst.sites), set(), set())).unit_types.add(u)
        return {name: found[name] for name in cap.names or found if name in found}

    def of(name: str) -> Held:
        return found.setdefault(name, Held(set(), set(inst.unit_types), set()))

    for s, site in inst.sites.items():
        for name in _holders_of_place(inst, cap, site):
            of(name).sites.add(s)
    for x, offer in inst.rentals.items() if cap.share_of == "tokens" else ():
        for name in _holders_of_place(inst, cap, offer):
            of(name).offers.add(x)
    return {name: found[name] for name in cap.names or found if name in found}


def _holders_of_place(inst: "Instance", cap: ConcentrationCap, at: Site | Rental) -> Iterable[str]:
    place = inst.jurisdictions[at.jurisdiction]
    if cap.by == "operator":
        return (at.operator,)
    if cap.by == "jurisdiction":
        # Blocs count where they are named; "every jurisdiction" means countries.
        return (at.jurisdiction, *(bloc for bloc in place.blocs if bloc in cap.names))
    if cap.by == "bloc":
        return place.blocs
    if cap.by == "continent":
        return (place.continent,)
    if isinstance(at, Rental) or at.grid_region is None:
        return ()
    return (at.grid_region,)


def control_plane_use(inst: "Instance") -> dict[tuple[str, str], tuple[str, ...]]:
    """For each local control plane (site, period of the decision), the periods it is in use."""
    out = {}
    for row in inst.local_control_planes:
        for t, period in inst.periods.items():
            ready = add_months(period.start, row.lead_months)
            if used := tuple(τ for τ, later in inst.periods.items() if later.start >= ready):
                out[row.site, t] = used
    return out


def raised_sites(inst: "Instance") -> dict[str, tuple[str, ...]]:
    """For each stream, the sites that become lawful only with a local control plane."""
    offers = [row.site for row in inst.local_control_planes]
    if not offers:
        return dict.fromkeys(inst.streams, ())
    out = {}
    for j, (region, workload, data_class) in inst.streams.items():
        home = inst.regions[region].jurisdiction
        rule = policy(inst, home, data_class)
        out[j] = tuple(s for s in offers if _raised(inst, home, rule, region, workload, s))
    return out


def _raised(inst: "Instance", home: str, rule: Policy, region: str, workload: str, s: str) -> bool:
    """True if a local control plane is all that a site lacks for a stream."""
    return (
        legal_obstacle(inst, home, rule, s) is not None
        and legal_obstacle(inst, home, rule, s, local=True) is None
        and too_far(inst, region, workload, s) is None
    )


def barred_types(inst: "Instance", home: str, rule: Policy) -> frozenset[str]:
    """The unit types that a policy keeps from its data, by their origin."""
    if ANY in rule.supply_origin:
        return frozenset()
    return frozenset(
        u for u, unit in inst.unit_types.items() if not supplied(inst, home, rule, unit.origin)
    )


def supplied(inst: "Instance", home: str, rule: Policy, origin: Iterable[str]) -> bool:
    """True if all of an origin is allowed; what is not known is not allowed."""
    names = tuple(origin)
    allowed = {home if place == HOME else place for place in rule.supply_origin}
    return bool(names) and all(
        name in allowed
        or (name in inst.jurisdictions and not allowed.isdisjoint(inst.jurisdictions[name].blocs))
        for name in names
    )
