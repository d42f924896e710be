"""No room on the disk: one clear line, nothing half-written, and the study goes on later."""

import errno
import os
import resource
from contextlib import suppress
from pathlib import Path

import pytest

from optimizer.errors import PlanError, StudyError
from optimizer.study import run as runs
from optimizer.study.folder import StudyFolder, is_whole
from tests.study.faults import drills


def fill(disk: Path) -> Path:
    """Take up all the room there is."""
    ballast = disk.parent / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        for size in (1 << 16, 1 << 10, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    return ballast


def test_a_full_disk_stops_the_study_and_spoils_nothing(
    small_disk: Path, mark: str, small_results: dict[str, bytes]
) -> None:
    out = small_disk / "study"
    run = runs.run_study(drills.small_study(), out=out, workers=2)
    next(run)
    ballast = fill(out)
    with pytest.raises(StudyError) as caught:
        list(run)

    assert str(out) in str(caught.value)
    assert str(caught.value).endswith("No space left on device")
    assert len(str(caught.value).splitlines()) == 1
    before = drills.finished(out)
    assert 0 < len(before) < 8
    assert all(is_whole(out / "cases" / key) for key in before)
    assert drills.all_gone(mark)
    fill(out)
    with pytest.raises(PlanError, match=r"study cannot be written to .*: No space left on device$"):
        runs.run_study(drills.small_study(), out=out)

    ballast.unlink()
    drills.run(drills.small_study(), out, workers=1)
    assert drills.finished(out).items() >= before.items()
    assert drills.tables(out) == small_results
    assert drills.leftovers(out) == []


@pytest.mark.slow
def test_a_worker_that_may_not_write_stops_the_study(
    tmp_path: Path, mark: str, small_results: dict[str, bytes]
) -> None:
    run = runs.run_study(drills.small_study(), out=tmp_path, workers=1)
    next(run)
    for pid in drills.processes(mark, drills.WORKER):
        hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1000, hard))
    with pytest.raises(StudyError) as caught:
        list(run)

    assert str(caught.value).endswith("File too large")
    assert len(str(caught.value).splitlines()) == 1
    before = drills.finished(tmp_path)
    assert 0 < len(before) < 8
    assert drills.leftovers(tmp_path) == []

    drills.run(drills.small_study(), tmp_path, workers=1)
    assert drills.finished(tmp_path).items() >= before.items()
    assert drills.tables(tmp_path) == small_results


def refuse(folder: StudyFolder) -> Path:
    raise PlanError(f"the results cannot be written to {folder.path}: No space left on device")


def refuse_plainly(folder: StudyFolder) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("what", "refusal"), [("write_results", refuse), ("write_timings", refuse_plainly)]
)
def test_tables_without_room_are_an_error_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, refusal: object
) -> None:
    monkeypatch.setattr(runs, what, refusal)
    with pytest.raises(StudyError, match=rf"{tmp_path}.*: No space left on device$"):
        drills.run(drills.small_study(1), tmp_path, workers=1)
    assert len(drills.finished(tmp_path)) == 1
