"""Defects that hostile inputs and second formulations brought to light, each by what went wrong.

Others stand where they belong: studies with sigmas and ranges beyond numbers in
tests/study/definition/broken.txt, lost small streams in tests/solving/test_scaling.py.
"""

import errno
import json
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from benchmarks.trust import differential
from models.instance import Instance
from models.problems import InstanceError
from optimizer import PlanError, read_instance, report, solve
from optimizer.certificate.files import FILE, SEAL, file_hashes, sealed
from optimizer.cli import cli
from optimizer.instance_io import yaml12
from optimizer.values import Values
from optimizer.whole import write_files
from tests.properties.all_by_hand import formulate_all, with_some
from tests.properties.strategies import yearly_instance
from tests.properties.together import possible

TINY = Path(__file__).parents[2] / "instances" / "tiny"


def test_the_monolith_asked_only_once_and_took_a_wrong_optimum_for_right() -> None:
    """HiGHS 1.15.1 with presolve calls 1030.44 MUSD optimal; without it, it finds 1017.99."""
    raw = possible(with_some(yearly_instance(2, 16), 16))
    plan = solve(Instance.model_validate(raw), method="monolith", gap=0.0)

    assert plan.objective_musd == pytest.approx(formulate_all(raw).optimum(), rel=1e-6)


def test_a_share_of_nothing_gave_way_by_a_part_of_nothing() -> None:
    """No unit stands in the first period, whose cap on a share of them may be missed as well."""
    made = differential.DRAWN[947 % len(differential.DRAWN)](947)
    assert made is not None
    plan = solve(made[0], method="monolith", gap=0.0)

    assert plan.status == "infeasible"
    assert plan.reasons


def test_a_late_unit_had_left_before_it_came(tmp_path: Path) -> None:
    """The decomposition let it leave where the model does not: it was among no state's units."""
    assert not differential.attempt(1775, tmp_path).bad


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A plan with a unit type that there is not, and a certificate that was made to fit."""
    folder = solve(read_instance(TINY)).save(tmp_path / "plan")
    file = folder / "tables" / "online.parquet"
    frame = pd.read_parquet(file)
    frame.loc[0, "unit_type"] = "ANY"
    frame.to_parquet(file, index=False)
    told = json.loads((folder / FILE).read_text())
    del told[SEAL]
    (folder / FILE).write_text(json.dumps(sealed(told | {"files": file_hashes(folder)})))
    return folder


def test_a_report_of_a_plan_changed_with_its_certificate_was_an_internal_error(
    spoilt: Path,
) -> None:
    with pytest.raises(PlanError, match=r"cannot be relied on: .*'ANY'"):
        report(spoilt)
    assert not (spoilt / "report.html").exists()


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_under_a_report_was_called_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = solve(read_instance(TINY)).save(tmp_path / "plan")
    monkeypatch.setattr(sys.modules["optimizer.report.report"], "write_whole", full)
    done = CliRunner().invoke(cli, ["report", str(folder)])

    assert done.exit_code == 4
    page = folder / "report.html"
    assert done.stderr == f"no report can be written to {page}: No space left on device\n"


def test_a_full_disk_left_half_a_table_of_values_over_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = solve(read_instance(TINY))
    older = Values(plan, pd.DataFrame({"lever": ["a"]}), {}).save(tmp_path)
    before = {file.name: file.read_bytes() for file in older.iterdir()}
    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(PlanError, match="No space left on device"):
        Values(plan, pd.DataFrame({"lever": ["b"]}), {}).save(tmp_path)

    assert {file.name: file.read_bytes() for file in older.iterdir()} == before


def test_a_full_disk_left_half_of_the_pictures(tmp_path: Path) -> None:
    (tmp_path / "map.svg").write_bytes(b"older")

    def fill(part: Path) -> None:
        (part / "map.svg").write_bytes(b"newer")
        full()

    with pytest.raises(OSError, match="No space left"):
        write_files(tmp_path, fill)
    assert [file.name for file in tmp_path.iterdir()] == ["map.svg"]
    assert (tmp_path / "map.svg").read_bytes() == b"older"


def test_a_full_disk_under_a_starter_was_called_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "write_text", full)
    done = CliRunner().invoke(cli, ["init", str(tmp_path / "new")])

    assert (done.exit_code, done.stderr) == (4, "No space left on device\n")
    assert not (tmp_path / "new").exists()


def test_a_report_of_scenarios_whose_table_lost_them_was_an_internal_error(tmp_path: Path) -> None:
    plan = solve(read_instance(TINY.parent / "uncertain-demand"), gap=0.5)
    tables = {**plan.tables, "orders": plan.tables["orders"].drop(columns="scenario")}
    with pytest.raises(PlanError, match="cannot be relied on"):
        report(replace(plan, tables=tables), tmp_path / "page.html")


def test_a_floor_beside_a_workload_that_is_not_valid_was_an_internal_error(tmp_path: Path) -> None:
    text = (TINY.parent / "soft-limits" / "instance.yaml").read_text(encoding="utf-8")
    raw = yaml12.read(text).data
    raw["workloads"]["inference"] = {"fan_out": "many"}
    for site in raw["sites"].values():
        site["jurisdiction"] = "NO"
    file = tmp_path / "instance.yaml"
    file.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(InstanceError, match="fan_out"):
        read_instance(file)
