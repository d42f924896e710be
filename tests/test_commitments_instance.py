"""instances/commitments: what stands changes the plan; and commitments taken from a plan."""

from pathlib import Path

import pytest

from models.checks import find_warnings
from models.instance import Instance
from models.problems import InstanceError
from optimizer import Plan, commitments_from, compare, read_instance, solve
from optimizer.cli.show import plan_in_words

FOLDER = Path(__file__).parent.parent / "instances" / "commitments"


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(FOLDER)


def checked(inst: Instance) -> Plan:
    plan = solve(inst)
    assert plan.violations == ()
    return plan


def cost(plan: Plan) -> float:
    assert plan.objective_musd is not None
    return plan.objective_musd


def test_the_table_of_a_plan_is_read_as_it_is(inst: Instance, tmp_path: Path) -> None:
    assert find_warnings(inst) == []
    assert inst.committed["lulea", "units", "module-1", "2028-01"] == 6

    free = checked(inst.with_changes({"commitments.remove": True}))
    free.save(tmp_path / "plan")
    table = tmp_path / "plan" / "tables" / "orders.csv"
    folder = tmp_path / "next"
    folder.mkdir()
    text = (FOLDER / "instance.yaml").read_text(encoding="utf-8")
    (folder / "instance.yaml").write_text(text, encoding="utf-8")
    (folder / "orders.csv").write_bytes(table.read_bytes())
    units = sum(n for key, n in read_instance(folder).committed.items() if key[1] == "units")
    assert units == free.kpis["units_ordered"]


def test_a_mistake_in_the_table_is_found_on_its_line(tmp_path: Path) -> None:
    text = (FOLDER / "instance.yaml").read_text(encoding="utf-8")
    (tmp_path / "instance.yaml").write_text(text, encoding="utf-8")
    rows = (FOLDER / "orders.csv").read_text(encoding="utf-8")
    (tmp_path / "orders.csv").write_text(
        rows.replace("lulea,module-1,2028-01,6", "lulea,module-2,2028-01,6").replace("7,2", "7,x"),
        encoding="utf-8",
    )
    with pytest.raises(InstanceError) as caught:
        read_instance(tmp_path)
    assert "orders.csv:3" in str(caught.value)

    (tmp_path / "orders.csv").write_text(
        rows.replace("lulea,module-1,2028-01,6", "lulea,module-2,2028-01,6"), encoding="utf-8"
    )
    with pytest.raises(InstanceError) as caught:
        read_instance(tmp_path)
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line) == ("orders.csv", 5)
    assert "cannot be ordered in 2028-01: 'module-2' is not for sale then" in problem.message


def test_commitments_change_the_plan(inst: Instance) -> None:
    plan = checked(inst)
    free = checked(inst.with_changes({"commitments.remove": True}))
    firm = checked(
        inst.with_changes(
            {f"commitments.{kind}_share.remove": True for kind in ("cancel", "delay")}
        )
    )

    assert cost(free) < cost(plan) < cost(firm)
    told = plan.table("commitments")[["kept", "cancelled", "delayed"]].sum()
    assert told.min() > 0
    assert firm.table("commitments")["kept"].sum() == 16
    assert free.table("commitments").empty
    assert plan.costs_musd["changes"] > firm.costs_musd["changes"] == 0

    words = plan_in_words(inst, plan)
    assert "Commitments that change" in words
    assert "Commitments" not in plan_in_words(inst, firm).replace("Commitments\n", "", 1)
    assert "changes" in compare(firm, plan).in_words()


def test_a_plan_becomes_the_next_ones_commitments(inst: Instance) -> None:
    free = inst.with_changes({"commitments.remove": True})
    plan = checked(free)
    bound = free.with_changes(commitments_from(plan, until="2028-07"))
    again = checked(bound)

    assert cost(again) == pytest.approx(cost(plan), rel=2e-3)
    less = checked(bound.with_changes({"demand.scale": 0.6}))
    early = ["2027-01", "2027-07", "2028-01"]
    for table in ("openings", "orders"):
        before, after = (one.table(table) for one in (plan, less))
        assert before[before["period"].isin(early)].equals(after[after["period"].isin(early)])
    # What is frozen cannot be given up, so less demand cannot cost less than with free hands.
    assert cost(checked(free.with_changes({"demand.scale": 0.6}))) <= cost(less) * 1.001
    with pytest.raises(ValueError, match="must be a date"):
        commitments_from(plan, until="soon")


def test_a_known_plan_can_be_started_from(inst: Instance) -> None:
    plan = checked(inst)

    assert cost(solve(inst, start=plan)) <= cost(plan) + 1e-6
