"""The verb alternatives: the page, the JSON, the folder, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from optimizer.alternatives import search
from optimizer.search import Result as Searched
from tests.cli.conftest import ROOT, SMALL

Run = Callable[..., Result]


def test_alternatives_are_told_in_words_and_kept(run: Run, tmp_path: Path) -> None:
    # The one site has no equal: without it nothing is served.
    result = run("alternatives", SMALL, "--differ", "1", "--within", "5%", "--out", "a")

    assert result.exit_code == 0, result.output
    assert "no further plan that differs so much within this cost: proven" in result.stdout
    assert "proven: no plan within 5.0 % of plan 00 decides otherwise" in result.stdout
    assert "Must have, proven (1)            oslo" in result.stdout
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "alternatives.csv",
        "alternatives.parquet",
        "diversity.csv",
        "diversity.parquet",
        "plans",
        "sites.csv",
        "sites.parquet",
    ]
    assert run("verify", SMALL, "a/plans/00").exit_code == 0


def test_alternatives_as_json(run: Run) -> None:
    words = ("alternatives", SMALL, "--differ", "1", "--within", "20", "--quiet")
    assert run(*words).exit_code == 2
    result = run(*words[:-2], "900%", "--count", "1", "--json", "--quiet")

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    # Nothing at all costs 50 · 315.36 a year instead of 10 · 315.36: within ten times the least.
    assert told["ended"] == "found"
    assert [plan["sites"] for plan in told["plans"]] == [1, 0]
    assert all(plan["verified"] for plan in told["plans"])
    assert told["plans"][1]["cost_musd"] <= told["most_musd"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--within", "lots"], "must be a share from 0 to 1000%"),
        (["--differ", "2"], "from 1 to 1, as many as there are sites"),
        (["--differ", "1", "--set", "objective=least_carbon"], "--set objective=cost"),
        (["--lean", "luck"], "'luck' is not one of"),
        (["--out", "."], "current folder"),
    ],
)
def test_bad_options_are_refused_in_words(run: Run, words: list[str], said: str) -> None:
    result = run("alternatives", SMALL, *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_sites_of_these_plans_alone_are_not_told_of_all(run: Run) -> None:
    # One plan more was not asked for; it might choose other sites.
    result = run("alternatives", SMALL, "--differ", "1", "--within", "900%", "--count", "1")
    assert "2 plans, pairwise different in one site or more" in result.stdout
    # Nothing at all: 50 · 315.36 MUSD in the middle of 2027, and 366 / 365 of it a year later:
    # 15,768 · (1 / 1.08^0.5 + 1.00274 / 1.08^1.5), about 29,260.
    assert "Real choices (1)                      oslo (1 of 2; otherwise 29,26" in result.stdout
    assert "proven" not in result.stdout


def test_sites_are_proven_on_request(run: Run) -> None:
    # With nothing at all 50 Mtok/s are short in place of 10: five times the cost.
    words = ("alternatives", SMALL, "--differ", "1", "--count", "1", "--quiet", "--json")
    result = run(*words, "--within", "5%", "--prove-sites")
    told = json.loads(result.stdout)
    assert result.exit_code == 0, result.output
    assert [(site["role"], site["proven"]) for site in told["sites"]] == [("must have", True)]


def test_what_is_not_known_in_time_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Searched("unknown", None, None)
    monkeypatch.setattr(search, "look_for", lambda *_, **__: nothing)
    result = run("alternatives", SMALL, "--differ", "1", "--within", "5%", "--prove-sites")
    assert result.exit_code == 3
    assert "Must have, in all of these plans (1)  oslo" in result.stdout
    assert "Without an answer in the time: oslo" in result.stdout


def test_questions_that_an_interrupt_ended_are_not_said_to_lack_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = Searched("unknown", None, None, interrupted=True)
    monkeypatch.setattr(search, "look_for", lambda *_, **__: ended)
    result = run("alternatives", SMALL, "--differ", "1", "--within", "5%", "--prove-sites")
    assert result.exit_code == 130
    assert "Without an answer when interrupted: oslo" in result.stdout


def test_an_uncertain_future_is_refused(run: Run) -> None:
    result = run("alternatives", ROOT / "instances" / "uncertain-demand", "--differ", "1")
    assert result.exit_code == 2
    assert "--set scenarios.remove=true" in result.stderr


def test_no_plan_no_alternatives(run: Run) -> None:
    change = "workloads.chat.shortfall_price_usd_per_mtok.remove=true"
    result = run("alternatives", SMALL, "--differ", "1", "--set", change, "--quiet")
    assert result.exit_code == 1
    assert result.stdout == ""
