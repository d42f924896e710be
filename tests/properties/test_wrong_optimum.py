"""An instance that HiGHS 1.15.1 once solved wrongly: it bought a hall that nobody needs."""

from typing import Any

import pytest

from models.instance import Instance
from optimizer import solve
from tests.small import optimum

SITE: dict[str, Any] = {
    "jurisdiction": "KE",
    "lat": 0,
    "lon": 0,
    "grid_region": "g",
    "pue": {"liquid": 1},
    "energy_price_usd_per_mwh": 0,
}

RAW: dict[str, Any] = {
    "name": "a hall that nobody needs",
    "horizon": {"start": "2027-01-01", "months": [1, 1]},
    "jurisdictions": {"NO": {"continent": "europe"}, "KE": {"continent": "africa"}},
    "operators": {
        "a": {
            "home_jurisdiction": "NO",
            "control_plane_jurisdiction": "KE",
            "performance": 0.8,
        },
        "b": {"home_jurisdiction": "KE", "control_plane_jurisdiction": "KE"},
    },
    "grid_regions": {"g": {"cap_mw": 2}},
    "sites": {
        "s0": SITE
        | {
            "operator": "b",
            "grid_mw": 6,
            "initial_hall_mw": 1.5,
            "hall_block_mw": 2,
            "hall_capex_musd_per_mw": 1,
        },
        "s1": SITE
        | {
            "operator": "a",
            "grid_mw": 1,
            "hall_block_mw": 1,
            "hall_capex_musd_per_mw": 0,
        },
    },
    "unit_types": {
        "u0": {
            "generation": "one",
            "cooling": "liquid",
            "it_mw": 0.7,
            "capex_musd": 0,
            "life_years": 2,
            "available_from": "2020-01-01",
        }
    },
    "throughput": [{"unit_type": "u0", "workload": "k0", "mtok_s": 1}],
    "workloads": {"k0": {}},
    "data_classes": {"health": {}},
    "regions": {"r2": {"jurisdiction": "KE", "lat": 0, "lon": 0}},
    "demand": [
        {
            "region": "r2",
            "workload": "k0",
            "data_class": "health",
            "date": "2027-01-01",
            "mtok_s": 2,
        }
    ],
    "solve": {"gap": 0, "threads": 1},
}


def test_a_hall_that_nobody_needs_is_not_built() -> None:
    # Two units make the 2 Mtok/s. They are free and fit the 1.5 MW of halls that stand at s0.
    assert optimum(Instance.model_validate(RAW)) == pytest.approx(0, abs=1e-9)


def test_the_optimum_is_not_lost() -> None:
    plan = solve(Instance.model_validate(RAW))

    assert plan.objective_musd == pytest.approx(0, abs=1e-9)
