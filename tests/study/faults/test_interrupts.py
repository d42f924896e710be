"""Ctrl-C and a run that is abandoned: what is finished is in the tables, the rest waits."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.study.results import results_table
from optimizer.study.run import run_study
from tests.study.faults import drills
from tests.study.faults.conftest import Coordinator


def statuses(folder: Path) -> list[str]:
    return list(results_table(folder, "cases")["status"])


def test_ctrl_c_keeps_what_is_finished(
    tmp_path: Path, mark: str, coordinate: Coordinator, small_results: dict[str, bytes]
) -> None:
    process = coordinate("small", 8, tmp_path)
    assert process.stdout is not None
    while process.stdout.readline().split()[:1] != ["result"]:
        pass
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()

    assert errors.strip().endswith("KeyboardInterrupt")
    assert errors.splitlines().count("KeyboardInterrupt") == 1  # what was at work may end in it
    assert drills.all_gone(mark, within_s=0.5)
    before = drills.finished(tmp_path)
    waiting = 8 - len(before)
    assert sorted(statuses(tmp_path)) == ["optimal"] * len(before) + ["waiting"] * waiting
    assert 0 < len(before) < 8
    assert drills.leftovers(tmp_path) == []

    drills.run(drills.small_study(), tmp_path, workers=1)
    assert drills.finished(tmp_path).items() >= before.items()
    assert drills.tables(tmp_path) == small_results


def test_an_abandoned_run_leaves_its_tables(tmp_path: Path, mark: str) -> None:
    run = run_study(drills.small_study(), out=tmp_path, workers=1)
    next(run)
    run.close()

    assert drills.all_gone(mark, within_s=0.0)
    assert "optimal" in statuses(tmp_path)
    assert "waiting" in statuses(tmp_path)
    assert drills.leftovers(tmp_path) == []


FORGETFUL = """
import sys
from optimizer.study.run import run_study
from tests.study.faults import drills

run = run_study(drills.small_study(), out=sys.argv[1], workers=1)
print(next(run).status)
"""


@pytest.mark.slow
def test_a_forgotten_run_ends_with_its_program(tmp_path: Path, mark: str) -> None:
    command = [sys.executable, "-c", FORGETFUL, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)

    assert (ended.stdout, ended.stderr) == ("optimal\n", "")
    assert drills.all_gone(mark, within_s=0.5)
    assert set(statuses(tmp_path)) == {"optimal", "waiting"}
    assert drills.leftovers(tmp_path) == []
