"""The instance `soft-limits`: what each limit changes when it may be missed."""

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, compare, read_instance, solve
from optimizer.cli.show import plan_in_words


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance("instances/soft-limits")


@pytest.fixture(scope="module")
def plan(inst: Instance) -> Plan:
    return solve(inst, gap=0.001, threads=1)


def cost_without(inst: Instance, limit: str) -> float | None:
    hard = inst.with_changes({f"soft_limits.{limit}.remove": True})
    return solve(hard, gap=0.001, threads=1).objective_musd


def test_there_is_nothing_to_warn_of(inst: Instance) -> None:
    assert find_warnings(inst) == []


def test_hard_limits_cost_more(inst: Instance, plan: Plan) -> None:
    cost = plan.objective_musd
    assert plan.verified
    assert cost is not None
    # Gaps are 0.1 %: every difference is larger. The floor cannot be kept in 2027.
    for limit in ("budget", "site_power"):
        dearer = cost_without(inst, limit)
        assert dearer is not None
        assert dearer > 1.02 * cost
    assert cost_without(inst, "sufficiency_share") is None


def test_the_plan_says_what_is_missed(inst: Instance, plan: Plan) -> None:
    missed = plan.table("violations")
    assert set(missed["limit"]) == {"budget", "site_power", "sufficiency_share"}
    assert set(missed.loc[missed["limit"] == "site_power", "period"]) == {"2028"}
    text = plan_in_words(inst, plan)
    assert "Soft limits that are missed" in text
    assert "sufficiency share of home in 2027: 1.25 Mtok/s below, costs 4.99 MUSD" in text
    assert "budget of all in 2030" in plan._repr_html_()


def test_a_plan_starts_from_the_hard_one_and_is_compared_with_it(
    inst: Instance, plan: Plan
) -> None:
    hard = solve(inst.with_changes({"soft_limits.budget.remove": True}), gap=0.001, threads=1)
    again = solve(inst, gap=0.001, threads=1, start=hard)

    assert again.verified
    assert again.objective_musd == pytest.approx(plan.objective_musd, rel=2e-3)
    waterfall = compare(hard, plan).tables()["waterfall"]
    assert "violations" in set(waterfall["term"])
