"""`buildplan study run` by its words, exit codes and files."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from optimizer import Plan, read_instance
from optimizer.options import resolve
from optimizer.study import request
from optimizer.study import run as runs
from optimizer.study.request import Bench
from tests.cli.conftest import SMALL
from tests.study.running.conftest import Run


def test_every_case_is_answered_and_nothing_is_solved_twice(
    run: Run, study: Path, tmp_path: Path
) -> None:
    first = run("run", study, "--out", "out", "--json", "--workers", 1)
    told = json.loads(first.stdout)
    assert first.exit_code == 0
    assert (told["name"], told["cases"], told["counts"]) == ("what if", 3, {"optimal": 3})
    assert len(list((tmp_path / "out" / "cases").iterdir())) == 2

    again = run("run", study, "--out", "out")
    assert again.exit_code == 0
    assert "3 of 3 cases · 3 optimal" in again.stdout
    assert "3 kept from before" in again.stdout
    assert "a minute" not in again.stdout
    assert "buildplan study summary out" in again.stderr


def test_a_cold_run_says_that_kept_cases_prove_nothing(run: Run, study: Path) -> None:
    assert "cold run" not in run("run", study, "--out", "out", "--cold").stderr
    assert "for a cold run name a new folder" in run("run", study, "--out", "out", "--cold").stderr


def test_an_address_that_is_none_is_bad_input(run: Run, study: Path) -> None:
    result = run("run", study, "--out", "out", "--dask", "foo")
    assert result.exit_code == 2
    assert "must be tcp://HOST:PORT, tls://HOST:PORT or 'local', but is 'foo'" in result.stderr
    assert not Path("out").exists()


def test_set_gap_and_seed_make_other_cases(run: Run, solved: Path, tmp_path: Path) -> None:
    assert run("run", solved, "--out", "out", "--quiet").exit_code == 0
    before = {one.name for one in (tmp_path / "out" / "cases").iterdir()}
    for words in (["--gap", 0.2], ["--seed", 7], ["--set", "demand.scale=0.5"]):
        assert run("run", solved, "--out", "out", "--quiet", "--workers", 1, *words).exit_code == 0
        now = {one.name for one in (tmp_path / "out" / "cases").iterdir()}
        assert len(now - before) == 2
        before = now


def test_a_change_of_the_base_that_names_nothing(run: Run, study: Path) -> None:
    result = run("run", study, "--out", "out", "--set", "sites.osl.grid_mw=3")
    assert result.exit_code == 2
    assert "--set: 1 problem" in result.stderr
    assert "Did you mean 'sites.oslo.grid_mw'?" in result.stderr
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("status", "code"), [("feasible", 3), ("unknown", 3), ("infeasible", 0), ("failed", 4)]
)
def test_exit_codes(
    run: Run, solved: Path, monkeypatch: pytest.MonkeyPatch, status: str, code: int
) -> None:
    def results(*words: Any, **named: Any) -> Iterator[runs.CaseResult]:
        for one in real(*words, **named):
            summary = {**one.summary, "status": status, "reasons": ["some reason"]}
            yield runs.CaseResult(one.case, one.key, summary, one.folder)

    real = runs._results
    monkeypatch.setattr(runs, "_results", results)
    result = run("run", solved, "--out", "out")
    assert result.exit_code == code
    assert ("some reason" in result.stdout) == (status in {"unknown", "failed"})


def test_a_bench_refuses_a_plan_that_the_checker_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*words: Any, **named: Any) -> Plan:
        plan = real(*words, **named)
        return replace(plan, verified=False, violations=("too much power at oslo",))

    real = request.solve_with
    monkeypatch.setattr(request, "solve_with", refused)
    inst = read_instance(SMALL)
    asked = request.Request("key", {}, resolve(inst, None, None, 1, None))
    why = Bench(inst).answer(asked, tmp_path / "plan")
    assert why == "the plan that was found failed verification: too much power at oslo"
    assert not (tmp_path / "plan").exists()
