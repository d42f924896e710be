"""Lawful routes: which sites may serve which stream, and why the others may not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from models.entities.places import Site
from models.entities.rental import Rental
from models.entities.work import ANY, HOME, Policy
from models.streams import Stream

if TYPE_CHECKING:
    from models.instance import Instance


def policy(inst: "Instance", jurisdiction: str, data_class: str) -> Policy:
    """The policy for a data class that arises in a jurisdiction.

    The jurisdiction's own row wins over that of its first bloc that has one, and that over the
    data class itself.
    """
    rows = {(row.jurisdiction, row.data_class): row for row in inst.residency}
    for place in (jurisdiction, *inst.jurisdictions[jurisdiction].blocs):
        if row := rows.get((place, data_class)):
            return row
    return inst.data_classes[data_class]


def within(inst: "Instance", jurisdiction: str, places: Iterable[str], home: str = "") -> bool:
    """True if the jurisdiction is among the places: itself, one of its blocs, HOME or ANY."""
    blocs = inst.jurisdictions[jurisdiction].blocs
    return any(
        place in (ANY, jurisdiction, *blocs) or (place == HOME and jurisdiction == home)
        for place in places
    )


def legal_obstacle(
    inst: "Instance", home: str, rule: Policy, s: str, *, local: bool = False
) -> str | None:
    """Why a policy keeps a site from data that arise at home, in words; None if it does not.

    With `local`, a control plane in the site's own jurisdiction stands beside the operator's.
    """
    return place_obstacle(inst, home, rule, inst.sites[s], local=local)


def place_obstacle(
    inst: "Instance", home: str, rule: Policy, place: Site | Rental, *, local: bool = False
) -> str | None:
    """Why a policy keeps a site or an offer from data that arise at home; None if it does not."""
    operator = inst.operators[place.operator]
    if not within(inst, place.jurisdiction, rule.compute, home):
        return f"compute may stand only in {', '.join(rule.compute)}"
    if not within(inst, operator.home_jurisdiction, rule.operator_home, home):
        return f"its operator must be at home in {', '.join(rule.operator_home)}"
    seats = (operator.control_plane_jurisdiction, *((place.jurisdiction,) if local else ()))
    if not any(within(inst, seat, rule.control_plane, home) for seat in seats):
        return f"its control plane must stand in {', '.join(rule.control_plane)}"
    if rule.certification and rule.certification not in operator.certifications:
        return f"its operator must hold {rule.certification}"
    return None


def too_far(inst: "Instance", region: str, workload: str, s: str) -> str | None:
    """Why a site is too far from a region for a workload, in words; None if it is not."""
    return over_limit(inst, workload, inst.rtt_ms[region, s])


def over_limit(inst: "Instance", workload: str, round_trip_ms: float) -> str | None:
    """Why a round trip is too long for a workload, in words; None if it is not."""
    limit = inst.workloads[workload].latency_limit_ms
    if limit is not None and round_trip_ms > limit:
        return f"round trip over {limit:g} ms"
    return None


def obstacle(
    inst: "Instance", stream: Stream, rule: Policy, s: str, *, local: bool = False
) -> str | None:
    """Why a site may not serve a stream under its policy, in a planner's words; None if it may.

    With `local`, a control plane in the site's own jurisdiction stands beside the operator's.
    """
    home = inst.regions[stream.region].jurisdiction
    legal = legal_obstacle(inst, home, rule, s, local=local)
    return legal or too_far(inst, stream.region, stream.workload, s)


def lawful_sites(inst: "Instance") -> dict[str, tuple[str, ...]]:
    """For each stream, the sites with no obstacle."""
    legal: dict[tuple[str, str], list[str]] = {}
    near: dict[tuple[str, str], set[str]] = {}
    out = {}
    for name, (region, workload, data_class) in inst.streams.items():
        home = inst.regions[region].jurisdiction
        if (home, data_class) not in legal:
            rule = policy(inst, home, data_class)
            legal[home, data_class] = [
                s for s in inst.sites if legal_obstacle(inst, home, rule, s) is None
            ]
        if (region, workload) not in near:
            near[region, workload] = {
                s for s in inst.sites if too_far(inst, region, workload, s) is None
            }
        out[name] = tuple(s for s in legal[home, data_class] if s in near[region, workload])
    return out
