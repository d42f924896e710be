"""What the last plan ordered, in today's instance: what stands, what is on its way, what is due."""

from datetime import date
from typing import Any

import pytest

from models.instance import Instance
from optimizer import Plan, PlanError, solve
from optimizer.replan.changed import changed_inputs
from optimizer.replan.reverting import as_changes, reverted
from optimizer.replan.standing import bound
from tests.small import demands, tiny, years

HALF = {0: 0.5, 12: 0.5}
"""Half with the order, half a year later."""


def ahead(**changes: Any) -> Instance:
    """Oslo without halls and power for a unit: in 2027 a hall (20 MUSD, two years on its way), an
    upgrade (7) and a unit (40, half of it a year later) must be ordered to serve in 2029."""
    oslo = {
        "grid_mw": 0,
        "initial_hall_mw": 0,
        "hall_lead_months": 24,
        "hall_payments": {12: 1.0},
        "unit_lead_months": 24,
    }
    return tiny(
        horizon=changes.pop("horizon", years(3)),
        sites={"oslo": oslo | changes.pop("oslo", {})},
        grid_upgrades={"line": {"site": "oslo", "added_mw": 5, "cost_musd": 7, "lead_months": 24}},
        unit_types={"gen1": {"payments": HALF} | changes.pop("gen1", {})},
        budget={"pools": {"world": {"grants": {"2027": 100, "2028": 50, "2029": 50}}}},
        demand=demands(
            ("norway", "public", 2027, 0), ("norway", "public", 2029, changes.pop("asked", 10))
        ),
        **changes,
    )


@pytest.fixture(scope="module")
def last() -> Plan:
    plan = solve(ahead())
    assert plan.units_ordered("oslo", "gen1", 2027) == 1
    assert plan.objective_musd == pytest.approx(40 + 20 + 7)
    return plan


LATER = {"start": 2028, "months": 12, "count": 2}


def test_orders_of_passed_periods_are_on_their_way(last: Plan) -> None:
    now = bound(last, ahead(), ahead(horizon=LATER), date(2028, 1, 1))
    oslo = now.instance.sites["oslo"]
    assert oslo.initial_hall_mw[date(2029, 1, 1)] == 4
    assert now.instance.grid_mw("oslo", "2028") == 0
    assert now.instance.grid_mw("oslo", "2029") == 5
    assert not now.instance.grid_upgrades
    (units,) = now.instance.initial_units
    assert (units.units, units.in_service) == (1, date(2029, 1, 1))
    # Half of the unit and all of the hall fall due in 2028.
    assert now.passed_musd == pytest.approx(20 + 20)
    assert now.instance.budget.pools["world"].grants[date(2028, 1, 1)] == pytest.approx(10)
    paid = {row.what: (row.paid_musd, row.due_musd) for row in now.placed.itertuples()}
    assert paid == {"units": (20, 20), "halls": (0, 20), "upgrade": (7, 0)}
    # All is there: the plan from 2028 on orders nothing, and serves all.
    plan = solve(now.instance)
    assert plan.verified
    assert plan.objective_musd == pytest.approx(0)
    assert plan.table("halls").query("period == '2029'")["hall_mw"].tolist() == [4]


def test_what_the_instance_tells_itself_is_not_added(last: Plan) -> None:
    row = {"site": "oslo", "unit_type": "gen1", "in_service": "2029-01-01", "units": 1}
    oslo = {"initial_hall_mw": {"2029": 4}, "grid_mw": {"2029": 5}}
    told = ahead(horizon=LATER, initial_units=[row], oslo=oslo)
    told = told.with_changes({"grid_upgrades.line.remove": True})
    now = bound(last, ahead(), told, date(2028, 1, 1))
    assert now.instance.initial_units == told.initial_units
    assert now.instance.sites["oslo"].initial_hall_mw == told.sites["oslo"].initial_hall_mw
    assert now.instance.grid_mw("oslo", "2029") == 5
    assert sum("the instance tells what stands there" in note for note in now.notes) == 2
    assert sum("no longer for sale" in note for note in now.notes) == 1


def test_pools_that_cannot_pay_what_is_due_are_named(last: Plan) -> None:
    poor = ahead(horizon=LATER).with_changes({"budget.pools.world.grants": {"2028": 15}})
    with pytest.raises(PlanError, match="due in 2028, and the pool world is 25 MUSD short"):
        bound(last, ahead(), poor, date(2028, 1, 1))


def test_orders_cost_what_was_agreed(last: Plan) -> None:
    # The unit now costs 60, and is paid at once; 20 in 2027 and 20 in 2028 were agreed.
    dearer = ahead(gen1={"capex_musd": 60, "payments": {0: 1.0}})
    now = bound(last, ahead(), dearer, date(2028, 1, 1))
    assert now.agreed_musd == pytest.approx(40 - 60)
    grants = now.instance.budget.pools["world"].grants
    assert grants[date(2027, 1, 1)] == pytest.approx(100 + 60 - 20)
    assert grants[date(2028, 1, 1)] == pytest.approx(50 - 20)
    assert now.instance.committed["oslo", "units", "gen1", "2027"] == 1
    assert now.instance.frozen_periods == ("2027",)


def test_inputs_go_back_by_themselves_and_all_together() -> None:
    before = ahead()
    changes = {
        "sites.oslo.grid_mw": {"2028": 1},
        "sites.oslo.energy_price_usd_per_mwh": 7,
        "demand.scale": 2,
        "regions.add": {"sweden": {"jurisdiction": "NO", "lat": 60, "lon": 15}},
        "demand.add": demands(("sweden", "public", 2027, 3)),
    }
    now = before.with_changes(changes)
    inputs = changed_inputs(before, now)
    assert [one.name for one in inputs] == [
        "sites.oslo.grid_mw",
        "sites.oslo.energy_price_usd_per_mwh",
        "regions.sweden",
        "demand.norway.chat",
    ]
    keys = [key for one in inputs for key in one.keys]
    assert reverted(now, before, keys) == before
    # The new region goes with its demand.
    without = reverted(now, before, inputs[2].keys)
    assert list(without.streams) == ["norway/chat/public"]
    assert without.demand_mtok_s["norway/chat/public", "2029"] == 20
    back = reverted(now, before, inputs[0].keys)
    assert back.sites["oslo"].grid_mw == before.sites["oslo"].grid_mw
    assert now.with_changes(as_changes(now, back)) == back
    assert [one.name for one in changed_inputs(before, now, 2)] == [
        "sites",
        "regions.sweden",
        "demand.norway.chat",
    ]
