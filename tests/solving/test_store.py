"""Plans on disk: whole or not at all, and read back as they were."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from optimizer import Plan, PlanError, read_instance, read_plan, solve, verify
from optimizer.hashing import instance_sha256
from optimizer.plan import write_plan


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


def test_the_instance_is_read_back_exactly(plan: Plan, tmp_path: Path) -> None:
    for name in ("tiny", "southgate", "six-continents"):
        inst = read_instance(f"instances/{name}")
        made = replace(plan, instance=inst, instance_sha256=instance_sha256(inst))
        again = read_plan(made.save(tmp_path / name)).instance
        assert again == inst
        assert again is not None
        assert instance_sha256(again) == made.instance_sha256


def test_an_instance_of_another_plan_is_refused(plan: Plan, tmp_path: Path) -> None:
    inst = read_instance("instances/tiny")
    folder = replace(plan, instance=inst.with_changes({"name": "other"})).save(tmp_path / "out")
    with pytest.raises(PlanError, match="is not the instance that the plan was made for"):
        _ = read_plan(folder).instance
    found = [violation.message for violation in verify(inst, folder).violations]
    assert found == ["instance.json is not the instance that the plan was made for"]
    (folder / "certificate.json").unlink()
    (folder / "instance.json").write_text("{")
    with pytest.raises(PlanError, match="holds no readable instance"):
        _ = read_plan(folder).instance
    [violation] = verify(inst, folder).violations
    assert "instance.json cannot be read" in violation.message


def test_a_plan_that_does_not_know_its_instance_has_none(plan: Plan, tmp_path: Path) -> None:
    folder = plan.save(tmp_path / "out")
    replace(plan, instance=None).save(folder)
    assert not (folder / "instance.json").exists()
    assert read_plan(folder).instance is None
    assert verify(read_instance("instances/tiny"), folder).passed


def test_a_plan_can_be_kept_without_csv(plan: Plan, tmp_path: Path) -> None:
    folder = write_plan(plan, tmp_path / "out", csv=False)
    assert {file.suffix for file in (folder / "tables").iterdir()} == {".parquet"}
    assert verify(read_instance("instances/tiny"), folder).passed


def test_a_plan_from_disk_can_be_pickled(plan: Plan, tmp_path: Path) -> None:
    again = pickle.loads(pickle.dumps(read_plan(plan.save(tmp_path / "out"))))
    assert again.instance == plan.instance
