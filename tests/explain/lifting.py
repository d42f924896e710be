"""Lifting declared limits by changes of the instance: no part of what is tested is used here."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from models.entities.base import ALWAYS
from models.finance import granted
from models.instance import Instance
from models.law import policy
from optimizer.explain import Blamed

Kept = Collection[tuple[str, str, str]]
"""Limits that hold: kind, place and path."""

LAW = ("available_from", "available_until", "barred", "latency_limit_ms", "data_stays", "compute",
       "operator_home", "control_plane", "certification")  # fmt: skip
"""Fields of law and dates of sale."""

POWER_MW, MONEY, MANY = 150.0, 1e5, 1e7
"""So much more that a limit is as good as gone."""


def kept_of(conflict: Collection[Blamed]) -> set[tuple[str, str, str]]:
    """The limits of a conflict."""
    return {(one.kind, one.at, one.path) for one in conflict}


def lifted(inst: Instance, kept: Kept, *, law_is_given: bool = False) -> Instance:
    """The instance with every other limit lifted, law and dates of sale unless they are given."""
    changes: dict[str, object] = {}
    for lift in (_sites, _money, _shares, _supply, _rules, _policies, _commitments, _contingencies):
        changes.update(lift(inst, kept))
    if law_is_given:
        changes = {path: value for path, value in changes.items() if not path.endswith(LAW)}
    return inst.with_changes(changes | _demand(inst, kept))


def _steps(
    inst: Instance, kept: Kept, kind: str, at: str, path: str, steps: Mapping[date, float], far: Any
) -> dict[str, object]:
    """Dated values with those steps kept that are to hold, and `far` in place of the others."""
    out = {}
    for period in inst.periods.values():
        day = max((one for one in steps if one <= period.start), default=None)
        if day is None:
            written, value = f"{path}.{period.start}", 0.0
        else:
            written, value = path if day == ALWAYS else f"{path}.{day}", steps[day]
        out[period.start.isoformat()] = value if (kind, at, written) in kept else far(value)
    return {path: out}


def _sites(inst: Instance, kept: Kept) -> dict[str, object]:
    out: dict[str, object] = {}
    for s, site in inst.sites.items():
        at = f"sites.{s}"
        out |= _steps(inst, kept, "site_power", s, f"{at}.grid_mw", site.grid_mw,
                      lambda mw: mw + POWER_MW)  # fmt: skip
        if site.grid_status:
            counted = out[f"{at}.grid_mw"]
            assert isinstance(counted, dict)
            for t, period in inst.periods.items():
                if counted[period.start.isoformat()] < POWER_MW:
                    counted[period.start.isoformat()] = inst.grid_mw(s, t)
            out[f"{at}.grid_status"] = {}
        out |= _steps(inst, kept, "halls", s, f"{at}.initial_hall_mw", site.initial_hall_mw,
                      lambda mw: mw + POWER_MW)  # fmt: skip
        if ("min_build", s, f"{at}.min_build_mw") not in kept:
            out[f"{at}.min_build_mw"] = 0
        rate = f"{at}.install_rate_mw_per_month"
        if ("install_rate", s, rate) not in kept:
            out[rate] = None
        if site.water_limit_m3_per_year is not None:
            out |= _steps(inst, kept, "water", s, f"{at}.water_limit_m3_per_year",
                          site.water_limit_m3_per_year, lambda _: MANY)  # fmt: skip
    for g, grid in inst.grid_regions.items():
        out |= _steps(inst, kept, "grid_region_power", g, f"grid_regions.{g}.cap_mw", grid.cap_mw,
                      lambda mw: mw + 10 * POWER_MW)  # fmt: skip
    return out


def _money(inst: Instance, kept: Kept) -> dict[str, object]:
    out: dict[str, object] = {}
    for p, pool in inst.budget.pools.items():
        path, before, grants = f"budget.pools.{p}.grants", None, {}
        for t, amount in granted(inst, p).items():
            start = inst.periods[t].start
            own = [day for day in pool.grants if day <= start and (before is None or day > before)]
            day = max(own, default=start)
            written = path if day == ALWAYS else f"{path}.{day}"
            holds = ("budget", p, written) in kept
            grants[start.isoformat()] = amount if holds else amount + MONEY
            before = start
        out[path] = grants
        out |= _steps(inst, kept, "borrowing", p, f"budget.pools.{p}.borrowing", pool.borrowing,
                      lambda musd: musd + MONEY if musd else 0.0)  # fmt: skip
    for c, cap in inst.budget.opex_caps.items():
        out |= _steps(inst, kept, "opex", c, f"budget.opex_caps.{c}.musd_per_year",
                      cap.musd_per_year, lambda _: MANY)  # fmt: skip
    return out


def _shares(inst: Instance, kept: Kept) -> dict[str, object]:
    out: dict[str, object] = {}
    for f, floor in inst.sufficiency.items():
        for kind, field in (("sufficiency_share", "serve_share"), ("sufficiency_mw", "host_it_mw")):
            out |= _steps(inst, kept, kind, f, f"sufficiency.{f}.{field}", getattr(floor, field),
                          lambda _: 0.0)  # fmt: skip
    for c, one in inst.concentration.items():
        kind = f"{one.share_of}_share"
        out |= _steps(inst, kept, kind, c, f"concentration.{c}.most_share", one.most_share,
                      lambda _: 1.0)  # fmt: skip
    for c, limit in inst.carbon.caps.items():
        out |= _steps(inst, kept, "carbon", c, f"carbon.caps.{c}.tco2_per_year",
                      limit.tco2_per_year, lambda _: MANY)  # fmt: skip
    for e, least in inst.efficiency_floors.items():
        out |= _steps(inst, kept, "efficiency", e, f"efficiency_floors.{e}.mtok_per_mwh",
                      least.mtok_per_mwh, lambda _: 0.0)  # fmt: skip
    return out


def _supply(inst: Instance, kept: Kept) -> dict[str, object]:
    out: dict[str, object] = {}
    for q, quota in inst.quotas.items():
        out |= _steps(inst, kept, "quota", q, f"quotas.{q}.per_year", quota.per_year,
                      lambda _: 1e4)  # fmt: skip
    for x, offer in inst.rentals.items():
        out |= _steps(inst, kept, "rental", x, f"rentals.{x}.most_mtok_s", offer.most_mtok_s,
                      lambda rate: rate + 1000)  # fmt: skip
    for u in inst.unit_types:
        for kind, field, free in (
            ("sold_from", "available_from", "2000-01-01"),
            ("sold_until", "available_until", None),
            ("export_control", "barred", []),
        ):
            if (kind, u, f"unit_types.{u}.{field}") not in kept:
                out[f"unit_types.{u}.{field}"] = free
    return out


def _rules(inst: Instance, kept: Kept) -> dict[str, object]:
    out: dict[str, object] = {}
    for k, work in inst.workloads.items():
        for kind, field, free in (
            ("latency", "latency_limit_ms", None),
            ("data_stays", "data_stays", "anywhere"),
            ("reserve", "availability_target", None),
        ):
            if (kind, k, f"workloads.{k}.{field}") not in kept:
                out[f"workloads.{k}.{field}"] = free
        least = f"workloads.{k}.cluster.min_units"
        if work.cluster.min_units and ("cluster", k, least) not in kept:
            out[least] = 1
    for f in inst.model_families:
        path = f"model_families.{f}.least_training_share"
        if ("model_training", f, path) not in kept:
            out[path] = 0.01
    return out


def _policies(inst: Instance, kept: Kept) -> dict[str, object]:
    """Policies on weights of models are taken as they are."""
    out: dict[str, object] = {}
    weights = {family.weights_data_class for family in inst.model_families.values()}
    rules = [(d, f"data_classes.{d}") for d in inst.data_classes]
    for row in inst.residency:
        name = f"{row.jurisdiction}.{row.data_class}"
        rules.append((name.replace(".", "/"), f"residency.{name}"))
    for at, path in rules:
        if ("residency", at, path) not in kept and at.rpartition("/")[2] not in weights:
            out |= {f"{path}.{field}": ["ANY"] for field in
                    ("compute", "operator_home", "control_plane")}  # fmt: skip
            out[f"{path}.certification"] = None
        if ("origin", at, path) not in kept:
            out[f"{path}.supply_origin"] = ["ANY"]
    assert all(policy(inst, r.jurisdiction, d) for r in inst.regions.values()
               for d in inst.data_classes)  # fmt: skip
    return out


def _commitments(inst: Instance, kept: Kept) -> dict[str, object]:
    out: dict[str, object] = {}
    for table in ("orders", "halls", "openings", "upgrades"):
        rows = getattr(inst.commitments, table)
        held = {int(at.rpartition("/")[2]) for kind, at, _ in kept
                if kind == "commitment" and at.startswith(table)}  # fmt: skip
        if rows:
            left = [row.model_dump() for i, row in enumerate(rows) if i in held]
            out[f"commitments.{table}"] = left
    if ("frozen", "", "commitments.frozen_until") not in kept:
        out["commitments.frozen_until"] = None
    return out


def _contingencies(inst: Instance, kept: Kept) -> dict[str, object]:
    if not inst.contingencies:
        return {}
    held = [at for kind, at, _ in kept if kind == "protection"]
    if not held:
        return {"contingencies": {}, "protection": []}
    return {
        "contingencies": {
            f"kept-{i}": {
                "sites": list(inst.losses[at].sites),
                "unit_types": inst.losses[at].late_months,
                "holds_from": inst.losses[at].start.isoformat(),
                "share": inst.losses[at].share,
            }
            for i, at in enumerate(held)
        }
    }


def _demand(inst: Instance, kept: Kept) -> dict[str, object]:
    """Demand that need not be met is moved to a workload that may fall short.

    That of work which trains models or is protected stays, because floors are shares of it: all of
    it may fall short.
    """
    rows: list[dict[str, Any]] = []
    used = set()
    must = {at.split("/")[1] for kind, at, _ in kept if kind == "demand"}
    asked_of = {family.trained_by for family in inst.model_families.values()}
    asked_of |= {row.workload for row in inst.protection if row.workload}
    staying = asked_of - must
    for stream in inst.streams.values():
        own = [r for r in inst.demand
               if (r.region, r.workload, r.data_class) == tuple(stream)]  # fmt: skip
        for t, period in inst.periods.items():
            told = [row.date for row in own if row.date <= period.middle]
            day = max(told) if told else min(row.date for row in own)
            path = ".".join(("demand", *stream, day.isoformat()))
            holds = ("demand", "/".join(stream), path) in kept or stream.workload in staying
            asked = [inst.demand_mtok_s[stream.name, o] * state.share
                     for o, state in inst.states.items() if state.period == t]  # fmt: skip
            rate = sum(asked) / inst.workloads[stream.workload].fan_out
            for k, mtok_s in ((stream.workload, rate if holds else 0.0),
                              (f"{stream.workload}-free", 0.0 if holds else rate)):  # fmt: skip
                used.add(k)
                rows.append({"region": stream.region, "workload": k, "date": period.start,
                             "data_class": stream.data_class, "mtok_s": mtok_s})  # fmt: skip
    free = {f"{k}-free" for k in inst.workloads} & used
    works = {k: inst.workloads[k.removesuffix("-free")].model_dump() for k in sorted(free)}
    return {
        "demand_interpolation": "step",
        **{f"workloads.{k}.shortfall_price_usd_per_mtok": 1 for k in staying},
        "workloads.add": {k: w | {"shortfall_price_usd_per_mtok": 1} for k, w in works.items()},
        "throughput.add": [
            row.model_dump() | {"workload": f"{row.workload}-free"}
            for row in inst.throughput
            if f"{row.workload}-free" in free
        ],
        "demand": rows,
    }
