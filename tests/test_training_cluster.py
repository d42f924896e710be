"""instances/training-cluster: the block and the network change the plan."""

from pathlib import Path

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, compare, read_instance, solve
from optimizer.cli.show import plan_in_words
from optimizer.plan.html import plan_html

FILE = Path(__file__).parent.parent / "instances" / "training-cluster" / "instance.yaml"


def checked(inst: Instance, start: Plan | None = None) -> Plan:
    plan = solve(inst, gap=0.005, start=start)
    assert plan.violations == ()
    assert plan.verified
    return plan


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(FILE)


@pytest.fixture(scope="module")
def plan(inst: Instance) -> Plan:
    return checked(inst)


def trained(plan: Plan) -> set[tuple[str, str]]:
    """The sites and periods with training."""
    runs = plan.table("runs").query("workload == 'training'")
    return set(runs[["site", "period"]].itertuples(index=False, name=None))


def test_it_has_no_warnings(inst: Instance) -> None:
    assert find_warnings(inst) == []


def test_training_stands_in_blocks(inst: Instance, plan: Plan) -> None:
    online = plan.table("online").set_index(["site", "period"])["units"].to_dict()
    assert min(online[place] for place in trained(plan)) >= 12
    clusters = plan.table("clusters")
    assert (clusters["units"] < 32).all()
    assert not plan.table("limits").query("limit == 'cluster'").empty


def test_without_the_block_training_starts_in_smaller_ones(inst: Instance, plan: Plan) -> None:
    free = checked(inst.with_changes({"workloads.training.cluster.remove": True}))

    online = free.table("online").set_index(["site", "period"])["units"].to_dict()
    assert min(online[place] for place in trained(free)) < 12
    assert free.objective_musd is not None
    assert plan.bound_musd is not None
    assert free.objective_musd < plan.bound_musd
    assert free.table("clusters").empty


def test_the_network_is_bought_and_pays(inst: Instance, plan: Plan) -> None:
    bought = plan.table("network_options")
    assert bought[["site", "option"]].to_numpy().tolist() == [["lulea", "photonic"]]
    assert plan.costs_musd["network_option"] > 0
    assert set(plan.table("clusters").query("site == 'lulea'")["option"]) == {"photonic"}
    without = checked(inst.with_changes({"network_options.photonic.remove": True}))
    assert without.table("network_options").empty
    assert plan.objective_musd is not None
    assert without.bound_musd is not None
    assert plan.objective_musd < without.bound_musd
    found = compare(without, plan).moves
    assert ("network", "lulea", "photonic") in set(
        found[["what", "site", "unit_type"]].itertuples(index=False, name=None)
    )


def test_a_network_that_comes_later_costs_more(inst: Instance, plan: Plan) -> None:
    later = checked(inst.with_changes({"network_options.photonic.cost_musd": 1000}))

    assert later.table("network_options").empty


def test_it_is_shown(inst: Instance, plan: Plan) -> None:
    words = plan_in_words(inst, plan)

    assert "Clusters, as they stand last" in words
    assert "network photonic" in words
    assert "network option" in words
    assert "network photonic" in plan_html(plan)
