"""The command itself: start-up, help, `check`, `schema`, `init`, and misuse."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import ROOT, SMALL, start

Run = Callable[..., Result]

VERBS = ("init", "check", "solve", "verify", "compare", "study", "report", "schema")
HEAVY = ("pyomo", "pandas", "highspy", "numpy", "pydantic", "rich")


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom optimizer.cli import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
    for verb in VERBS:
        assert f"\n  {verb}" in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help(run: Run, verb: str) -> None:
    result = run(verb, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: buildplan {verb}")


def test_version(run: Run) -> None:
    result = run("--version")

    assert (result.exit_code, result.stdout) == (0, "buildplan, version 0.1.0\n")


def test_an_unknown_verb_is_bad_input_with_the_nearest_one(run: Run) -> None:
    result = run("slove", SMALL)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Did you mean 'solve'?" in result.stderr


def test_no_verb_shows_help(run: Run) -> None:
    assert run().exit_code == 2


@pytest.mark.parametrize("verb", ["check", "solve", "verify"])
def test_a_missing_argument_is_bad_input(run: Run, verb: str) -> None:
    result = run(verb)

    assert result.exit_code == 2
    assert "Missing argument" in result.stderr


def test_check_says_what_the_instance_is(run: Run) -> None:
    result = run("check", SMALL)

    assert result.exit_code == 0
    assert "2, 2027 to 2028" in result.stdout
    assert result.stdout.endswith("no problems\n")
    assert result.stderr == ""


def test_check_lists_every_problem_at_its_place(run: Run, tmp_path: Path) -> None:
    text = (
        SMALL.read_text().replace("grid_mw: 10", "grid_mw: -10").replace("lat: 59.9\n", "lat: 99\n")
    )
    (tmp_path / "bad.yaml").write_text(text)
    result = run("check", "bad.yaml")

    line = 1 + text[: text.index("grid_mw")].count("\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[0] == "bad.yaml: 2 problems"
    assert f"\n  {line}:14  sites.oslo.grid_mw: must be at least 0" in result.stderr
    content = json.loads(run("check", "bad.yaml", "--json").stdout)
    assert content["status"] == "invalid"
    found = {one["path"]: (one["file"], one["line"]) for one in content["problems"]}
    assert found["sites.oslo.grid_mw"] == ("bad.yaml", line)


def test_check_with_warnings_ends_with_0(run: Run) -> None:
    words = ("check", SMALL, "--set", "sites.oslo.grid_mw={2040-01: 10}")
    result = run(*words)

    assert result.exit_code == 0
    assert "1 warning\n" in result.stderr
    assert "no problems" not in result.stdout
    content = json.loads(run(*words, "--json").stdout)
    assert content["problems"][0]["severity"] == "warning"


def test_check_reads_standard_input(run: Run) -> None:
    assert run("check", "-", stdin=SMALL.read_bytes()).exit_code == 0
    result = run("check", "-", stdin=b"name: [")
    assert result.exit_code == 2
    assert result.stderr.startswith("<stdin>: 1 problem\n")


@pytest.mark.parametrize("verb", ["check", "solve"])
def test_a_missing_file_is_bad_input(run: Run, verb: str) -> None:
    result = run(verb, "nowhere.yaml")

    assert result.exit_code == 2
    assert "no such file" in result.stderr


def test_schema_is_json(run: Run) -> None:
    result = run("schema")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == "buildplan instance"


def test_init_writes_an_instance_that_checks_and_no_second_one(run: Run) -> None:
    assert run("init", "new").exit_code == 0
    assert run("check", "new").exit_code == 0
    again = run("init", "new")
    assert again.exit_code == 2
    assert "not empty" in again.stderr


def test_a_full_disk_behind_standard_output_is_one_line_and_4(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "optimizer", "schema"]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False
        )

    assert done.returncode == 4
    assert done.stderr == "standard output: No space left on device\n"


def test_python_m_is_the_same_command(tmp_path: Path) -> None:
    process = start("check", SMALL, cwd=tmp_path)
    out, _ = process.communicate(timeout=30)

    assert (process.returncode, out.splitlines()[0]) == (0, "small")


def test_public_functions_are_not_hidden_by_modules_of_the_same_name() -> None:
    import optimizer.solve
    import optimizer.verify

    assert callable(optimizer.solve)
    assert callable(optimizer.verify)
