"""A plan that does not exist names the limits that cannot hold together, and what would help."""

from typing import Any

import pytest

from optimizer import solve
from optimizer.options import resolve
from optimizer.solve import Tools, solve_with
from tests.small import tiny, years

DEMAND = "demand.norway.chat.public.2027-01-01"
FIRM: dict[str, Any] = {"workloads": {"chat": {"shortfall_price_usd_per_mtok": None}}}


@pytest.mark.parametrize(
    ("changes", "blamed"),
    [
        # Five units of 2.5 MW are needed: 12.5 MW.
        ({"sites": {"oslo": {"grid_mw": 10}}}, "sites.oslo.grid_mw"),
        ({"quotas": {"few": {"unit_types": ["gen1"], "per_year": 4}}}, "quotas.few.per_year"),
        ({"budget": {"pools": {"poor": {"grants": 199}}}}, "budget.pools.poor.grants"),
        # Five units at 1 MUSD a year.
        (
            {
                "unit_types": {"gen1": {"opex_musd_per_year": 1}},
                "budget": {"opex_caps": {"low": {"musd_per_year": 4.9}}},
            },
            "budget.opex_caps.low.musd_per_year",
        ),
        (
            {"sites": {"oslo": {"install_rate_mw_per_month": 0.8}}},
            "sites.oslo.install_rate_mw_per_month",
        ),
    ],
)
def test_the_limit_that_forbids_every_plan_is_named(changes: dict[str, Any], blamed: str) -> None:
    plan = solve(tiny(**changes, **FIRM))

    assert plan.status == "infeasible"
    head, *limits, help_ = plan.reasons
    assert head == "these limits cannot hold together; without any one of them the others can"
    assert [one.split(":")[0] for one in limits] == [blamed, DEMAND]
    assert help_.startswith(f"there would be a plan with --set {blamed}=")


def test_two_limits_at_once_are_repaired_together() -> None:
    quota = {"few": {"unit_types": ["gen1"], "per_year": 4}}
    plan = solve(tiny(sites={"oslo": {"grid_mw": 10}}, quotas=quota, **FIRM))

    assert plan.reasons[-1] == (
        "there would be a plan with --set sites.oslo.grid_mw=12.5 --set quotas.few.per_year=5"
    )


def test_a_limit_that_nothing_else_stands_against_is_told_as_one() -> None:
    # Units that take a year cannot serve in the first year, whatever is allowed.
    late = {"gen1": {"lead_months": 12}}
    plan = solve(tiny(horizon=years(2), unit_types=late, **FIRM))

    head, limit, _ = plan.reasons
    assert head == "this limit cannot hold, whatever gives way beside it"
    assert limit.startswith(f"{DEMAND}: ")


def test_what_was_asked_beside_the_limits_is_told_apart(tools: Tools) -> None:
    inst = tiny(sites={"oslo": {"carbon_kg_per_mwh": 400}}, **FIRM)
    plan = solve_with(tools, inst, resolve(inst), goals=["cost"], most={"carbon": 1.0})

    assert plan.status == "infeasible"
    assert plan.reasons == ("no plan keeps to what was asked beside the limits",)
