"""Law and latency as levers: what keeps streams from sites, offers and unit types."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from models.clusters import lacks_network
from models.entities.work import ANY, Policy
from models.instance import Instance
from models.law import legal_obstacle, place_obstacle, policy, too_far
from models.streams import Stream
from optimizer.values.lever import Lever, Step

Changes = Mapping[str, Any]
Parts = Iterator[tuple[str, str, Changes]]
"""Place, path and changes of each part of a rule."""

LISTS = ("compute", "operator_home", "control_plane", "supply_origin")
"""The lists of a policy that say who may; ANY in one of them lifts it."""


def latencies(inst: Instance, step: Step) -> Iterator[Lever]:
    """For each workload whose latency limit keeps a site or an offer away, a longer limit."""
    for k, workload in inst.workloads.items():
        if workload.latency_limit_ms is not None:
            path = f"workloads.{k}.latency_limit_ms"
            changes = (
                {f"{path}.scale": 1 + step.amount}
                if step.relative
                else {f"{path}.add": step.amount}
            )
            size = 100 * step.amount if step.relative else step.amount
            words = f"{step.in_words('ms')} more"
            lever = Lever("latency", k, path, words, size, "%" if step.relative else "ms", changes)
            if opens_routes(inst, lever.changes):
                yield lever


def residencies(inst: Instance) -> Iterator[Lever]:
    """For each data class whose law keeps a site or an offer away, all of its law lifted."""
    kept = list(dict.fromkeys(at.partition("/")[2] for at, _, _ in by_place(inst)))
    for d in kept:
        path = f"data_classes.{d}"
        yield Lever("residency", d, path, "lifted", None, "", law_of(inst, d))


def opens_routes(inst: Instance, changes: Changes) -> bool:
    """True if a change lets some stream go where it may not go."""
    changed = inst.with_changes(changes)
    return changed.lawful_sites != inst.lawful_sites or changed.lawful_offers != inst.lawful_offers


def by_place(inst: Instance) -> Parts:
    """For each jurisdiction and data class that law keeps from somewhere, the most work first."""
    rows = {(row.jurisdiction, row.data_class) for row in inst.residency}
    for (j, d), streams in _by_law(inst).items():
        rule = policy(inst, j, d)
        if _keeps_away(inst, j, rule, streams):
            if (j, d) in rows:
                path = f"residency.{j}.{d}"
                yield f"{j}/{d}", path, _lifted(path, rule)
            else:
                row = {"jurisdiction": j, "data_class": d}
                yield f"{j}/{d}", _home_of(inst, j, d), {"residency.add": [row]}


def _by_law(inst: Instance) -> dict[tuple[str, str], list[Stream]]:
    """The streams of each jurisdiction and data class, those with the most demand first."""
    asked: dict[tuple[str, str], float] = defaultdict(float)
    streams: dict[tuple[str, str], list[Stream]] = defaultdict(list)
    for j, stream in inst.streams.items():
        law = inst.regions[stream.region].jurisdiction, stream.data_class
        streams[law].append(stream)
        asked[law] += sum(inst.demand_mtok_s[j, o] for o in inst.states)
    return {law: streams[law] for law in sorted(streams, key=lambda law: -asked[law])}


def _keeps_away(inst: Instance, home: str, rule: Policy, streams: list[Stream]) -> bool:
    """True if a policy keeps any of the streams from a site, an offer or a unit type."""
    if ANY not in rule.supply_origin:
        return True
    barred = [s for s in inst.sites if legal_obstacle(inst, home, rule, s)]
    if any(place_obstacle(inst, home, rule, offer) for offer in inst.rentals.values()):
        return True
    return any(
        not (too_far(inst, one.region, one.workload, s) or lacks_network(inst, one.workload, s))
        for s in barred
        for one in streams
    )


def _home_of(inst: Instance, j: str, d: str) -> str:
    """Where the law of a jurisdiction without a row of its own stands."""
    rows = {(row.jurisdiction, row.data_class) for row in inst.residency}
    bloc = next((b for b in inst.jurisdictions[j].blocs if (b, d) in rows), None)
    return f"residency.{bloc}.{d}" if bloc else f"data_classes.{d}"


def _lifted(path: str, rule: Policy) -> dict[str, Any]:
    changes: dict[str, Any] = {
        f"{path}.{name}": [ANY] for name in LISTS if ANY not in getattr(rule, name)
    }
    return changes | ({f"{path}.certification.remove": True} if rule.certification else {})


def law_of(inst: Instance, *classes: str) -> Changes:
    """What lifts all law of some data classes, wherever it stands."""
    changes: dict[str, Any] = {}
    for d in classes:
        changes |= _lifted(f"data_classes.{d}", inst.data_classes[d])
    for row in inst.residency:
        if row.data_class in classes:
            changes |= _lifted(f"residency.{row.jurisdiction}.{row.data_class}", row)
    return changes
