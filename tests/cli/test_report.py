"""`buildplan report`, and `solve --report`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import SMALL

Run = Callable[..., Result]


def test_report_writes_one_page_into_the_folder(run: Run, plan_folder: Path) -> None:
    result = run("report", plan_folder)
    assert result.exit_code == 0
    page = plan_folder / "report.html"
    assert result.stdout == f"written: {page}\n"
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_report_as_json(run: Run, plan_folder: Path) -> None:
    result = run("report", plan_folder, "--out", "page.html", "--excel", "plan.xlsx", "--json")
    assert json.loads(result.stdout) == {"page": "page.html", "excel": "plan.xlsx"}
    assert Path("page.html").is_file()
    assert Path("plan.xlsx").is_file()


def test_pictures(run: Run, plan_folder: Path) -> None:
    pytest.importorskip("vl_convert")
    result = run("report", plan_folder, "--png", "png", "--svg", "svg", "--quiet")
    assert (result.exit_code, result.stdout) == (0, "")
    assert Path("png/timeline.png").is_file()
    assert Path("svg/map.svg").is_file()
    assert not Path("report.html").exists()


def test_solve_writes_the_report_too(run: Run) -> None:
    result = run("solve", SMALL, "--out", "plan", "--report")
    assert result.exit_code == 0
    assert "Report written to" in result.stderr
    assert Path("plan/report.html").is_file()


def test_no_report_without_a_plan_in_the_folder(run: Run, tmp_path: Path) -> None:
    result = run("report", tmp_path)
    assert result.exit_code == 2
    assert "holds no plan" in result.stderr


def test_a_file_of_ones_own_stays(run: Run, plan_folder: Path) -> None:
    Path("mine.html").write_text("mine")
    result = run("report", plan_folder, "--out", "mine.html")
    assert result.exit_code == 2
    assert "is no report" in result.stderr
    assert Path("mine.html").read_text() == "mine"
