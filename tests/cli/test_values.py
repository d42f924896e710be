"""The verb values: the page, the JSON, the folder, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

from tests.cli.conftest import SMALL

Run = Callable[..., Result]


def test_values_are_told_in_words_and_kept(run: Run, tmp_path: Path) -> None:
    result = run("values", SMALL, "--out", "v")

    assert result.exit_code == 0, result.output
    assert "negative saves" in result.stdout
    assert "site power oslo: 10 MW more" in result.stdout
    assert "--set sites.oslo.grid_mw.add=10.0" in result.stdout
    table = pd.read_parquet(tmp_path / "v" / "values.parquet")
    # The fifth unit saves 10 Mtok/s of shortfall in each of two years, worth far more than itself.
    assert table.loc[0, "change_musd"] < -5000
    assert (tmp_path / "v" / "values.csv").is_file()
    # The folder is a study: what is finished is not solved again, and its summary can be read.
    again = run("values", SMALL, "--out", "v")
    assert "2 kept from before" in again.stderr
    assert run("study", "summary", "v").exit_code == 0


def test_the_change_that_is_told_makes_the_difference(run: Run) -> None:
    told = json.loads(run("values", SMALL, "--json", "--quiet").stdout)

    lever = told["levers"][0]
    change = lever["set"].removeprefix("--set ")
    plan = json.loads(run("solve", SMALL, "--set", change, "--json", "--quiet").stdout)
    difference = plan["objective_musd"] - told["objective_musd"]
    assert lever["change_low_musd"] - 1e-6 <= difference <= lever["change_high_musd"] + 1e-6


def test_the_price_of_a_rule(run: Run) -> None:
    result = run("values", SMALL, "--price-of", "latency", "--quiet")
    assert result.exit_code == 0, result.output
    # Oslo is near, so that a limit of 150 ms costs nothing.
    assert "The price of latency" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--price-of", "luck"], "no rule is called 'luck'"),
        (["--price-of", "carbon"], "no limit of carbon"),
        (["--step", "site_power=no"], "must be a number above 0"),
        (["--step", "site_pover=1"], "Did you mean 'site_power'?"),
        (["--set", "objective=least_carbon"], "--set objective=cost"),
        (["--out", "."], "current folder"),
    ],
)
def test_bad_options_are_refused_in_words(run: Run, words: list[str], said: str) -> None:
    result = run("values", SMALL, *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_of_something_else_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    result = run("values", SMALL, "--out", "other")
    assert result.exit_code == 2
    assert (tmp_path / "other" / "file").is_file()


def test_no_plan_no_values(run: Run) -> None:
    change = "workloads.chat.shortfall_price_usd_per_mtok.remove=true"
    result = run("values", SMALL, "--set", change, "--quiet")
    assert result.exit_code == 1
    assert result.stdout == ""
