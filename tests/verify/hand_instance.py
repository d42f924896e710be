"""A small instance that a person can solve: three years, four sites, two unit types."""

from typing import Any

from models.instance import Instance

RAW: dict[str, Any] = {
    "name": "hand",
    "horizon": {"start": "2027-01-01", "months": 12, "count": 3},
    "finance": {"discount_rate_per_year": 0.1},
    "budget": {
        "pools": {
            # The second grant comes after the first day of 2028: it can be spent in 2029.
            "nordic": {"continents": ["europe"], "grants": {"2027-01-01": 100, "2028-07-01": 25}},
            "america": {"continents": ["america"], "grants": {"2027": 50}, "carry_over": False},
        }
    },
    "jurisdictions": {
        "NO": {"continent": "europe", "blocs": ["EEA"]},
        "SE": {"continent": "europe", "blocs": ["EU", "EEA"]},
        "US": {"continent": "america"},
    },
    "operators": {
        "nordcloud": {"home_jurisdiction": "NO", "control_plane_jurisdiction": "NO"},
        "usco": {
            "home_jurisdiction": "US",
            "control_plane_jurisdiction": "US",
            "performance": 0.5,
        },
    },
    "grid_regions": {"nordic-grid": {"cap_mw": 8}},
    "sites": {
        "oslo": {
            "operator": "nordcloud",
            "jurisdiction": "NO",
            "lat": 59.9,
            "lon": 10.7,
            "network_zone": "nordics",
            "grid_region": "nordic-grid",
            "grid_mw": 5,
            "pue": {"liquid": 1.25, "air": 1.5},
            "opened": True,
            "fixed_opex_musd_per_year": 1,
            "initial_hall_mw": 4,
            "hall_block_mw": 2,
            "hall_capex_musd_per_mw": 12,
            "energy_price_usd_per_mwh": 40,
        },
        "lulea": {
            "operator": "nordcloud",
            "jurisdiction": "SE",
            "lat": 65.6,
            "lon": 22.1,
            "network_zone": "nordics",
            "grid_region": "nordic-grid",
            "grid_mw": {"2028-01": 6},
            "pue": {"liquid": 1.1},
            "open_cost_musd": 5,
            "fixed_opex_musd_per_year": 0.5,
            "min_build_mw": 4,
            "hall_block_mw": 2,
            "hall_capex_musd_per_mw": 10,
            "hall_lead_months": 12,
            "hall_life_years": 20,
            "install_rate_mw_per_month": 0.3,
            "energy_price_usd_per_mwh": {"2027-01-01": 30, "2029-01-01": 35},
        },
        "austin": {
            "operator": "usco",
            "jurisdiction": "US",
            "lat": 30.3,
            "lon": -97.7,
            "network_zone": "us",
            "grid_mw": 10,
            "pue": {"liquid": 1.2, "air": 1.4},
            "opened": True,
            "initial_hall_mw": 2,
            "hall_block_mw": 2,
            "hall_capex_musd_per_mw": 10,
            "energy_price_usd_per_mwh": 50,
        },
        # Open, but empty: its upkeep is a cost that no token bears.
        "tromso": {
            "operator": "nordcloud",
            "jurisdiction": "NO",
            "lat": 69.6,
            "lon": 18.9,
            "network_zone": "nordics",
            "grid_mw": 3,
            "pue": {"liquid": 1.2},
            "max_rack_kw": 100,
            "opened": True,
            "fixed_opex_musd_per_year": 0.2,
            "hall_block_mw": 1,
            "hall_capex_musd_per_mw": 10,
            "energy_price_usd_per_mwh": 40,
        },
    },
    "unit_types": {
        "gen1": {
            "generation": "one",
            "cooling": "liquid",
            "it_mw": 2,
            "idle_share": 0.5,
            "capex_musd": 40,
            "opex_musd_per_year": 1,
            "life_years": 3,
            "lead_months": 12,
            "available_from": "2026-01-01",
            "available_until": "2028-06-30",
        },
        "gen2": {
            "generation": "two",
            "cooling": "air",
            "it_mw": 1,
            "idle_share": 0.5,
            "rack_kw": 80,
            "accelerators": 8,
            "capex_musd": 30,
            "opex_musd_per_year": 0.5,
            "life_years": 5,
            "available_from": "2028-01-01",
            "software_gain_per_year": 0.1,
            "barred": ["US"],
        },
    },
    "throughput": [
        {"unit_type": "gen1", "workload": "chat", "mtok_s": 4},
        {"unit_type": "gen1", "workload": "agents", "mtok_s": 6},
        {"unit_type": "gen2", "workload": "chat", "mtok_s": 3},
    ],
    "initial_units": [
        # Three years of life: in service in 2027 and 2028, not in 2029.
        {"site": "oslo", "unit_type": "gen1", "in_service": "2026-01-01", "units": 2},
        {"site": "austin", "unit_type": "gen1", "in_service": "2027-01-01", "units": 1},
    ],
    "quotas": {
        "one": {"unit_types": ["gen1"], "per_year": 1.2},
        "two": {
            "unit_types": ["gen2"],
            "operators": ["nordcloud"],
            "counts": "accelerators",
            "per_year": 4,
            "carry_over": True,
        },
    },
    "workloads": {
        "chat": {
            "latency_limit_ms": 30,
            "peak_factor": 2,
            "shortfall_price_usd_per_mtok": 1,
        },
        "agents": {"fan_out": 3, "compute_multiplier": 2},
    },
    "data_classes": {"public": {}, "personal": {}},
    "residency": [
        {"jurisdiction": "NO", "data_class": "personal", "compute": ["HOME"]},
        {"jurisdiction": "EEA", "data_class": "public", "operator_home": ["EEA"]},
    ],
    "regions": {
        "norway": {"jurisdiction": "NO", "lat": 59.9, "lon": 10.7, "network_zone": "nordics"},
        "texas": {"jurisdiction": "US", "lat": 30.3, "lon": -97.7, "network_zone": "us"},
    },
    "demand": [
        {"region": "norway", "workload": "chat", "data_class": "personal", "date": d, "mtok_s": m}
        for d, m in (("2027-01-01", 2), ("2028-01-01", 4))
    ]
    + [
        {
            "region": "norway",
            "workload": "agents",
            "data_class": "public",
            "date": "2027",
            "mtok_s": 1,
        },
        {
            "region": "texas",
            "workload": "chat",
            "data_class": "public",
            "date": "2027",
            "mtok_s": 1,
        },
    ],
    "rtt": [{"region": "norway", "site": "oslo", "rtt_ms": 5}],
    "latency": {"access_ms": 1},
    "network_prices": [
        {"zone_a": "nordics", "zone_b": "nordics", "usd_per_mtok": 0.1},
        {"zone_a": "us", "zone_b": "us", "usd_per_mtok": 0.2},
        {"zone_a": "nordics", "zone_b": "us", "usd_per_mtok": 1},
    ],
}


def hand_instance() -> Instance:
    """The instance above."""
    return Instance.model_validate(RAW)
