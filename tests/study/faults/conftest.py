"""Undisturbed runs to compare with, coordinators in processes of their own, and small disks."""

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.trust import disk
from tests.study.faults import drills

Coordinator = Callable[[str, int, Path], "subprocess.Popen[str]"]


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """A word that all processes started from now on carry in their environment."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("needs /proc to find processes")
    word = uuid.uuid4().hex
    monkeypatch.setenv(drills.MARK, word)
    return word


@pytest.fixture
def coordinate(mark: str) -> Iterator[Coordinator]:
    """Starts a run of a study in a process of its own: of which kind, how many cases, where."""
    started: list[subprocess.Popen[str]] = []

    def start(kind: str, count: int, out: Path) -> "subprocess.Popen[str]":
        module = "tests.study.faults.coordinator"
        command = [sys.executable, "-m", module, kind, str(count), str(out)]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def small_results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of the small study, undisturbed."""
    return _undisturbed(drills.small_study(), tmp_path_factory)


@pytest.fixture(scope="session")
def southgate_results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of the study of southgate, undisturbed, by one worker."""
    return _undisturbed(drills.southgate_study(), tmp_path_factory)


@pytest.fixture(scope="session")
def many_southgate_results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same of a study of many cases."""
    return _undisturbed(drills.southgate_study(drills.MANY), tmp_path_factory)


def _undisturbed(
    study: "drills.Study", tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("undisturbed")
    assert set(drills.run(study, out, workers=1).values()) == {"optimal"}
    return drills.tables(out)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own, of 8 MB."""
    with disk.small_disk(tmp_path, 8192) as place:
        if place is None:
            pytest.skip("a small disk cannot be mounted here")
        yield place
