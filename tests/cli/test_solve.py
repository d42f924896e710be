"""`buildplan solve`: exit codes, what goes where, and where the plan is kept."""

import importlib
import json
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from optimizer import Plan, SolveError, read_plan
from tests.cli.conftest import ROOT, SMALL, start

Run = Callable[..., Result]

HARD = "workloads.chat.shortfall_price_usd_per_mtok.remove=true"


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


def test_a_plan_within_the_gap_ends_with_0_and_is_printed_and_kept(
    run: Run, tmp_path: Path
) -> None:
    result = run("solve", SMALL)

    assert result.exit_code == 0
    (folder,) = (tmp_path / "plans").iterdir()
    assert folder.name.startswith("small-20")
    assert result.stderr.splitlines()[-1] == f"Plan written to plans/{folder.name}"
    # One unit draws 1.25 · 2 MW = 2.5 MW: 10 MW hold 4 units, 40 of the 50 Mtok/s.
    assert read_plan(folder).units_ordered("oslo", "gen1", 2027) == 4
    assert "proven best possible" in result.stdout
    assert "80.0 %" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 100


def test_the_terms_printed_add_up(run: Run, solved: Callable[..., None]) -> None:
    solved()
    lines = run("solve", SMALL).stdout.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("Money by term")) + 2
    amounts = []
    for line in lines[first:]:
        amounts.append(
            float(line.rpartition("  ")[0 if "%" in line else 2].split()[-1].replace(",", ""))
        )
        if "net present cost" in line:
            break

    assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=0.5)


def test_json_is_plan_json_and_nothing_else(run: Run) -> None:
    result = run("solve", "-", "--json", "--out", "kept", stdin=SMALL.read_bytes())

    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert content == json.loads(Path("kept/plan.json").read_text())
    assert content["status"] == "optimal"
    assert content["verified"] is True


def test_quiet_says_nothing_but_the_plan(run: Run, solved: Callable[..., None]) -> None:
    solved()
    result = run("solve", SMALL, "--quiet")

    assert result.stderr == ""
    assert "oslo" in result.stdout


def test_infeasible_ends_with_1_and_says_what_to_try(run: Run) -> None:
    result = run("solve", SMALL, "--set", HARD, "--out", "none")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "infeasible" in result.stderr
    assert "sites.oslo.grid_mw: grid connection of oslo" in result.stderr
    assert "there would be a plan with\n    --set " in result.stderr
    assert json.loads(Path("none/plan.json").read_text())["status"] == "infeasible"


def test_infeasible_as_json(run: Run, solved: Callable[..., None]) -> None:
    solved(status="infeasible", objective_musd=None, bound_musd=None, gap=None, tables={})
    result = run("solve", SMALL, "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "infeasible"
    assert not Path("plans").exists()


def test_a_change_reaches_the_plan(run: Run) -> None:
    # 7.5 MW hold 3 units of 2.5 MW.
    result = run("solve", SMALL, "--set", "sites.oslo.grid_mw=7.5", "--out", "kept", "--quiet")

    assert result.exit_code == 0
    assert read_plan("kept").units_ordered("oslo", "gen1", 2027) == 3


def test_stopped_at_a_limit_with_a_plan_ends_with_3(run: Run, solved: Callable[..., None]) -> None:
    solved(status="feasible", gap=0.0312)
    result = run("solve", SMALL, "--out", "kept")

    assert result.exit_code == 3
    assert "proven: no plan is more than 3.2 % cheaper; stopped early" in result.stdout
    assert Path("kept/plan.json").is_file()


def test_no_plan_ends_with_4(run: Run, solved: Callable[..., None]) -> None:
    solved(status="unknown", objective_musd=None, gap=None, tables={}, reasons=("time is up",))
    result = run("solve", SMALL)

    assert result.exit_code == 4
    assert "no plan was found: time is up" in result.stderr


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
    "words",
    [
        ("--gap", "1"),
        ("--gap", "nan"),
        ("--gap", "-0.1"),
        ("--time-limit", "0"),
        ("--time-limit", "inf"),
        ("--threads", "0"),
        ("--seed", "-1"),
        ("--gpa", "0.1"),
        ("--set", "sites.olso.grid_mw=1"),
        ("--set", "x"),
        ("--out", ""),
        ("--out", "."),
        ("--out", SMALL),
        ("--out", ROOT),
        ("--out", "/proc/x/y"),
    ],
)
def test_bad_options_end_with_2_before_anything_is_solved(
    run: Run, solved: Callable[..., None], words: tuple[object, object]
) -> None:
    solved(AssertionError("solved"))
    result = run("solve", SMALL, *words)

    assert (result.exit_code, result.stdout) == (2, "")
    content = json.loads(run("solve", SMALL, *words, "--json").stdout)
    assert content["status"] == "invalid"
    assert content["problems"][0]["message"]


def test_a_default_place_that_cannot_be_written_is_no_failure(
    run: Run, solved: Callable[..., None], tmp_path: Path
) -> None:
    solved()
    (tmp_path / "plans").write_text("a file in the way")
    result = run("solve", SMALL)

    assert result.exit_code == 0
    assert "cannot be written" in result.stderr
    assert "oslo" in result.stdout


def test_progress_elsewhere_than_on_a_terminal_is_plain_lines(run: Run) -> None:
    result = run("solve", SMALL)
    lines = [line for line in result.stderr.splitlines() if " s  " in line]

    assert lines[0].endswith("building the model")
    assert any("relaxation" in line for line in lines)
    assert any("plan " in line and "MUSD" in line for line in lines)
    assert "\x1b" not in result.stderr


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    process = start("solve", SMALL, "--out", "kept", "--quiet", cwd=tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()

    assert (process.wait(timeout=60), said) == (0, "")


def test_names_reach_the_terminal_without_control_characters(
    run: Run, solved: Callable[..., None]
) -> None:
    solved(name="small\x1b[31m\x9b")
    text = run("solve", SMALL, "--out", "kept").stdout
    data = run("solve", SMALL, "--out", "kept", "--json").stdout

    assert not {"\x1b", "\x9b"} & set(text + data)
    assert json.loads(data)["name"] == "small\x1b[31m\x9b"


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
