"""`buildplan solve` in trouble: failures, signals, refused plans, clusters that are lost."""

import json
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from click.testing import Result

from optimizer import SolveError, read_plan
from optimizer.errors import ended_early
from tests.cli.conftest import ROOT, SMALL, start

Run = Callable[..., Result]


def test_jobs_that_a_cluster_left_are_no_reason_why_there_is_no_plan(
    run: Run, solved: Callable[..., None]
) -> None:
    """They were solved here; that is said once, after the outcome."""
    left = "unanswered by the cluster, so solved on this computer: 1 job (it is gone)"
    solved(status="unknown", objective_musd=None, gap=None, tables={}, reasons=(left,))
    result = run("solve", SMALL)

    assert "no plan was found: the search ended before one was found" in result.stderr
    assert result.stderr.lower().count(left) == 1


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (SolveError("it crashed"), "the solver failed: it crashed"),
        (MemoryError(), "out of memory; solve a smaller instance, or with more memory"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (KeyError("x"), "internal error: KeyError: 'x'; please report it"),
    ],
)
def test_a_failure_ends_with_4_and_one_line(
    run: Run, solved: Callable[..., None], error: BaseException, line: str
) -> None:
    solved(error)
    result = run("solve", SMALL)

    assert result.exit_code == 4
    assert result.stderr.splitlines()[-1] == line
    assert "Traceback" not in result.stderr
    assert json.loads(run("solve", SMALL, "--json").stdout)["reasons"] == [line]


def test_a_refused_plan_ends_with_5_and_is_not_called_a_plan(
    run: Run, solved: Callable[..., None]
) -> None:
    solved(verified=False, violations=("oslo, 2027: 12.5 MW of 10 MW",))
    result = run("solve", SMALL, "--json", "--out", "kept")

    assert result.exit_code == 5
    assert "12.5 MW of 10 MW" in result.stderr
    content = json.loads(result.stdout)
    assert (content["status"], content["verified"]) == ("unknown", False)
    assert not list(Path("kept/tables").iterdir())


def test_a_search_that_ended_early_says_so_once_beside_its_plan(
    run: Run, solved: Callable[..., None]
) -> None:
    solved(status="feasible", gap=0.5, reasons=(ended_early(SolveError("it crashed")),))
    result = run("solve", SMALL)

    line = "The search ended early, with the best plan until then: it crashed"
    assert result.stderr.splitlines().count(line) == 1
    assert result.exit_code == 3


def test_interrupted_with_a_plan_ends_with_130_and_keeps_it(
    run: Run, solved: Callable[..., None]
) -> None:
    solved(status="feasible", gap=0.5, reasons=("interrupted",))
    result = run("solve", SMALL, "--out", "kept")

    assert result.exit_code == 130
    assert read_plan("kept").status == "feasible"
    assert "interrupted" in result.stdout


def test_interrupted_before_a_plan_ends_with_130(run: Run, solved: Callable[..., None]) -> None:
    solved(KeyboardInterrupt())

    assert run("solve", SMALL).exit_code == 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_keeps_the_plan_in_hand(tmp_path: Path, number: signal.Signals) -> None:
    instance = ROOT / "instances" / "southgate"
    process = start("solve", instance, "--gap", 0, "--out", "kept", "--threads", 1, cwd=tmp_path)
    assert process.stderr is not None
    _wait_for_plan(process.stderr)
    process.send_signal(number)
    process.send_signal(number)  # a wrapper's echo of the same Ctrl-C
    _, said = process.communicate(timeout=90)

    assert process.returncode == 130, said
    plan = read_plan(tmp_path / "kept")
    assert plan.verified
    assert "interrupted" in plan.reasons


def _wait_for_plan(lines: Iterable[str]) -> None:
    for line in lines:
        if "plan 1" in line:
            time.sleep(0.5)
            return
    pytest.fail("no plan was found")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--dask", "somewhere"], "must be tcp://HOST:PORT, tls://HOST:PORT or 'local'"),
        (
            ["--dask", "local"],
            "--dask: a cluster has nothing to do: this instance is solved in one piece",
        ),
        (["--dask", "local", "--frontier", "carbon:3"], "--dask: the plans of a frontier"),
    ],
)
def test_a_cluster_for_nothing_is_refused(run: Run, words: list[str], said: str) -> None:
    result = run("solve", SMALL, *words)

    assert result.exit_code == 2
    assert said in result.stderr


def test_what_a_cluster_did_not_answer_is_told(run: Run, solved: Callable[..., None]) -> None:
    solved(reasons=("unanswered by the cluster, so solved on this computer: 1 job (lost)",))
    result = run("solve", SMALL)

    assert result.exit_code == 0
    assert "Unanswered by the cluster, so solved on this computer: 1 job" in result.stderr
