"""instances/n-minus-one and instances/reserve: what they show changes the plan."""

from pathlib import Path

import pytest

from models.build import build_model
from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, read_instance, solve
from optimizer.compiling import compile_model
from optimizer.starts import decisions_of, hint_of

INSTANCES = Path(__file__).parent.parent / "instances"


def checked(inst: Instance) -> Plan:
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.verified
    return plan


def cost(plan: Plan) -> float:
    assert plan.objective_musd is not None
    return plan.objective_musd


@pytest.fixture(scope="module")
def lost() -> Instance:
    return read_instance(INSTANCES / "n-minus-one" / "instance.yaml")


@pytest.fixture(scope="module")
def kept() -> Instance:
    return read_instance(INSTANCES / "reserve" / "instance.yaml")


def test_they_have_no_warnings(lost: Instance, kept: Instance) -> None:
    assert find_warnings(lost) == find_warnings(kept) == []


def test_protection_spreads_the_fleet(lost: Instance) -> None:
    safe, bare = checked(lost), checked(lost.with_changes({"protection": []}))

    assert cost(safe) > 1.5 * cost(bare)
    assert set(bare.table("orders")["site"]) == {"nairobi"}
    assert set(safe.table("orders")["site"]) >= {"mombasa", "kigali"}
    table = safe.table("resilience")
    usual = table[table["contingency"] != "blackout"]
    assert usual["share"].tolist() == pytest.approx([0.8] * len(usual))
    assert safe.kpis["worst_share_kept"] == pytest.approx(0.4)
    assert bare.table("resilience").empty
    assert bare.kpis["worst_share_kept"] == 1
    bound = safe.table("limits").query("limit == 'contingency' and binds")
    assert "any-site: nairobi" in set(bound["at"])


def test_a_price_in_place_of_a_promise_is_cheaper(lost: Instance) -> None:
    priced = checked(lost.with_changes({"protection.*.*.*.*.*.price_usd_per_mtok": 0.1}))

    assert cost(priced) < cost(checked(lost))
    assert priced.costs_musd["contingency_shortfall"] > 0
    cash = priced.table("cash").query("term == 'contingency_shortfall'")
    assert cash["discounted_musd"].sum() == pytest.approx(
        priced.costs_musd["contingency_shortfall"]
    )


def test_too_much_is_blamed_on_the_contingency(lost: Instance) -> None:
    """A blackout that leaves only Kigali, with 12 MW, cannot be asked for everything."""
    plan = solve(lost.with_changes({"contingencies.blackout.share": 1, "sites.kigali.grid_mw": 3}))

    assert plan.status == "infeasible"
    blamed = "contingencies.blackout: share protected in the contingency blackout"
    assert any(reason.startswith(blamed) for reason in plan.reasons)


def test_a_reserve_is_shared_by_a_site(kept: Instance) -> None:
    """7 and 2 units with the target, 4 and 4 without."""
    aimed = checked(kept)
    free = checked(kept.with_changes({"workloads.chat.availability_target": None}))

    assert cost(aimed) > cost(free)
    assert sorted(aimed.table("orders")["units"]) == [2, 7]
    assert sorted(free.table("orders")["units"]) == [4, 4]
    assert aimed.kpis["reserve_units_end"] == 3
    assert free.table("reserve").empty
    hint = hint_of(compile_model(build_model(kept), kept), decisions_of(aimed))
    assert hint is not None
    # 9 units; in each of two years the reserve grows at 1 and 3 units at one site, at 1 elsewhere.
    assert hint.sum() == 9 + 2 * 3
