"""Rules as levers: what law and latency keep apart, and what it costs to keep a whole rule."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from models.clusters import lacks_network
from models.entities.base import ALWAYS
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

GRANTS, CONNECTION = 100.0, 10.0
"""A pool whose budget is lifted has so many times all of its grants, at once; a connection or a cap
that is lifted is so many times its largest, from the start. No numbers without limit: they would
make bounds weak."""


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
    kept = list(dict.fromkeys(at.partition("/")[2] for at, _, _ in _residency(inst)))
    for d in kept:
        path = f"data_classes.{d}"
        yield Lever("residency", d, path, "lifted", None, "", _law_of(inst, d))


def opens_routes(inst: Instance, changes: Changes) -> bool:
    """True if a change lets some stream go where it may not go."""
    changed = inst.with_changes(changes)
    return changed.lawful_sites != inst.lawful_sites or changed.lawful_offers != inst.lawful_offers


def _residency(inst: Instance) -> Parts:
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


def _law_of(inst: Instance, *classes: str) -> Changes:
    """What lifts all law of some data classes, wherever it stands."""
    changes: dict[str, Any] = {}
    for d in classes:
        changes |= _lifted(f"data_classes.{d}", inst.data_classes[d])
    for row in inst.residency:
        if row.data_class in classes:
            changes |= _lifted(f"residency.{row.jurisdiction}.{row.data_class}", row)
    return changes


def _latency(inst: Instance) -> Parts:
    for k, workload in inst.workloads.items():
        if workload.latency_limit_ms is not None:
            path = f"workloads.{k}.latency_limit_ms"
            yield k, path, {f"{path}.remove": True}


def _budget(inst: Instance) -> Parts:
    for p, pool in inst.budget.pools.items():
        path = f"budget.pools.{p}.grants"
        yield p, path, {path: GRANTS * max(1.0, sum(pool.grants.values()))}


def _power(inst: Instance) -> Parts:
    for s, site in inst.sites.items():
        path = f"sites.{s}.grid_mw"
        changes: dict[str, Any] = {path: CONNECTION * max(site.grid_mw.values())}
        if site.grid_status:
            changes[f"sites.{s}.grid_status"] = {ALWAYS.isoformat(): "energised"}
        yield s, path, changes
    for g, region in inst.grid_regions.items():
        path = f"grid_regions.{g}.cap_mw"
        yield g, path, {path: CONNECTION * max(region.cap_mw.values())}


def _install_rate(inst: Instance) -> Parts:
    for s, site in inst.sites.items():
        if site.install_rate_mw_per_month is not None:
            path = f"sites.{s}.install_rate_mw_per_month"
            yield s, path, {f"{path}.remove": True}


def _water(inst: Instance) -> Parts:
    for s, site in inst.sites.items():
        if site.water_limit_m3_per_year is not None:
            path = f"sites.{s}.water_limit_m3_per_year"
            yield s, path, {f"{path}.remove": True}


def _table(
    path: str, names: Callable[[Instance], Mapping[str, Any]]
) -> Callable[[Instance], Parts]:
    """A rule that is gone when the entries of a table are."""

    def parts(inst: Instance) -> Parts:
        for name in names(inst):
            yield name, f"{path}.{name}", {f"{path}.{name}.remove": True}

    return parts


def _resilience(inst: Instance) -> Parts:
    if inst.protection:
        yield "", "protection", {"protection": []}


RULES: dict[str, Callable[[Instance], Parts]] = {
    "residency": _residency,
    "latency": _latency,
    "budget": _budget,
    "power": _power,
    "quota": _table("quotas", lambda inst: inst.quotas),
    "install_rate": _install_rate,
    "opex": _table("budget.opex_caps", lambda inst: inst.budget.opex_caps),
    "carbon": _table("carbon.caps", lambda inst: inst.carbon.caps),
    "water": _water,
    "efficiency": _table("efficiency_floors", lambda inst: inst.efficiency_floors),
    "sufficiency": _table("sufficiency", lambda inst: inst.sufficiency),
    "concentration": _table("concentration", lambda inst: inst.concentration),
    "resilience": _resilience,
}
"""The rules that can be lifted as a whole, with the parts of each."""


def prices(inst: Instance, rule: str) -> list[Lever]:
    """A whole rule lifted, and after it each of its parts alone where there are several.

    Raises ValueError if there is no such rule, or the instance declares none of it.
    """
    if rule not in RULES:
        raise ValueError(f"no rule is called '{rule}'; there are: {', '.join(RULES)}")
    parts = [Lever(rule, at, path, "lifted", None, "", c) for at, path, c in RULES[rule](inst)]
    if not parts:
        raise ValueError(f"the instance declares no {rule.replace('_', ' ')} that could be lifted")
    together: dict[str, Any] = {}
    for one in parts:
        together |= one.changes
    if rule == "residency":
        together = dict(_law_of(inst, *inst.data_classes))
    whole = Lever(rule, "", rule, "lifted as a whole", None, "", together)
    return [whole, *parts] if len(parts) > 1 else parts
