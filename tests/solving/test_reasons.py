"""An infeasible instance is told by the kinds of limit that forbid every plan."""

from typing import Any

import pytest

from optimizer import solve
from tests.small import tiny, years

FIRM: dict[str, Any] = {"workloads": {"chat": {"shortfall_price_usd_per_mtok": None}}}


@pytest.mark.parametrize(
    ("changes", "blamed"),
    [
        # Five units of 2.5 MW are needed: 12.5 MW.
        ({"sites": {"oslo": {"grid_mw": 10}}}, "the grid connections of sites"),
        ({"quotas": {"few": {"unit_types": ["gen1"], "per_year": 4}}}, "the supply quotas"),
        ({"budget": {"pools": {"poor": {"grants": 199}}}}, "the capital granted"),
        # Five units at 1 MUSD a year.
        (
            {
                "unit_types": {"gen1": {"opex_musd_per_year": 1}},
                "budget": {"opex_caps": {"low": {"musd_per_year": 4.9}}},
            },
            "the caps on running costs",
        ),
        ({"sites": {"oslo": {"install_rate_mw_per_month": 0.8}}}, "the install rates of sites"),
    ],
)
def test_the_limit_that_forbids_every_plan_is_named(changes: dict[str, Any], blamed: str) -> None:
    plan = solve(tiny(**changes, **FIRM))

    assert plan.status == "infeasible"
    assert f"there would be a plan if {blamed} gave way" in plan.reasons
    others = {"the grid connections of sites", "the supply quotas", "the capital granted"} - {
        blamed
    }
    assert not any(other in reason for other in others for reason in plan.reasons)


def test_two_limits_at_once_are_no_single_ones_fault() -> None:
    quota = {"few": {"unit_types": ["gen1"], "per_year": 4}}
    oslo = {"grid_mw": 10}
    plan = solve(tiny(sites={"oslo": oslo}, quotas=quota, **FIRM))

    assert "there would be a plan if the demand that must be served gave way" in plan.reasons
    assert not any("quotas" in reason or "grid" in reason for reason in plan.reasons)


def test_what_pools_may_borrow_can_be_to_blame() -> None:
    # 200 are needed in 2027; 150 are granted, and 40 may be borrowed until 2028.
    pool = {"grants": {2027: 150, 2028: 60}, "borrowing": 40}
    plan = solve(tiny(horizon=years(2), budget={"pools": {"poor": pool}}, **FIRM))

    assert plan.status == "infeasible"
    assert "there would be a plan if what pools may borrow gave way" in plan.reasons
