"""The instances `sovereignty` and `concentration`: what each level and each cap changes."""

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, read_instance, solve
from optimizer.cli.show import plan_in_words


@pytest.fixture(scope="module")
def sovereignty() -> Instance:
    return read_instance("instances/sovereignty")


@pytest.fixture(scope="module")
def plan(sovereignty: Instance) -> Plan:
    return planned(sovereignty)


def planned(inst: Instance) -> Plan:
    plan = solve(inst, gap=0.001, threads=1)
    assert plan.verified
    assert plan.status == "optimal"
    return plan


def cost(plan: Plan) -> float:
    assert plan.objective_musd is not None
    return plan.objective_musd


def test_there_is_nothing_to_warn_of(sovereignty: Instance) -> None:
    assert find_warnings(sovereignty) == []
    assert find_warnings(read_instance("instances/concentration")) == []


def test_each_level_of_sovereignty_costs_something(sovereignty: Instance, plan: Plan) -> None:
    # Gaps are 0.1 %: every difference is larger.
    no_floor = planned(sovereignty.with_changes({"sufficiency": {}}))
    any_supply = planned(
        sovereignty.with_changes({"residency.DE.government.supply_origin": ["ANY"]})
    )
    no_offer = planned(sovereignty.with_changes({"local_control_planes": []}))

    assert cost(no_floor) < 0.995 * cost(plan)
    assert cost(any_supply) < 0.995 * cost(plan)
    assert cost(no_offer) > 1.05 * cost(plan)
    assert "european" in set(plan.table("orders")["unit_type"])
    assert "european" not in set(any_supply.table("orders")["unit_type"])
    # The floor: 60 % of Africa's demand from 2028 on.
    limits = plan.table("limits")
    floor = limits[limits["limit"] == "sufficiency_share"]
    assert list(floor["period"]) == ["2028", "2029", "2030"]
    assert (floor["use"] >= floor["allowed"] - 1e-6).all()


def test_thin_sovereignty_ends_with_the_local_control_plane(
    sovereignty: Instance, plan: Plan
) -> None:
    # Decided in 2027, in use from 2028: until then Kenya's personal data are served thinly.
    raised = plan.table("local_control_planes")
    assert raised.to_dict("records") == [{"site": "nairobi", "period": "2027", "raised": 1}]
    coverage = plan.table("coverage").set_index(["jurisdiction", "data_class", "period"])
    assert coverage.loc[("KE", "personal", "2027"), "thin_share"] == pytest.approx(1)
    assert coverage.loc[("KE", "personal", "2028"), "thin_share"] == 0
    assert coverage.loc[("KE", "government", "2027"), "in_country_share"] == 0
    assert coverage.loc[("KE", "government", "2028"), "in_country_share"] == pytest.approx(1)
    words = plan_in_words(sovereignty, plan)
    assert "Thin sovereignty: served in-country on a foreign control plane" in words
    assert "Local control planes" in words


def test_each_cap_costs_something() -> None:
    inst = read_instance("instances/concentration")
    plan = planned(inst)

    # Standardisation pays: beyond four units of a type.
    dearer = planned(inst.with_changes({"volume_tiers": []}))
    assert cost(dearer) > 1.005 * cost(plan)
    assert plan.table("volume_tiers")["units"].sum() >= 1
    for name in ("operator", "vendor"):
        without = planned(inst.with_changes({f"concentration.{name}.remove": True}))
        assert cost(without) < 0.998 * cost(plan), name
    limits = plan.table("limits")
    caps = limits[limits["limit"].isin(["tokens_share", "it_mw_share"])]
    assert (caps["slack"] >= -1e-6).all()
    assert set(caps["at"]) == {"operator/fjord", "operator/meseta", "vendor/alpha", "vendor/beta"}
    assert "Thin sovereignty" not in plan_in_words(inst, plan)
