"""A small instance for the command line: two seconds to solve, plan and shortfall known."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from optimizer import Plan, read_plan
from optimizer.cli import cli

SMALL = Path(__file__).parent / "small.yaml"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(cli, [str(word) for word in words], input=stdin)

    return call


def start(*words: object, cwd: Path, **how: object) -> "subprocess.Popen[str]":
    """Start the command line as a process of its own."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "optimizer", *(str(word) for word in words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        **how,  # type: ignore[call-overload]
    )


@pytest.fixture(scope="session")
def plan_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a plan of the small instance."""
    folder = tmp_path_factory.mktemp("plan") / "small"
    result = CliRunner().invoke(cli, ["solve", str(SMALL), "--out", str(folder), "--quiet"])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def solved(plan_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let solving end at once, with a plan that differs from the real one as told."""
    module = importlib.import_module("optimizer.solve")

    def pretend(error: BaseException | None = None, **different: object) -> None:
        def solve(*_: object, **__: object) -> Plan:
            if error is not None:
                raise error
            return replace(read_plan(plan_folder), **different)  # type: ignore[arg-type]

        monkeypatch.setattr(module, "solve", solve)

    return pretend
