"""Plans on disk: whole or not at all, and read back as they were."""

import json
from pathlib import Path

import pandas as pd
import pytest

from optimizer import Plan, PlanError, read_instance, read_plan, solve


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(read_instance("instances/tiny"))


def test_a_plan_is_read_back_as_it_was_written(plan: Plan, tmp_path: Path) -> None:
    folder = plan.save(tmp_path / "out")
    again = read_plan(folder)

    assert again.summary() == plan.summary()
    assert list(again.tables) == sorted(plan.tables)
    for name, table in plan.tables.items():
        pd.testing.assert_frame_equal(again.table(name), table)
        assert len(pd.read_csv(folder / "tables" / f"{name}.csv")) == len(table)


def test_the_summary_has_the_promised_keys(plan: Plan, tmp_path: Path) -> None:
    summary = json.loads((plan.save(tmp_path / "out") / "plan.json").read_text())
    promised = {
        "status", "objective_musd", "bound_musd", "gap", "costs_musd", "kpis", "verified",
        "seconds", "instance_sha256", "versions", "options",
    }  # fmt: skip
    assert promised <= set(summary)
    assert set(summary["seconds"]) == {"read", "build", "solve", "verify", "total"}
    assert set(summary["versions"]) == {"buildplan", "pyomo", "highs", "python"}
    assert sum(summary["costs_musd"].values()) == pytest.approx(summary["objective_musd"])


def test_a_plan_replaces_an_older_plan(plan: Plan, tmp_path: Path) -> None:
    folder = plan.save(tmp_path / "out")
    (folder / "tables" / "stale.csv").write_text("from the older plan")
    (folder / "notes.txt").write_text("by the planner")
    plan.save(folder)
    assert not (folder / "tables" / "stale.csv").exists()
    assert (folder / "notes.txt").read_text() == "by the planner"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_other_folders_are_left_alone(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("keep")
    with pytest.raises(PlanError, match="holds no plan"):
        plan.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_a_failing_write_leaves_nothing(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", full)
    with pytest.raises(PlanError, match="No space left on device"):
        plan.save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_formulas_are_disarmed_in_csv(plan: Plan, tmp_path: Path) -> None:
    from dataclasses import replace

    table = pd.DataFrame({"site": ["=cmd()", "oslo"], "units": [-1, 2]})
    hostile = replace(plan, tables={"orders": table})
    text = (hostile.save(tmp_path / "out") / "tables" / "orders.csv").read_text()
    assert text == "site,units\n'=cmd(),-1\noslo,2\n"


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"status": "optimal"}'])
def test_rubbish_is_no_plan(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "plan.json").write_text(content)
    with pytest.raises(PlanError):
        read_plan(tmp_path)


def test_tables_are_copies_and_unknown_ones_named(plan: Plan) -> None:
    orders = plan.table("orders")
    orders["units"] = 0
    assert (plan.table("orders")["units"] > 0).all()
    with pytest.raises(KeyError, match="there are: openings"):
        plan.table("ordres")
