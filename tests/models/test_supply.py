"""Supply: what suppliers deliver in a year, and what a site installs in a month."""

from typing import Any

import pytest

from models.build import build_model
from tests.small import (
    SHORT,
    assert_row,
    demands,
    optimum,
    optimum_without,
    solved,
    tiny,
    twins,
    values,
    years,
)

YEAR_28 = 366 * 86_400 * 10 / 1e6
"""Cost of 1 Mtok/s not served in 2028, a leap year [MUSD]."""


def quota(**changes: Any) -> dict[str, Any]:
    """A quota on gen1: 3.65 units a year."""
    return {"supply": {"unit_types": ["gen1"], "per_year": 3.65} | changes}


def test_quota_limit_counts_each_period_alone() -> None:
    """(Q1) without carry-over"""
    # Three whole units a year: 30 of 50 Mtok/s in 2027, all in 2028.
    inst = tiny(horizon=years(2), quotas=quota())

    assert optimum(inst) == pytest.approx(5 * 40 + 20 * SHORT)
    assert optimum_without(inst, lambda m: m.quota_limit) == pytest.approx(5 * 40)


def test_quota_limit_loses_what_is_left_without_carry_over() -> None:
    # Nothing is asked for in 2027, 50 Mtok/s in 2028: three units of that year's quota, which
    # are cheaper than those of 2027 by their upkeep, and two from 2027, with a year's upkeep more.
    demand = demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 50))
    units = {"gen1": {"opex_musd_per_year": 3.6525}}
    m = solved(tiny(horizon=years(2), quotas=quota(), unit_types=units, demand=demand))

    assert values(m.order) == {("oslo", "gen1", "2027"): 2, ("oslo", "gen1", "2028"): 3}


def test_quota_limit_carries_over() -> None:
    """(Q1) with carry-over"""
    # 3.65 in 2027 leave room for 3.65 + 3.65 = 7.3 by the end of 2028: seven units then.
    demand = demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 80))
    units = {"gen1": {"available_from": 2028}}
    rest = {"horizon": years(2), "unit_types": units, "demand": demand}
    inst = tiny(quotas=quota(carry_over=True), **rest)

    assert optimum(inst) == pytest.approx(7 * 40 + 10 * YEAR_28)
    assert optimum_without(inst, lambda m: m.quota_limit) == pytest.approx(8 * 40)
    # Without carry-over three.
    assert optimum(tiny(quotas=quota(), **rest)) == pytest.approx(3 * 40 + 50 * YEAR_28)


def test_a_quota_may_count_accelerators_of_some_operators() -> None:
    # Of six units, Fjord's site gets two: 640 accelerators a year, and a unit has 320. Savanna's
    # site is free of the quota and gets four, in two halls.
    fjord = quota(counts="accelerators", per_year=640, operators=["fjord"])
    demand = demands(("norway", "public", 2027, 60))
    m = solved(twins(quotas=fjord, unit_types={"gen1": {"accelerators": 320}}, demand=demand))

    assert values(m.order) == {("oslo", "gen1", "2027"): 2, ("nairobi", "gen1", "2027"): 4}
    assert values(m.hall) == {("nairobi", "2027"): 2}


def test_install_limit_spreads_the_entry_into_service() -> None:
    """(Q2)"""
    # 0.5 MW a month are 6 MW a year: three units of 2 MW in 2027, the other two in 2028.
    inst = tiny(horizon=years(2), sites={"oslo": {"install_rate_mw_per_month": 0.5}})

    assert optimum(inst) == pytest.approx(5 * 40 + 20 * SHORT)
    assert optimum_without(inst, lambda m: m.install_limit) == pytest.approx(5 * 40)


def test_rows_of_quotas() -> None:
    gen2 = {"generation": "two", "cooling": "liquid", "it_mw": 1, "capex_musd": 30}
    inst = twins(
        horizon=years(2),
        unit_types={
            "gen1": {"accelerators": 72},
            "gen2": gen2 | {"accelerators": 8, "life_years": 5, "available_from": 2020},
        },
        quotas={
            "chips": {
                "unit_types": ["gen1", "gen2"],
                "operators": ["fjord"],
                "counts": "accelerators",
                "per_year": {2027: 1000, 2028: 2000},
            },
            "modules": {"unit_types": ["gen2"], "per_year": 10, "carry_over": True},
        },
    )
    m = build_model(inst)

    assert_row(
        m.quota_limit["chips", "2028"],
        {"order[oslo,gen1,2028]": 72, "order[oslo,gen2,2028]": 8},
        "≤",
        2000,
    )
    assert_row(
        m.quota_limit["modules", "2028"],
        {f"order[{s},gen2,{t}]": 1 for s in ("oslo", "nairobi") for t in (2027, 2028)},
        "≤",
        10 + 10,
    )


def test_rows_of_installation() -> None:
    # Delivered after twelve months, so what is ordered in 2027 enters service in 2028.
    gen2 = {"generation": "two", "cooling": "liquid", "it_mw": 0.5, "capex_musd": 15}
    inst = tiny(
        horizon=years(2),
        sites={"oslo": {"install_rate_mw_per_month": 0.5}},
        unit_types={
            "gen1": {"lead_months": 12},
            "gen2": gen2 | {"life_years": 5, "available_from": 2020},
        },
    )
    m = build_model(inst)

    assert_row(
        m.install_limit["oslo", "2028"],
        {"order[oslo,gen1,2027]": 2, "order[oslo,gen2,2028]": 0.5},
        "≤",
        0.5 * 12,
    )
