"""A study of three cases, two of them the same, and the command line in an empty folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from optimizer.cli import cli
from tests.cli.conftest import SMALL

Run = Callable[..., Result]

STUDY = f"""
name: what if
instance: {SMALL}
cases:
  more: {{changes: {{demand.scale: 1.1}}}}
  same: {{changes: {{demand.scale: 1.0}}}}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The study's file."""
    file = tmp_path / "study.yaml"
    file.write_text(STUDY, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def solved_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the study's file and its results."""
    place = tmp_path_factory.mktemp("solved")
    (place / "study.yaml").write_text(STUDY, encoding="utf-8")
    words = ["study", "run", str(place / "study.yaml"), "--out", str(place / "out"), "--quiet"]
    assert CliRunner().invoke(cli, words).exit_code == 0
    return place


@pytest.fixture
def solved(solved_once: Path, tmp_path: Path) -> Path:
    """The study's file, with the results of an earlier run in the folder `out` beside it."""
    shutil.copytree(solved_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "study.yaml"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a verb of `buildplan study`."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Result:
        return CliRunner().invoke(cli, ["study", *(str(word) for word in words)])

    return call
