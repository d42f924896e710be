"""Whole rules as levers: what it would change if one of them did not hold."""

from collections.abc import Callable, Mapping
from typing import Any

from models.entities.base import ALWAYS
from models.instance import Instance
from models.problems import InstanceError, did_you_mean
from models.soft_kinds import KINDS as SOFT
from optimizer.values.law import Changes, Parts, by_place, law_of
from optimizer.values.lever import Lever

GRANTS, CONNECTION = 100.0, 10.0
"""A pool whose budget is lifted has so many times all of its grants, at once; a connection or a cap
that is lifted is so many times its largest, from the start. No numbers without limit: they would
make bounds weak."""


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
    "residency": by_place,
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
        near = did_you_mean(rule, RULES)
        raise ValueError(f"no rule is called '{rule}'; there are: {', '.join(RULES)}.{near}")
    found = list(RULES[rule](inst))
    if not found:
        told = rule.replace("_", " ")
        raise ValueError(f"there is nothing to lift: the instance declares no limit of {told}")
    together: dict[str, Any] = {}
    for _, _, changes in found:
        together |= changes
    if rule == "residency":
        together = dict(law_of(inst, *inst.data_classes))
    parts = [
        Lever(rule, at, path, "lifted", None, "", _none_soft_of_it(inst, changes))
        for at, path, changes in found
    ]
    lifted = _none_soft_of_it(inst, together)
    whole = Lever(rule, "", rule, "lifted as a whole", None, "", lifted)
    return [whole, *parts] if len(parts) > 1 else parts


def _none_soft_of_it(inst: Instance, changes: Changes) -> Changes:
    """The changes, with soft limits that name no place that is gone."""
    if not inst.soft_limits:
        return changes
    try:
        left = inst.with_changes({**changes, "soft_limits": []})
    except InstanceError:
        return changes
    rows = []
    for row in inst.soft_limits:
        at = [place for place in row.at if place in SOFT[row.limit].places(left)]
        if at or not row.at:
            rows.append(row.model_dump(mode="json", exclude_defaults=True) | {"at": at})
    same = [list(row.at) for row in inst.soft_limits] == [row["at"] for row in rows]
    return changes if same else {**changes, "soft_limits": rows}
