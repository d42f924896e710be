"""instances/water: the plan is the one worked out by hand in the file; the limit changes it."""

import pytest

from optimizer import read_instance, solve

FILE = "instances/water/instance.yaml"


def test_the_limit_moves_units_to_dry_cooling() -> None:
    plan = solve(read_instance(FILE))

    assert plan.verified
    assert plan.units_ordered("cape-town", "wet", 2027) == 2
    assert plan.units_ordered("cape-town", "dry", 2027) == 2
    assert plan.objective_musd == pytest.approx(44.094608)
    assert plan.kpis["water_m3"] == pytest.approx(31_536)
    limit = plan.table("limits").set_index("limit").loc["water"]
    assert (limit["use"], limit["allowed"]) == pytest.approx((31.536, 40 * 365 / 365.25))


def test_without_the_limit_all_are_wet() -> None:
    inst = read_instance(FILE)
    plan = solve(inst.with_changes({"sites.cape-town.water_limit_m3_per_year.remove": True}))

    assert plan.verified
    assert plan.units_ordered("cape-town", "wet", 2027) == 4
    assert plan.objective_musd == pytest.approx(40.189216)
