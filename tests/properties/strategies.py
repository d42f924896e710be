"""Random small instances: consistent, varied, and solved in well under a second.

`instances()` draws from everything that the format offers. `yearly()` draws from the class that
tests/properties/by_hand.py can formulate on its own: whole years, steps, ANY or HOME as law.
"""

from typing import Any

from hypothesis import strategies as st

Draw = Any
JURISDICTIONS = {
    "NO": {"continent": "europe", "blocs": ["EEA", "NATO"]},
    "SE": {"continent": "europe", "blocs": ["EU", "EEA"]},
    "KE": {"continent": "africa"},
}
COORDINATES = {"NO": (59.9, 10.8), "SE": (65.6, 22.1), "KE": (-1.3, 36.8)}
ZONES = {"NO": "north", "SE": "north", "KE": "south"}
PLACES = st.sampled_from(sorted(JURISDICTIONS))
POLICY = st.sampled_from([["ANY"], ["HOME"], ["EEA"], ["KE", "HOME"], ["EU", "KE"]])


def number(*values: float) -> st.SearchStrategy[float]:
    return st.sampled_from(values)


def maybe(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), value)


def without_nothing(record: dict[str, Any]) -> dict[str, Any]:
    """A record without the fields that were drawn as None."""
    return {name: value for name, value in record.items() if value is not None}


def steps(draw: Draw, starts: list[str], values: st.SearchStrategy[float]) -> Any:
    """A number, or values from some of the periods' starts."""
    if draw(st.booleans()):
        return draw(values)
    dates = draw(st.lists(st.sampled_from(starts), min_size=1, max_size=2, unique=True))
    return {day: draw(values) for day in dates}


@st.composite
def instances(draw: Draw) -> dict[str, Any]:
    """Plain data of an instance from all that the format offers."""
    lengths = draw(st.lists(st.sampled_from([3, 6, 12, 18]), min_size=1, max_size=4))
    start = draw(st.sampled_from(["2027-01-01", "2027-10-01", "2028-02-15"]))
    months = st.sampled_from([0, 2, 3, 6, 13])
    return _instance(draw, lengths, start, months, yearly=False)


@st.composite
def yearly(draw: Draw, most_years: int = 3) -> dict[str, Any]:
    """Plain data of an instance in whole years."""
    lengths = [12] * draw(st.integers(1, most_years))
    return _instance(draw, lengths, "2027-01-01", st.sampled_from([0, 0, 12]), yearly=True)


def _instance(
    draw: Draw,
    lengths: list[int],
    start: str,
    months: st.SearchStrategy[int],
    *,
    yearly: bool,
) -> dict[str, Any]:
    starts = [f"{2027 + n}-01-01" for n in range(len(lengths) if yearly else 4)]
    units = {f"u{n}": _unit(draw, starts, months, yearly=yearly) for n in range(draw(_one_or_two))}
    units["u0"] |= {"cooling": "liquid", "it_mw": 0.7}
    units["u0"].pop("barred", None)
    operators = {"a": _operator(draw), "b": _operator(draw)}
    regions = _grid_regions(draw, starts)
    sites = {
        f"s{n}": _site(draw, starts, months, list(regions), first=n == 0)
        for n in range(draw(st.integers(1, 3)))
    }
    initial = _initial(draw, sites, units)
    workloads = {f"k{n}": _workload(draw, yearly=yearly) for n in range(draw(_one_or_two))}
    return {
        "name": "random",
        "horizon": {"start": start, "months": lengths},
        "finance": {
            "discount_rate_per_year": draw(number(0, 0.08)),
            "end_of_horizon_value": draw(st.sampled_from(["straight_line", "none"])),
        },
        "budget": {"pools": _pools(draw, starts)},
        "jurisdictions": JURISDICTIONS,
        "operators": operators,
        "grid_regions": regions,
        "sites": sites,
        "unit_types": units,
        "throughput": [
            {"unit_type": u, "workload": k, "mtok_s": draw(number(0.7, 1.3, 4))}
            for u in units
            for k in workloads
            if (u, k) == ("u0", "k0") or draw(st.integers(0, 4))
        ],
        "initial_units": initial,
        "quotas": _quotas(draw, starts, list(units)),
        "workloads": workloads,
        "data_classes": _data_classes(draw, yearly=yearly),
        "residency": [] if yearly else _residency(draw),
        "regions": {f"r{n}": _place(draw(PLACES)) for n in range(3)},
        "demand": _demand(draw, starts, list(workloads)),
        "demand_interpolation": "step"
        if yearly
        else draw(st.sampled_from(["step", "linear", "geometric"])),
        "rtt": [] if yearly else _rtt(draw, list(sites)),
        "network_prices": [
            {"zone_a": a, "zone_b": b, "usd_per_mtok": draw(number(0, 0.01, 0.05))}
            for a, b in (("north", "north"), ("south", "north"), ("south", "south"))
        ],
        "solve": {"gap": 0, "threads": 1},
    }


_one_or_two = st.integers(1, 2)


def _place(jurisdiction: str) -> dict[str, Any]:
    lat, lon = COORDINATES[jurisdiction]
    zone = ZONES[jurisdiction]
    return {"jurisdiction": jurisdiction, "lat": lat, "lon": lon, "network_zone": zone}


def _operator(draw: Draw) -> dict[str, Any]:
    return {
        "home_jurisdiction": draw(PLACES),
        "control_plane_jurisdiction": draw(PLACES),
        "certifications": draw(st.sampled_from([[], ["exemplar"]])),
        "performance": draw(number(1, 0.85)),
    }


def _grid_regions(draw: Draw, starts: list[str]) -> dict[str, Any]:
    if draw(st.booleans()):
        return {}
    return {"g": {"cap_mw": steps(draw, starts, number(2, 4.5, 9))}}


def _site(
    draw: Draw,
    starts: list[str],
    months: st.SearchStrategy[int],
    regions: list[str],
    *,
    first: bool,
) -> dict[str, Any]:
    jurisdiction = draw(PLACES)
    grid = draw(number(3, 6.1)) if first else steps(draw, starts, number(1.2, 3, 6.1))
    air = {"air": 1.45} if draw(st.booleans()) else {}
    return _place(jurisdiction) | without_nothing(
        {
            "operator": draw(st.sampled_from("ab")),
            "grid_region": draw(st.sampled_from([None, *regions])),
            "grid_mw": grid,
            "pue": {"liquid": draw(number(1.1, 1.25))} | air,
            "opened": draw(st.booleans()),
            "open_cost_musd": draw(number(0, 3.3)),
            "fixed_opex_musd_per_year": draw(number(0, 0.4)),
            "min_build_mw": draw(number(0, 0, 2.5)),
            "initial_hall_mw": draw(number(0, 1.5)),
            "hall_block_mw": draw(number(0.8, 2)),
            "hall_capex_musd_per_mw": draw(number(1, 4.2)),
            "hall_lead_months": draw(months),
            "hall_life_years": draw(st.sampled_from([2, 15])),
            "unit_lead_months": draw(st.sampled_from([0, draw(months)])),
            "install_rate_mw_per_month": draw(maybe(number(0.13, 0.4))),
            "unit_capex_factor": draw(number(1, 1.15)),
            "energy_price_usd_per_mwh": steps(draw, [*starts, "2020-01-01"], number(30, 85)),
        }
    )


def _unit(
    draw: Draw, starts: list[str], months: st.SearchStrategy[int], *, yearly: bool
) -> dict[str, Any]:
    return without_nothing(
        {
            "generation": "one",
            "cooling": draw(st.sampled_from(["liquid", "air"])),
            "it_mw": draw(number(0.4, 0.7, 1.6)),
            "idle_share": draw(number(0, 0.3, 1)),
            "accelerators": draw(st.sampled_from([8, 72])),
            "capex_musd": draw(number(4, 11)),
            "opex_musd_per_year": draw(number(0, 0.25)),
            "life_years": draw(st.integers(1, 4)),
            "lead_months": draw(months),
            "available_from": draw(st.sampled_from(["2020-01-01", *starts[:2]])),
            "available_until": draw(maybe(st.just("2028-06-30"))),
            "availability": draw(number(1, 0.93)),
            "software_gain_per_year": draw(number(0, 0.2)),
            "barred": None if yearly else draw(st.sampled_from([None, ["KE"], ["EU"]])),
        }
    )


def _workload(draw: Draw, *, yearly: bool) -> dict[str, Any]:
    return without_nothing(
        {
            "latency_limit_ms": None if yearly else draw(maybe(number(40, 120))),
            "peak_factor": draw(number(1, 1.7)),
            "fan_out": draw(number(1, 1.3)),
            "compute_multiplier": draw(number(1, 1.9)),
            "shortfall_price_usd_per_mtok": draw(number(0.05, 0.3, 2)),
        }
    )


def _data_classes(draw: Draw, *, yearly: bool) -> dict[str, Any]:
    if yearly:
        return {"public": {}, "health": {"compute": ["HOME"]}}
    health = {
        "compute": draw(POLICY),
        "operator_home": draw(POLICY),
        "control_plane": draw(POLICY),
        "certification": draw(maybe(st.just("exemplar"))),
    }
    return {"public": {}, "health": without_nothing(health)}


def _residency(draw: Draw) -> list[dict[str, Any]]:
    named = draw(st.lists(st.sampled_from(["NO", "EEA", "EU", "KE"]), max_size=2, unique=True))
    return [{"jurisdiction": j, "data_class": "health", "compute": draw(POLICY)} for j in named]


def _demand(draw: Draw, starts: list[str], workloads: list[str]) -> list[dict[str, Any]]:
    stream = st.tuples(
        st.sampled_from(["r0", "r1", "r2"]),
        st.sampled_from(workloads),
        st.sampled_from(["public", "health"]),
    )
    streams = draw(st.lists(stream, min_size=1, max_size=4, unique=True))
    return [
        {"region": r, "workload": k, "data_class": d, "date": day}
        | {"mtok_s": draw(number(0, 0.6, 1.9, 3.5))}
        for r, k, d in streams
        for day in draw(st.lists(st.sampled_from(starts), min_size=1, max_size=3, unique=True))
    ]


def _rtt(draw: Draw, sites: list[str]) -> list[dict[str, Any]]:
    measured = draw(st.lists(st.sampled_from(sites), max_size=2, unique=True))
    return [{"region": "r0", "site": s, "rtt_ms": draw(number(90, 130))} for s in measured]


def _pools(draw: Draw, starts: list[str]) -> dict[str, Any]:
    """None, one for all, or one for Europe beside it."""
    pools: dict[str, Any] = {}
    for name, covers in (("world", {}), ("europe", {"continents": ["europe"]})):
        if draw(st.booleans()):
            dates = draw(st.lists(st.sampled_from(starts), min_size=1, max_size=3, unique=True))
            grants = {day: draw(number(0, 8, 31)) for day in dates}
            pools[name] = covers | {"grants": grants, "carry_over": draw(st.booleans())}
    return pools


def _quotas(draw: Draw, starts: list[str], units: list[str]) -> dict[str, Any]:
    if draw(st.booleans()):
        return {}
    counts = draw(st.sampled_from(["units", "accelerators"]))
    per_year = number(1.2, 3.3) if counts == "units" else number(20, 150)
    return {
        "q": {
            "unit_types": draw(st.sampled_from([units, units[:1]])),
            "operators": draw(st.sampled_from([[], ["a"]])),
            "counts": counts,
            "per_year": steps(draw, starts, per_year),
            "carry_over": draw(st.booleans()),
        }
    }


def _initial(draw: Draw, sites: dict[str, Any], units: dict[str, Any]) -> list[dict[str, Any]]:
    """Up to two units at open sites, with halls, power and no shared grid to stand on."""
    rows = []
    for s, site in sites.items():
        count = draw(st.integers(0, 2)) if site["opened"] else 0
        if count:
            day = draw(st.sampled_from(["2026-01-01", "2027-01-01", "2028-01-01"]))
            rows.append({"site": s, "unit_type": "u0", "in_service": day, "units": count})
            site["initial_hall_mw"] += count * units["u0"]["it_mw"]
            site["grid_mw"] = 6.1
            site.pop("grid_region", None)
    return rows
