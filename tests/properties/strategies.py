"""Random small instances: consistent, varied, and solved in well under a second.

`instances()` draws from everything that the format offers. `yearly()` draws from the class that
tests/properties/by_hand.py can formulate on its own: whole years, steps, ANY or HOME as law.
"""

from functools import partial
from itertools import product
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.properties.dice import (
    Draw,
    Kind,
    flag,
    number,
    one_of,
    several,
    steps,
    whole,
    without_nothing,
)

JURISDICTIONS = {
    "NO": {"continent": "europe", "blocs": ["EEA", "NATO"]},
    "SE": {"continent": "europe", "blocs": ["EU", "EEA"]},
    "KE": {"continent": "africa"},
}
COORDINATES = {"NO": (59.9, 10.8), "SE": (65.6, 22.1), "KE": (-1.3, 36.8)}
ZONES = {"NO": "north", "SE": "north", "KE": "south"}

POLICIES = [*[["ANY"]] * 6, ["HOME"], ["EEA"], ["KE", "HOME"], ["EU", "KE"]]


def instances() -> st.SearchStrategy[dict[str, Any]]:
    """Plain data of an instance from all that the format offers."""
    return SEEDS.map(any_instance)


def yearly(most_years: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """Plain data of an instance in whole years."""
    return SEEDS.map(partial(yearly_instance, most_years))


SEEDS = st.sampled_from(range(100_000))


def any_instance(seed: int) -> dict[str, Any]:
    """Plain data of the instance that a seed stands for."""
    dice = Random(seed)
    lengths = [dice.choice([3, 6, 12, 12, 18]) for _ in range(dice.randint(1, 4))]
    start = dice.choice(["2027-01-01", "2027-10-01", "2028-02-15"])
    raw = _instance(
        lambda kind: kind(dice), lengths, start, one_of([0, 0, 0, 0, 2, 6, 13]), yearly=False
    )
    return raw | {"name": f"instance of seed {seed}"}


def yearly_instance(most_years: int, seed: int) -> dict[str, Any]:
    """Plain data of the instance in whole years that a seed stands for."""
    dice = Random(seed)
    lengths = [12] * dice.randint(1, most_years)
    months = one_of([0, 0, 0, 12])
    raw = _instance(lambda kind: kind(dice), lengths, "2027-01-01", months, yearly=True)
    return raw | {"name": f"yearly instance of seed {seed}"}


def _instance(
    draw: Draw,
    lengths: list[int],
    start: str,
    months: Kind,
    *,
    yearly: bool,
) -> dict[str, Any]:
    starts = [f"{2027 + n}-01-01" for n in range(len(lengths) if yearly else 4)]
    units = {f"u{n}": _unit(draw, starts, months, yearly=yearly) for n in range(draw(whole(1, 2)))}
    units["u0"] |= {"cooling": "liquid", "it_mw": 0.7}
    units["u0"].pop("barred", None)
    operators = {"a": _operator(draw), "b": _operator(draw)}
    regions = _grid_regions(draw, starts)
    sites = {
        f"s{n}": _site(draw, starts, months, list(regions), first=n == 0)
        for n in range(draw(whole(1, 3)))
    }
    initial = _initial(draw, sites, units)
    workloads = {f"k{n}": _workload(draw, yearly=yearly) for n in range(draw(whole(1, 2)))}
    return {
        "name": "random",
        "horizon": {"start": start, "months": lengths},
        "finance": {
            "discount_rate_per_year": draw(number(0, 0.08)),
            "end_of_horizon_value": draw(one_of(["straight_line", "none"])),
        },
        "budget": {"pools": _pools(draw, starts)},
        "jurisdictions": JURISDICTIONS,
        "operators": operators,
        "grid_regions": regions,
        "sites": sites,
        "unit_types": units,
        "throughput": [
            {"unit_type": u, "workload": k, "mtok_s": draw(number(0.7, 1.8, 4))}
            for u in units
            for k in workloads
            if (u, k) == ("u0", "k0") or draw(whole(0, 4))
        ],
        "initial_units": initial,
        "quotas": _quotas(draw, starts, list(units)),
        "workloads": workloads,
        "data_classes": _data_classes(draw, yearly=yearly),
        "residency": [] if yearly else _residency(draw),
        "regions": {f"r{n}": _place(draw(one_of(list(JURISDICTIONS)))) for n in range(3)},
        "demand": _demand(draw, starts, list(workloads)),
        "demand_interpolation": "step" if yearly else draw(one_of(["step", "linear", "geometric"])),
        "rtt": [] if yearly else _rtt(draw, list(sites)),
        "network_prices": [
            {"zone_a": a, "zone_b": b, "usd_per_mtok": draw(number(0, 0.01, 0.05))}
            for a, b in (("north", "north"), ("south", "north"), ("south", "south"))
        ],
        "solve": {"gap": 1e-6, "threads": 1},
    }


def _place(jurisdiction: str) -> dict[str, Any]:
    lat, lon = COORDINATES[jurisdiction]
    zone = ZONES[jurisdiction]
    return {"jurisdiction": jurisdiction, "lat": lat, "lon": lon, "network_zone": zone}


def _operator(draw: Draw) -> dict[str, Any]:
    return {
        "home_jurisdiction": draw(one_of(list(JURISDICTIONS))),
        "control_plane_jurisdiction": draw(one_of(list(JURISDICTIONS))),
        "certifications": draw(one_of([[], ["exemplar"]])),
        "performance": draw(number(1, 0.85)),
    }


def _grid_regions(draw: Draw, starts: list[str]) -> dict[str, Any]:
    if draw(flag):
        return {}
    return {"g": {"cap_mw": steps(draw, starts, number(2, 4.5, 9))}}


def _site(
    draw: Draw,
    starts: list[str],
    months: Kind,
    regions: list[str],
    *,
    first: bool,
) -> dict[str, Any]:
    jurisdiction = draw(one_of(list(JURISDICTIONS)))
    grid = draw(number(3, 6.1)) if first else steps(draw, starts, number(1.2, 3, 6.1))
    air = {"air": 1.45} if draw(flag) else {}
    return _place(jurisdiction) | without_nothing(
        {
            "operator": draw(one_of("ab")),
            "grid_region": draw(one_of([None, *regions])),
            "grid_mw": grid,
            "pue": {"liquid": draw(number(1.1, 1.25))} | air,
            "opened": draw(flag),
            "open_cost_musd": draw(number(0, 3.3)),
            "fixed_opex_musd_per_year": draw(number(0, 0.4)),
            "min_build_mw": draw(number(0, 0, 2.5)),
            "initial_hall_mw": draw(number(0, 1.5)),
            "hall_block_mw": draw(number(0.8, 2)),
            "hall_capex_musd_per_mw": draw(number(1, 4.2)),
            "hall_lead_months": draw(months),
            "hall_life_years": draw(one_of([2, 15])),
            "unit_lead_months": draw(one_of([0, 0, draw(months)])),
            "install_rate_mw_per_month": draw(one_of([None, None, 0.26, 0.9])),
            "unit_capex_factor": draw(number(1, 1.15)),
            "energy_price_usd_per_mwh": steps(draw, [*starts, "2020-01-01"], number(30, 85)),
        }
    )


def _unit(draw: Draw, starts: list[str], months: Kind, *, yearly: bool) -> dict[str, Any]:
    return without_nothing(
        {
            "generation": "one",
            "cooling": draw(one_of(["liquid", "air"])),
            "it_mw": draw(number(0.4, 0.7, 1.6)),
            "idle_share": draw(number(0, 0.3, 1)),
            "accelerators": draw(one_of([8, 72])),
            "capex_musd": draw(number(4, 11)),
            "opex_musd_per_year": draw(number(0, 0.25)),
            "life_years": draw(one_of([1, 2, 3, 4, 5])),
            "lead_months": draw(months),
            "available_from": draw(one_of([*["2020-01-01"] * 4, *starts[1:2]])),
            "available_until": draw(one_of([None, None, "2028-06-30"])),
            "availability": draw(number(1, 0.93)),
            "software_gain_per_year": draw(number(0, 0.2)),
            "barred": None if yearly else draw(one_of([None, ["KE"], ["EU"]])),
        }
    )


def _workload(draw: Draw, *, yearly: bool) -> dict[str, Any]:
    return without_nothing(
        {
            "latency_limit_ms": None if yearly else draw(one_of([None, None, None, 40, 120])),
            "peak_factor": draw(number(1, 1.7)),
            "fan_out": draw(number(1, 1.3)),
            "compute_multiplier": draw(number(1, 1.9)),
            "shortfall_price_usd_per_mtok": draw(number(0.3, 1, 4, 4)),
        }
    )


def _data_classes(draw: Draw, *, yearly: bool) -> dict[str, Any]:
    if yearly:
        return {"public": {}, "health": {"compute": ["HOME"]}}
    health = {
        "compute": draw(one_of(POLICIES)),
        "operator_home": draw(one_of(POLICIES)),
        "control_plane": draw(one_of(POLICIES)),
        "certification": draw(one_of([None, None, "exemplar"])),
    }
    return {"public": {}, "health": without_nothing(health)}


def _residency(draw: Draw) -> list[dict[str, Any]]:
    named = draw(several(["NO", "EEA", "EU", "KE"], 0, 2))
    return [
        {"jurisdiction": j, "data_class": "health", "compute": draw(one_of(POLICIES))}
        for j in named
    ]


def _demand(draw: Draw, starts: list[str], workloads: list[str]) -> list[dict[str, Any]]:
    every = product(["r0", "r1", "r2"], workloads, ["public", "health"])
    streams = draw(several(list(every), 2, 5))
    return [
        {"region": r, "workload": k, "data_class": d, "date": day}
        | {"mtok_s": draw(number(0, 0.6, 1.9, 3.5, 3.5, 5.1))}
        for r, k, d in streams
        for day in draw(several(starts, 1, 3))
    ]


def _rtt(draw: Draw, sites: list[str]) -> list[dict[str, Any]]:
    measured = draw(several(sites, 0, 2))
    return [{"region": "r0", "site": s, "rtt_ms": draw(number(90, 130))} for s in measured]


def _pools(draw: Draw, starts: list[str]) -> dict[str, Any]:
    """None, one for all, or one for Europe beside it."""
    pools: dict[str, Any] = {}
    for name, covers in (("world", {}), ("europe", {"continents": ["europe"]})):
        if draw(flag):
            dates = [starts[0], *draw(several(starts[1:], 0, 2))]
            grants = {day: draw(number(8, 31, 60)) for day in dates}
            pools[name] = covers | {"grants": grants, "carry_over": draw(flag)}
    return pools


def _quotas(draw: Draw, starts: list[str], units: list[str]) -> dict[str, Any]:
    if draw(whole(0, 2)):
        return {}
    counts = draw(one_of(["units", "accelerators"]))
    per_year = number(2.2, 4.4, 9) if counts == "units" else number(20, 150, 400)
    return {
        "q": {
            "unit_types": draw(one_of([units, units[:1]])),
            "operators": draw(one_of([[], ["a"]])),
            "counts": counts,
            "per_year": steps(draw, starts, per_year),
            "carry_over": draw(flag),
        }
    }


def _initial(draw: Draw, sites: dict[str, Any], units: dict[str, Any]) -> list[dict[str, Any]]:
    """Up to two units at open sites, with halls, power and no shared grid to stand on."""
    rows = []
    for s, site in sites.items():
        count = draw(whole(0, 2)) if site["opened"] else 0
        if count:
            day = draw(one_of(["2026-01-01", "2027-01-01", "2028-01-01"]))
            rows.append({"site": s, "unit_type": "u0", "in_service": day, "units": count})
            site["initial_hall_mw"] += count * units["u0"]["it_mw"]
            site["grid_mw"] = 6.1
            site.pop("grid_region", None)
    return rows
