"""Two runs on one folder: of the same study, and of different ones."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.errors import PlanError
from optimizer.hashing import instance_sha256
from optimizer.study.folder import StudyFolder
from optimizer.study.results import results_table
from optimizer.study.run import run_study
from tests.small import tiny
from tests.study.faults import drills
from tests.study.faults.conftest import Coordinator


def solved_by(process: "subprocess.Popen[str]") -> list[str]:
    output, errors = process.communicate()
    assert errors == ""
    lines = output.splitlines()
    assert lines[-1] == "end"
    assert sum(line.startswith("result ") for line in lines) == 8
    return [line.split()[1] for line in lines if line.startswith("solved ")]


def test_two_runs_at_once_share_the_work(
    tmp_path: Path, coordinate: Coordinator, small_results: dict[str, bytes]
) -> None:
    processes = [coordinate("small", 8, tmp_path) for _ in range(2)]
    solved = [key for process in processes for key in solved_by(process)]

    assert sorted(solved) == sorted(drills.finished(tmp_path))
    assert len(solved) == 8
    assert drills.tables(tmp_path) == small_results
    assert drills.leftovers(tmp_path) == []


@pytest.mark.slow
def test_a_run_takes_over_what_a_killed_one_had_in_work(
    tmp_path: Path, mark: str, coordinate: Coordinator, small_results: dict[str, bytes]
) -> None:
    one, other = (coordinate("small", 8, tmp_path) for _ in range(2))
    assert one.stdout is not None
    one.stdout.readline()
    one.kill()
    solved_by(other)

    assert len(drills.finished(tmp_path)) == 8
    assert drills.tables(tmp_path) == small_results
    assert drills.all_gone(mark)
    drills.run(drills.small_study(), tmp_path)
    assert drills.leftovers(tmp_path) == []


def test_a_folder_in_which_a_run_has_just_begun_is_taken_over(tmp_path: Path) -> None:
    """Between the base instance and the study, another run came, or the first was killed."""
    study = drills.small_study(1)
    drills.run(study, tmp_path / "whole", workers=1)
    begun = tmp_path / "begun"
    begun.mkdir()
    (begun / "instance.json").write_bytes((tmp_path / "whole" / "instance.json").read_bytes())
    (begun / ".study.json-x1").write_text("{", encoding="utf-8")
    drills.run(study, begun, workers=1)
    assert drills.tables(begun) == drills.tables(tmp_path / "whole")


def test_another_instance_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "instance.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PlanError, match="is not empty and holds no study"):
        drills.run(drills.small_study(1), tmp_path, workers=1)
    assert (tmp_path / "instance.json").read_text(encoding="utf-8") == "{}"


def test_a_folder_of_another_study_is_refused(tmp_path: Path) -> None:
    drills.run(drills.small_study(1), tmp_path, workers=1)
    before = drills.tables(tmp_path)
    other = replace(drills.small_study(2), name="other")
    with pytest.raises(PlanError, match="holds the study 'drill'; name another folder for 'other'"):
        run_study(other, out=tmp_path, workers=1)
    assert drills.tables(tmp_path) == before


def test_a_newer_version_takes_the_folder_over_and_uses_what_fits(tmp_path: Path) -> None:
    drills.run(drills.small_study(3), tmp_path)
    before = drills.finished(tmp_path)
    other = drills.study_of(
        tiny(), {"kept": {"demand.scale": 0.6}, "new": {"demand.scale": 2.0}, "base": {}}
    )
    run = run_study(other, out=tmp_path, workers=1)

    assert next(run).case.name == "kept", "what is finished comes first"
    assert list(run.table("cases")["case"]) == ["kept", "new", "base"]
    assert [case.name for case in StudyFolder(tmp_path).study.cases] == ["kept", "new", "base"]
    assert drills.finished(tmp_path).items() > before.items()
    assert len(drills.finished(tmp_path)) == 5


@pytest.mark.slow
def test_a_study_of_another_base_does_not_mislead_the_workers(tmp_path: Path, mark: str) -> None:
    first = run_study(drills.small_study(4), out=tmp_path, workers=1)
    next(first)
    other = tiny().with_changes({"sites.oslo.grid_mw": 20})
    drills.run(drills.study_of(other, {"base": {}}), tmp_path, workers=1)
    for pid in drills.processes(mark, drills.WORKER):
        drills.kill(pid)

    wanted = {c.name: instance_sha256(first.study.instance(c)) for c in first.study.cases}
    later = {one.case.name: one.summary["instance_sha256"] for one in first}
    assert len(later) == 3
    assert later.items() <= wanted.items()
    assert len(results_table(tmp_path, "cases")) == 4
