"""instances/efficiency: the plan is the one worked out in the file; the floor changes it."""

import pytest

from optimizer import read_instance, solve

FILE = "instances/efficiency/instance.yaml"


def test_the_floor_pays_for_the_frugal_generation() -> None:
    plan = solve(read_instance(FILE))

    assert plan.verified
    assert plan.units_ordered("singapore", "gen2", 2027) == 3
    assert plan.units_ordered("singapore", "gen1", 2027) == 2
    assert plan.objective_musd == pytest.approx(110)
    limit = plan.table("limits").set_index("limit").loc["efficiency"]
    assert (limit["use"], limit["allowed"]) == pytest.approx((23_040, 20_000))
    assert not limit["binds"]


def test_without_the_floor_the_cheap_one_is_enough() -> None:
    plan = solve(read_instance(FILE).with_changes({"efficiency_floors.programme.remove": True}))

    assert plan.verified
    assert plan.units_ordered("singapore", "gen1", 2027) == 8
    assert plan.objective_musd == pytest.approx(80)
    assert plan.kpis["tokens_per_mwh_mtok"] == pytest.approx(14_400)
