"""`buildplan solve`: exit codes, what goes where, and where the plan is kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from optimizer import read_plan
from tests.cli.conftest import ROOT, SMALL, start

Run = Callable[..., Result]

HARD = "workloads.chat.shortfall_price_usd_per_mtok.remove=true"


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
