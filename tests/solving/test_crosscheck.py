"""Second opinions: what is contradicted is told and no longer believed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from optimizer import solve
from optimizer.cli import cli
from optimizer.crosscheck import asking
from optimizer.crosscheck.opinions import DISAGREE, Claim, compared
from optimizer.highs import Outcome
from optimizer.matrix import Matrix
from tests.small import tiny

FIRST = Claim("one", "plan", 200.0, 190.0)

CLAIMS = [
    (FIRST, Claim("two", "plan", 195.0, 195.0), "agrees", "at most 195 MUSD, at least 195 MUSD"),
    (FIRST, Claim("two", "plan", 200.0001, 200.0001), "agrees", "two does not contradict"),
    (FIRST, Claim("two", "unknown", None, 150.0), "agrees", "at most 200 MUSD, at least 190 MUSD"),
    (FIRST, Claim("two", "plan", 180.0, None), "disagrees", "below 190 MUSD, but two found one"),
    (FIRST, Claim("two", "unknown", None, 210.0), "disagrees", "below 210 MUSD, but one found"),
    (FIRST, Claim("two", "none"), "disagrees", "two says that there is no plan, but one found one"),
    (FIRST, Claim("two", "unknown", note="found none"), "no answer", "two found none"),
    (Claim("one", "none"), Claim("two", "none"), "agrees", "two says too that there is no plan"),
    (
        Claim("one", "none"),
        Claim("two", "plan", 5.0),
        "disagrees",
        "one says that there is no plan",
    ),
    (Claim("one", "none"), Claim("two", "unknown"), "no answer", "two cannot tell"),
    (Claim("one", "unknown"), Claim("two", "none"), "no answer", "two cannot tell"),
    (Claim("one", "unknown", None, 9.0), Claim("two", "plan", 5.0), "disagrees", "below 9.00 MUSD"),
]


@pytest.mark.parametrize(("first", "second", "verdict", "says"), CLAIMS)
def test_claims_are_compared(first: Claim, second: Claim, verdict: str, says: str) -> None:
    found = compared("cost", "MUSD", first, second)
    assert found.verdict == verdict
    assert says in found.words


def answer(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Has the second solver say something else than it found."""

    def ask(crew: Any, matrix: Matrix, options: Any) -> Outcome:
        return replace(real(crew, matrix, options), **changes)

    real = asking._ask_highs
    monkeypatch.setattr(asking, "_ask_highs", ask)
    monkeypatch.setattr(asking, "find_spec", lambda name: None)


def test_a_second_opinion_stands_in_the_certificate(tmp_path: Path) -> None:
    plan = solve(tiny(), cross_check=True)
    assert (plan.status, plan.reasons) == ("optimal", ())
    folder = plan.save(tmp_path / "plan")
    (first, *_) = json.loads((folder / "certificate.json").read_text())["cross_check"]
    assert first["verdict"] == "agrees"
    assert first["who"] == "HiGHS without presolve and with another seed"


def test_every_goal_is_asked_about() -> None:
    plan = solve(tiny(), objective="serve_first", cross_check=True)
    assert plan.evidence is not None
    goals = {one.goal: one.verdict for one in plan.evidence.opinions}
    assert goals == {"shortfall": "agrees", "cost": "agrees"}


def test_a_bound_that_is_contradicted_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    # The optimum costs 5 · 40 = 200 MUSD; the second solver claims that nothing is below 300.
    answer(monkeypatch, bound=300.0)
    plan = solve(tiny(), cross_check=True)
    assert (plan.status, plan.bound_musd, plan.gap) == ("feasible", None, None)
    assert plan.objective_musd == pytest.approx(200.0)
    assert plan.reasons[-1].startswith(f"{DISAGREE}: HiGHS without presolve")
    assert "below 300 MUSD, but the search found one of 200 MUSD" in plan.reasons[-1]


def test_infeasible_on_one_setting_only_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    firm = tiny(
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}}, sites={"oslo": {"grid_mw": 3}}
    )
    agreed = solve(firm, cross_check=True)
    assert agreed.status == "infeasible"
    assert agreed.evidence is not None
    assert {one.verdict for one in agreed.evidence.opinions} == {"agrees"}

    monkeypatch.setattr(asking, "_claim", lambda *_: Claim("another", "plan", 7.0))
    doubted = solve(firm, cross_check=True)
    assert doubted.status == "unknown"
    assert "the search says that there is no plan, but another found one" in doubted.reasons[-1]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"status": "failed", "x": None, "bound": None, "message": "a bug"}, "failed: a bug"),
        ({"status": "stopped", "x": None, "bound": None}, "found none within"),
    ],
)
def test_no_answer_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], says: str
) -> None:
    answer(monkeypatch, **changes)
    plan = solve(tiny(), cross_check=True)
    assert plan.status == "optimal"
    assert plan.evidence is not None
    (opinion,) = plan.evidence.opinions
    assert opinion.verdict == "no answer"
    assert says in opinion.words


def test_scip_agrees() -> None:
    pytest.importorskip("pyscipopt")
    plan = solve(tiny(), cross_check=True)
    assert plan.evidence is not None
    assert {one.who: one.verdict for one in plan.evidence.opinions}["SCIP"] == "agrees"


SMALL = str(Path(__file__).parents[2] / "instances" / "tiny")


def test_the_command_line_ends_with_4(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = str(tmp_path / "plan")
    words = ["solve", SMALL, "--out", out, "--cross-check"]
    agreed = CliRunner().invoke(cli, words)
    assert agreed.exit_code == 0
    assert "Cross-check: HiGHS without presolve" in agreed.stderr

    answer(monkeypatch, bound=1e6)
    result = CliRunner().invoke(cli, [*words, "--quiet"])
    assert result.exit_code == 4
    assert "the solvers disagree: HiGHS without presolve" in result.stderr
    assert json.loads(Path(out, "plan.json").read_text())["status"] == "feasible"
    assert CliRunner().invoke(cli, ["verify", SMALL, out]).exit_code == 0


def test_scenarios_and_frontiers_are_refused() -> None:
    uncertain = str(Path(SMALL).parent / "uncertain-demand")
    for words in ([uncertain], [SMALL, "--frontier", "carbon:3"]):
        result = CliRunner().invoke(cli, ["solve", *words, "--cross-check", "--quiet"])
        assert result.exit_code == 2
        assert "--cross-check" in result.stderr
