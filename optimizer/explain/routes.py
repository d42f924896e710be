"""What forbids a route or an order, as declared limits that could be waived."""

from typing import TYPE_CHECKING

from models.entities.work import ANY, Policy
from models.gravity import data_leave
from models.law import over_limit, place_obstacle, policy, within

if TYPE_CHECKING:
    from models.entities.places import Site
    from models.entities.rental import Rental
    from models.instance import Instance
    from models.streams import Stream

Obstacle = tuple[str, str]
"""Kind of limit, and where it is declared."""


def obstacles(
    inst: "Instance", stream: "Stream", place: "Site | Rental", round_trip_ms: float
) -> tuple[Obstacle, ...]:
    """The limits that keep a site or an offer from a stream and could be waived."""
    home = inst.regions[stream.region].jurisdiction
    found = []
    if place_obstacle(inst, home, policy(inst, home, stream.data_class), place):
        found.append(("residency", rule_at(inst, home, stream.data_class)))
    if data_leave(inst, stream.region, stream.workload, place.jurisdiction):
        found.append(("data_stays", stream.workload))
    if over_limit(inst, stream.workload, round_trip_ms):
        found.append(("latency", stream.workload))
    return tuple(found)


def rule_at(inst: "Instance", home: str, data_class: str) -> str:
    """Where the policy for data of a jurisdiction is declared: 'EU/health', or 'health' alone."""
    rule: Policy = policy(inst, home, data_class)
    place = getattr(rule, "jurisdiction", None)
    return f"{place}/{data_class}" if place else data_class


def order_obstacles(inst: "Instance", s: str, u: str, t: str) -> tuple[Obstacle, ...]:
    """The limits that keep a site from ordering a unit type in a period and could be waived."""
    unit, start = inst.unit_types[u], inst.periods[t].start
    found = []
    if within(inst, inst.sites[s].jurisdiction, unit.barred):
        found.append(("export_control", u))
    if start < unit.available_from:
        found.append(("sold_from", u))
    if unit.available_until is not None and start > unit.available_until:
        found.append(("sold_until", u))
    return tuple(found)


def origin_rules(inst: "Instance", k: str) -> tuple[Obstacle, ...]:
    """The policies that ask for an origin of what works on a workload."""
    found: dict[Obstacle, None] = {}
    for stream in inst.streams.values():
        home = inst.regions[stream.region].jurisdiction
        if stream.workload == k and ANY not in policy(inst, home, stream.data_class).supply_origin:
            found["origin", rule_at(inst, home, stream.data_class)] = None
    return tuple(found)
