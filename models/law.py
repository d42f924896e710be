"""Lawful routes: which sites may serve which stream, and why the others may not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

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
        place == ANY
        or place == jurisdiction
        or place in blocs
        or (place == HOME and jurisdiction == home)
        for place in places
    )


def obstacle(inst: "Instance", stream: Stream, rule: Policy, s: str) -> str | None:
    """Why a site may not serve a stream under its policy, in a planner's words; None if it may."""
    site = inst.sites[s]
    operator = inst.operators[site.operator]
    home = inst.regions[stream.region].jurisdiction
    limit = inst.workloads[stream.workload].latency_limit_ms
    if not within(inst, site.jurisdiction, rule.compute, home):
        return f"compute may stand only in {', '.join(rule.compute)}"
    if not within(inst, operator.home_jurisdiction, rule.operator_home, home):
        return f"its operator must be at home in {', '.join(rule.operator_home)}"
    if not within(inst, operator.control_plane_jurisdiction, rule.control_plane, home):
        return f"its control plane must stand in {', '.join(rule.control_plane)}"
    if rule.certification and rule.certification not in operator.certifications:
        return f"its operator must hold {rule.certification}"
    if limit is not None and inst.rtt_ms[stream.region, s] > limit:
        return f"round trip over {limit:g} ms"
    return None


def lawful_sites(inst: "Instance") -> dict[str, tuple[str, ...]]:
    """For each stream, the sites with no obstacle."""
    return {
        name: tuple(s for s in inst.sites if obstacle(inst, stream, rule, s) is None)
        for name, stream, rule in _with_policies(inst)
    }


def _with_policies(inst: "Instance") -> Iterable[tuple[str, Stream, Policy]]:
    known: dict[tuple[str, str], Policy] = {}
    for name, stream in inst.streams.items():
        place = inst.regions[stream.region].jurisdiction, stream.data_class
        if place not in known:
            known[place] = policy(inst, *place)
        yield name, stream, known[place]
