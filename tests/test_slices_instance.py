"""instances/slices: the plan is the one worked out by hand in the file, and slices change it."""

from pathlib import Path
from typing import Any

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer import compare, read_plan, solve, verify
from optimizer.cli.show import plan_in_words
from optimizer.instance_io import read_instance
from optimizer.plan.plan import Plan

FILE = Path(__file__).parents[1] / "instances" / "slices" / "instance.yaml"
SLICES = ["utc-00", "utc-08", "utc-16"]


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(FILE)


@pytest.fixture(scope="module")
def plan(inst: Instance) -> Plan:
    return checked(inst)


def checked(inst: Instance) -> Plan:
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.verified
    return plan


def by_slice(plan: Plan, table: str, column: str, **where: str) -> list[float]:
    """The sums of a table's column in each slice, of the rows chosen."""
    frame = plan.table(table)
    for name, value in where.items():
        frame = frame[frame[name] == value]
    sums = frame.groupby("slice")[column].sum()
    return [float(sums.get(x, 0.0)) for x in SLICES]


def test_nothing_is_odd(inst: Instance) -> None:
    assert find_warnings(inst) == []


def test_notebooks_show_the_slices(inst: Instance, plan: Plan) -> None:
    assert "slices of the day: utc-00, utc-08, utc-16;" in inst._repr_html_()
    assert "75.2 MUSD" in plan._repr_html_()


def test_what_is_asked_for(inst: Instance) -> None:
    asked = {
        j: [inst.demand_mtok_s[j, f"2027/{x}"] for x in SLICES]
        for j in ("singapore/chat/public", "california/chat/public", "california/training/public")
    }

    assert list(asked.values()) == [[16, 4, 4], [4, 4, 16], [3, 3, 3]]


def test_what_is_built_and_what_it_costs(plan: Plan) -> None:
    assert plan.table("orders").values.tolist() == [
        ["singapore", "module", "2027", 3],
        ["california", "module", "2027", 3],
    ]
    assert plan.costs_musd["unit_capex"] == pytest.approx(72)
    assert plan.costs_musd["energy"] == pytest.approx(0.69642 + 2.47908)
    assert plan.objective_musd == pytest.approx(75.1755)


def test_work_follows_the_night(plan: Plan) -> None:
    assert by_slice(plan, "runs", "units", site="singapore") == pytest.approx([2, 3, 3])
    assert by_slice(plan, "runs", "units", site="california") == pytest.approx([3, 3, 2.5])
    assert by_slice(plan, "flows", "mtok_s", workload="chat") == pytest.approx([20, 8, 20])
    assert by_slice(plan, "flows", "mtok_s", workload="training") == pytest.approx([0, 8, 1])


def test_figures_count_the_hours_of_slices(plan: Plan) -> None:
    # In the mean of the day 16 + 3 Mtok/s for 31.536 million s.
    assert plan.kpis["served_ttok"] == pytest.approx(19 * 31.536)
    assert plan.kpis["demand_ttok"] == pytest.approx(19 * 31.536)
    # 18 unit-slices in service, 16.5 at work: 2.92 thousand h · 1.25 MW · (0.2 · 18 + 0.8 · 16.5).
    assert plan.kpis["energy_gwh"] == pytest.approx(2.92 * 1.25 * (0.2 * 18 + 0.8 * 16.5))
    limits = plan.table("limits").set_index(["limit", "at"])
    assert limits.loc[("demand", "chat"), "use"] == pytest.approx(16)
    assert limits.loc[("demand", "training"), "allowed"] == pytest.approx(3)


@pytest.mark.parametrize(
    ("changes", "units"),
    [
        ({"workloads.training.deferrable_share": 0}, 7),
        (
            {
                "sites.*.energy_price_factor": {},
                "workloads.chat.daily_profile": [],
                "workloads.chat.peak_factor": 2,
                "workloads.training.deferrable_share": 0,
                "slices": {},
            },
            10,
        ),
    ],
    ids=["training cannot wait", "a factor in place of slices"],
)
def test_without_them_more_units_are_needed(
    inst: Instance, plan: Plan, changes: dict[str, Any], units: int
) -> None:
    other = checked(inst.with_changes(changes))

    assert plan.kpis["units_ordered"] == 6
    assert other.kpis["units_ordered"] == units
    assert other.objective_musd > plan.objective_musd


def test_the_slice_is_all_where_there_are_none(inst: Instance) -> None:
    changes = {"sites.*.energy_price_factor": {}, "slices": {}}
    other = checked(inst.with_changes(changes))

    for table in ("runs", "flows", "shortfall"):
        assert set(other.table(table)["slice"]) <= {"all"}


def test_a_comparison_weighs_slices_by_their_hours(inst: Instance, plan: Plan) -> None:
    other = checked(inst.with_changes({"workloads.training.deferrable_share": 0}))
    service = compare(plan, other).service.set_index("workload")

    assert service.loc["training", "served_before"] == pytest.approx(3 * 31.536)
    assert service.loc["training", "served_after"] == pytest.approx(3 * 31.536)


def test_the_printed_plan_tells_the_day(inst: Instance, plan: Plan) -> None:
    text = plan_in_words(inst, plan)

    day = text[text.index("Through the day") :].splitlines()[2:8]
    assert [line.split() for line in day] == [
        ["utc-00", "00–08", "chat", "20.0", "20.0", "0"],
        ["training", "3.00", "0", "0"],
        ["utc-08", "08–16", "chat", "8.00", "8.00", "0"],
        ["training", "3.00", "8.00", "0"],
        ["utc-16", "16–24", "chat", "20.0", "20.0", "0"],
        ["training", "3.00", "1.00", "0"],
    ]


def test_files_of_a_plan_are_verified_and_compared(
    inst: Instance, plan: Plan, tmp_path: Path
) -> None:
    folder = plan.save(tmp_path / "plan")
    found = compare(folder, plan)

    assert verify(inst, read_plan(folder)).passed
    assert found.difference_musd == pytest.approx(0)
    assert found.waterfall["data_musd"].abs().max() == pytest.approx(0)
