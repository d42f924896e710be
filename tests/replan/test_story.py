"""instances/two-quarters: what moved since last quarter, and which changed input caused it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from optimizer import Plan, PlanError, Replan, read_instance, read_plan, replan, solve, verify
from optimizer.replan.standing import bound

STORY = Path(__file__).parents[2] / "instances" / "two-quarters"
DEMAND, GRID = "demand.nordics.chat", "sites.oslo.grid_mw"


@pytest.fixture(scope="module")
def last() -> Plan:
    return solve(read_instance(STORY / "last-quarter"))


@pytest.fixture(scope="module")
def found(last: Plan) -> Replan:
    return replan(last, read_instance(STORY), as_of="2027-04", workers=1)


def rows(table: pd.DataFrame, *columns: str) -> Iterator[tuple[object, ...]]:
    return table[list(columns)].itertuples(index=False, name=None)


def test_the_last_plan_is_the_one_of_the_story(last: Plan) -> None:
    # 6 modules · 30 + 0.1 · (2 · 365 + 275 + 2 · 184 + 92) days
    assert last.objective_musd == pytest.approx(180 + 146.5)
    placed = last.table("orders")[["period", "units"]].itertuples(index=False, name=None)
    assert list(placed) == [("2027Q1", 2), ("2027Q2", 1), ("2027Q3", 2), ("2027Q4", 1)]


def test_the_new_plan_keeps_what_is_ordered(found: Replan) -> None:
    plan = found.plan
    # Oslo 6 · 30, Lulea 33 + 5 + 0.05 · 184, and 0.1 a day of each module in service
    assert plan.objective_musd == pytest.approx(180 + 33 + 5 + 9.2 + 155.7)
    assert plan.verified
    assert plan.units_ordered("oslo", "module", "2027Q1") == 2
    (placed,) = rows(found.placed, "site", "what", "name", "period", "amount", "paid_musd")
    assert placed == ("oslo", "units", "module", "2027Q1", 2, pytest.approx(60.0))


def test_each_input_is_taken_back_by_itself(found: Replan) -> None:
    effects = dict(rows(found.causes, "input", "effect_musd"))
    # Without the demand 343.7, without the late grid 378.3, with both 382.9.
    assert effects == {DEMAND: pytest.approx(382.9 - 343.7), GRID: pytest.approx(382.9 - 378.3)}
    words = dict(rows(found.causes, "input", "change"))
    assert "6 → 7" in words[DEMAND]
    assert "2027-07-01 6 removed" in words[GRID]


def test_the_steps_add_up_with_the_interaction(found: Replan) -> None:
    steps = list(rows(found.waterfall, "step", "musd"))
    assert steps == [
        ("last plan", pytest.approx(326.5)),
        ("search (gaps of the plans)", pytest.approx(0, abs=1e-6)),
        (DEMAND, pytest.approx(39.2)),
        (GRID, pytest.approx(4.6)),
        # Lulea from October on, which either change makes necessary: 5 + 33 − 30 + 0.05 · 92
        (f"interaction of {DEMAND} and {GRID}", pytest.approx(12.6)),
        ("new plan", pytest.approx(382.9)),
    ]
    assert sum(musd for _, musd in steps[:-1]) == pytest.approx(steps[-1][1])


def test_what_moved_names_the_input_that_moved_it(found: Replan) -> None:
    columns = ("what", "site", "period_before", "period_after", "units", "because")
    assert set(rows(found.moves, *columns)) == {
        # Without the late grid Lulea opens in October, and Oslo has its fifth module in July.
        ("site", "lulea", "", "2027Q3", 1, GRID),
        ("units", "lulea", "", "2027Q3", 1, GRID),
        # Without the demand Oslo has one module fewer in July, and none more in October.
        ("units", "oslo", "2027Q3", "2027Q4", 1, f"{GRID}; {DEMAND}"),
    }


def test_it_is_kept_beside_the_plan(found: Replan, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "new")
    again = read_plan(folder)
    assert again.instance is not None
    assert verify(again.instance, folder).passed
    told = json.loads((folder / "replan" / "replan.json").read_text(encoding="utf-8"))
    assert told["as_of"] == "2027-04-01"
    assert len(told["causes"]) == 2
    assert len(pd.read_csv(folder / "replan" / "moves.csv")) == 3
    found.save(folder)
    assert (folder / "replan" / "waterfall.csv").is_file()
    words = found.in_words()
    assert "sites.oslo.grid_mw: +4.6 MUSD" in words
    assert "moved from 2027Q3 to 2027Q4" in words


def test_nothing_changed_needs_no_explanation(last: Plan) -> None:
    found = replan(last, read_instance(STORY / "last-quarter"), as_of="2027-10", workers=1)
    assert found.plan.objective_musd == pytest.approx(326.5)
    assert found.moves.empty
    assert found.causes.empty
    assert "both plans open and order the same" in found.in_words()


def test_later_orders_have_a_price_where_changes_have_one(last: Plan) -> None:
    own, today, day = read_instance(STORY / "last-quarter"), read_instance(STORY), date(2027, 4, 1)
    # To give up one of Oslo's two modules of July costs a tenth of 30 beside the new plan's 382.9;
    # the module comes back in October as a new order. To have it later instead costs a twentieth.
    dear = solve(bound(last, own, today, day, cancel_share=0.1).instance)
    assert dear.objective_musd == pytest.approx(382.9 + 3)
    assert dear.verified
    cheap = solve(bound(last, own, today, day, cancel_share=0.1, delay_share=0.05).instance)
    assert cheap.objective_musd == pytest.approx(382.9 + 1.5)
    assert cheap.costs_musd["changes"] == pytest.approx(1.5)


def test_a_horizon_that_has_moved_on_keeps_what_stands(last: Plan) -> None:
    # From April on: 382.9 less what January cost, 2 modules · 30 and 0.1 · 2 · 90 days.
    today = read_instance(STORY).with_changes({"horizon.start": "2027-04", "horizon.count": 3})
    found = replan(last, today, workers=1)
    assert found.plan.objective_musd == pytest.approx(382.9 - 60 - 18)
    assert found.plan.instance is not None
    (stands,) = found.plan.instance.initial_units
    assert (stands.site, stands.units, stands.in_service.isoformat()) == ("oslo", 2, "2027-01-01")
    steps = dict(rows(found.waterfall, "step", "musd"))
    assert steps["time that has passed"] == pytest.approx(-78)
    assert steps[GRID] == pytest.approx(4.6)
    assert len(found.moves) == 3


def test_orders_placed_that_no_longer_fit_are_named(last: Plan) -> None:
    today = read_instance(STORY)
    # By October five modules are ordered for Oslo, which has power for four until then.
    with pytest.raises(PlanError, match=r"ordered in 2027Q1: in 2027Q3 .* 5 MW at the meter"):
        replan(last, today, as_of="2027-10")
    late = today.with_changes({"unit_types.module.available_from": "2027-03"})
    with pytest.raises(PlanError, match="2 module at oslo, ordered in 2027Q1: cannot be ordered"):
        replan(last, late, as_of="2027-04", workers=1)
    months = today.with_changes({"horizon.months": 2, "horizon.count": 6})
    with pytest.raises(
        PlanError, match="no period starts on 2027-04-01; the nearest is 2027-05-01"
    ):
        replan(last, months, as_of="2027-07")


def test_what_cannot_be_gone_on_from_is_refused(last: Plan) -> None:
    today = read_instance(STORY)
    with pytest.raises(PlanError, match="give --as-of DATE"):
        replan(last, today)
    with pytest.raises(PlanError, match="'soon' must be a date"):
        replan(last, today, as_of="soon")
    with pytest.raises(PlanError, match=r"has no instance\.json"):
        replan(replace(last, instance=None), today, as_of="2027-04", workers=1)
    with pytest.raises(PlanError, match="there is no plan to go on from"):
        replan(
            replace(last, status="infeasible", objective_musd=None),
            today,
            as_of="2027-04",
            workers=1,
        )
