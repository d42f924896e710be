"""instances/refresh and instances/grid-upgrade: what they show changes the plan, and pays."""

from pathlib import Path

import pytest

from models.build import build_model
from models.checks import find_warnings
from models.instance import Instance
from optimizer import Plan, compare, read_instance, solve
from optimizer.cli.show import plan_in_words
from optimizer.compiling import compile_model
from optimizer.starts import decisions_of, hint_of

INSTANCES = Path(__file__).parent.parent / "instances"
UPGRADES = ("line", "transformer", "lulea-line")


def checked(inst: Instance) -> Plan:
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.verified
    return plan


def cost(plan: Plan) -> float:
    assert plan.objective_musd is not None
    return plan.objective_musd


@pytest.fixture(scope="module")
def refresh() -> Instance:
    return read_instance(INSTANCES / "refresh" / "instance.yaml")


@pytest.fixture(scope="module")
def upgrade() -> Instance:
    return read_instance(INSTANCES / "grid-upgrade" / "instance.yaml")


def test_they_have_no_warnings(refresh: Instance, upgrade: Instance) -> None:
    assert find_warnings(refresh) == find_warnings(upgrade) == []


def test_leaving_early_pays(refresh: Instance) -> None:
    free = checked(refresh)
    bound = checked(refresh.with_changes({"unit_types.module-1.early_retirement": False}))

    assert cost(free) < 0.8 * cost(bound)
    assert free.kpis["units_retired"] == free.table("retirements")["units"].sum() > 0
    assert bound.table("retirements").empty
    # Old ones make room for new ones at once: the connection is never more than full.
    power = free.table("power")
    assert (power["meter_mw"] <= power["limit_mw"] + 1e-6).all()
    new = free.table("online").query("unit_type == 'module-2' and period == '2028-07'")
    assert new["units"].sum() > 0
    # The shell outlives both: no hall is built.
    assert free.costs_musd["hall_capex"] == 0


def test_comparing_says_who_leaves_and_what_is_upgraded(
    refresh: Instance, upgrade: Instance
) -> None:
    bound = checked(refresh.with_changes({"unit_types.module-1.early_retirement": False}))
    words = compare(bound, checked(refresh)).in_words()
    assert "4 units of module-1 leaving early" in words

    changes = {f"grid_upgrades.{name}.remove": True for name in UPGRADES}
    without = checked(upgrade.with_changes(changes))
    found = compare(checked(upgrade), without)
    assert "grid upgrade lulea-line" in found.in_words()
    assert "no longer ordered" in found.in_words()
    steps = found.waterfall.set_index("term")["change_musd"]
    assert steps["grid_upgrade"] < 0


def test_what_leaving_costs_is_paid(refresh: Instance) -> None:
    plan = checked(refresh)
    cash = plan.table("cash").query("term == 'retirement'")

    # 0.5 for taking one out, less 0.08 · 25 for the scrap.
    assert cash["musd"].sum() == pytest.approx(-1.5 * plan.kpis["units_retired"])
    assert set(cash["period"]) == set(plan.table("retirements")["period"])


def test_upgrades_pay_and_come_after_their_lead_time(upgrade: Instance) -> None:
    plan = checked(upgrade)
    changes = {f"grid_upgrades.{name}.remove": True for name in UPGRADES}
    without = checked(upgrade.with_changes(changes))

    assert cost(plan) < cost(without)
    bought = plan.table("grid_upgrades")
    assert list(bought["upgrade"]) == ["transformer", "lulea-line"]
    assert without.table("grid_upgrades").empty
    paid = plan.table("cash").query("term == 'grid_upgrade'")
    assert paid["musd"].sum() == pytest.approx(4 + 15)
    assert set(paid["pool"]) == {"nordic"}

    limit = plan.table("limits").query("limit == 'site_power' and at == 'lulea'")
    allowed = limit.set_index("period")["allowed"].to_dict()
    order = bought.set_index("upgrade")["period"]["lulea-line"]
    periods = list(upgrade.periods)
    energised = periods[periods.index(order) + 4]
    assert allowed[energised] == 22
    assert allowed[periods[periods.index(energised) - 1]] == 2
    assert plan.kpis["grid_mw_end"] == 12 + 22


def test_an_earlier_line_costs_no_more(upgrade: Instance) -> None:
    """What a year earlier is worth follows from the same fields."""
    sooner = upgrade.with_changes({"grid_upgrades.lulea-line.lead_months": 12})

    assert cost(checked(sooner)) < cost(checked(upgrade))


@pytest.mark.parametrize("name", ["refresh", "grid-upgrade"])
def test_a_known_plan_can_be_started_from(name: str) -> None:
    inst = read_instance(INSTANCES / name / "instance.yaml")
    plan = checked(inst)
    compiled = compile_model(build_model(inst, merge=True), inst)
    hint = hint_of(compiled, decisions_of(plan))
    assert hint is not None
    known: dict[str, float] = {}
    for variable, value in zip(compiled.variables, hint, strict=True):
        family = variable.parent_component().local_name
        known[family] = known.get(family, 0.0) + value
    retired = plan.kpis["units_retired"]
    assert known.get("retire", 0.0) == known.get("retired", 0.0) == retired
    assert known.get("grid_upgrade", 0.0) == len(plan.table("grid_upgrades"))

    again = solve(inst, start=plan)

    assert cost(again) <= cost(plan) + 1e-6


def test_what_is_printed(refresh: Instance, upgrade: Instance) -> None:
    told = plan_in_words(refresh, checked(refresh))
    assert "Units that leave early" in told
    assert "retirement" in told
    assert "Grid upgrades" not in told
    assert "grid upgrade  " not in told

    plan = checked(upgrade)
    told = plan_in_words(upgrade, plan)
    assert "Grid upgrades" in told
    assert "Units that leave early" not in told
    worth = -plan.costs_musd["end_value"]
    assert f"{worth / cost(plan):.1%}".replace("%", " % of the cost") in " ".join(told.split())
    assert "end value of halls" in told

    off = upgrade.with_changes({"finance.end_of_horizon_value": "none"})
    told = plan_in_words(off, checked(off))
    assert "of which" not in told
    assert "end value" not in told


def test_the_plan_says_what_is_paid_and_what_is_promised(upgrade: Instance) -> None:
    plan = checked(upgrade)
    kpis, worth = plan.kpis, -plan.costs_musd["end_value"]

    assert kpis["end_value_units_musd"] + kpis["end_value_halls_musd"] == pytest.approx(worth)
    assert min(kpis["end_value_units_musd"], kpis["end_value_halls_musd"]) > 0
    assert kpis["objective_without_end_value_musd"] == pytest.approx(cost(plan) + worth)

    off = checked(upgrade.with_changes({"finance.end_of_horizon_value": "none"}))
    assert off.kpis["end_value_units_musd"] == off.kpis["end_value_halls_musd"] == 0
    assert off.kpis["objective_without_end_value_musd"] == pytest.approx(cost(off))
