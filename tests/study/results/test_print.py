"""The summary in print: what is said of cases that are missing, and in which words."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from optimizer import PlanError
from optimizer.cli import cli
from optimizer.study.case import Case
from optimizer.study.folder import StudyFolder
from optimizer.study.results import write_results
from optimizer.study.summary import summarize
from tests.study.results.fake import case, fail, finish, finished, nothing, plan, ranges, study
from tests.study.results.test_levers import screening


def printed(folder: StudyFolder) -> list[str]:
    """The lines of the summary, with single spaces."""
    result = CliRunner().invoke(cli, ["study", "summary", str(folder.path)])
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= 100
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def failing(folder: StudyFolder, name: str) -> StudyFolder:
    """The study after a case has failed."""
    fail(folder, name, "out of memory")
    write_results(folder)
    return folder


def test_a_killed_run_says_how_much_is_finished(tmp_path: Path) -> None:
    folder = study(tmp_path, [case("a", x=1), case("b", x=2), case("c", x=3)])
    with pytest.raises(PlanError, match="holds no results yet; `buildplan study run` writes them"):
        summarize(folder.path)
    finish(folder, "a", plan(100))
    finish(folder, "b", nothing())
    with pytest.raises(
        PlanError, match=r"no results yet; .*: 2 of 3 cases are finished; run the study"
    ):
        summarize(folder.path)
    write_results(folder)
    assert summarize(folder.path).counts["cases"].sum() == 3


def test_the_tornado_says_why_an_end_is_missing(tmp_path: Path) -> None:
    found = [
        (case("base", "base"), None),
        *((case(f"{lever}+", "tornado", **{lever: 2.0}), plan(110)) for lever in "wfn"),
        (case("w-", "tornado", w=0.5), None),
        (case("f-", "tornado", f=0.5), None),
        (case("n-", "tornado", n=0.5), nothing()),
    ]
    ends = ranges("tornado", w=(0.5, 2.0), f=(0.5, 2.0), n=(0.5, 2.0))
    folder = failing(finished(tmp_path, found, levers=ends), "f-")
    lines = printed(folder)
    assert "Tornado: one lever at a time (base: not solved yet)" in lines
    assert "w 0.5 2 not solved yet 110.0 – – 11.0 –" in lines
    assert "f 0.5 2 failed 110.0 – – 11.0 –" in lines
    assert "n 0.5 2 no plan 110.0 – – 11.0 –" in lines
    assert "swing = largest − smallest of low, high and base" in lines
    table = summarize(folder.path).tornado.set_index("lever")
    assert table["low_status"].to_dict() == {"w": "waiting", "f": "failed", "n": "infeasible"}


def test_the_tornado_says_what_labels_stand_for(tmp_path: Path) -> None:
    late = {"unit_types.gen1.available_from": "2028"}
    found = [
        (case("base", "base"), plan(100)),
        (Case("r-", "tornado", {}, {"rubin": "low"}), plan(100)),
        (Case("r+", "tornado", late, {"rubin": "high"}), plan(120)),
        (Case("l-", "tornado", {"law": "strict"}, {"law": "strict"}), plan(100)),
        (Case("l+", "tornado", {"law": "open"}, {"law": "open"}), plan(90)),
    ]
    ends = ranges("tornado", rubin=("low", "high"), law=("strict", "open"))
    lines = printed(finished(tmp_path, found, levers=ends))
    assert "rubin, low: as in the base" in lines
    assert "rubin, high: unit_types.gen1.available_from = 2028" in lines
    assert "law strict open 100.0 90.0 10.0 10.0 9.0 1.00" in lines
    assert not any(line.startswith("law, ") for line in lines)


def test_the_sweep_says_why_a_setting_is_missing(tmp_path: Path) -> None:
    found = [
        (case("1", x=1), plan(100)),
        (case("2", x=2), None),
        (case("3", x=3), None),
        (case("4", x=4), nothing()),
    ]
    folder = failing(finished(tmp_path, found, levers=ranges("sweep", x=(1, 4))), "3")
    lines = printed(folder)
    assert "x 1 1 of 1 100.0 – 10.0 –" in lines
    assert "2 0 of 1 not solved yet –" in lines
    assert "3 0 of 1 failed –" in lines
    assert "4 0 of 1 no plan –" in lines
    assert "range = largest − smallest mean of the lever's settings" in lines
    table = summarize(folder.path).sweep
    assert table["waiting"].tolist() == [0, 1, 0, 0]
    assert table["failed"].tolist() == [0, 0, 1, 0]


def test_the_screening_says_why_trajectories_are_left_out(tmp_path: Path) -> None:
    folder = screening(tmp_path, lost="three-1")
    for name in ("one-1", "two-1"):
        (folder.plan_folder(name) / "plan.json").unlink()
    failing(folder, "two-1")
    assert summarize(folder.path).notes == (
        "1 of 9 cases are still to be solved",
        "screening: 3 of 3 trajectories are left out: 1 with a case that is not solved yet; "
        "1 with a case that failed; 1 with a case without a plan",
        "screening: fewer than 2 trajectories are complete",
    )


def test_cases_without_a_plan_come_with_reasons(tmp_path: Path) -> None:
    found = [
        (case("base", "base"), nothing("unknown")),
        (case("told", x=1), nothing("unknown", "the model is too large")),
    ]
    lines = printed(finished(tmp_path, found))
    assert "base unknown: no plan was found in time" in lines
    assert "told unknown: the model is too large" in lines


def test_the_sample_and_the_screening_in_plain_words(tmp_path: Path) -> None:
    points = np.random.default_rng(1).random((20, 2)).tolist()
    found = [
        (case(f"s{i}", "sample", x=x, nothing=y), plan(100 + 10 * x))
        for i, (x, y) in enumerate(points)
    ]
    levers = ranges("sample", x=(0.0, 1.0), nothing=(0.0, 1.0))
    lines = printed(finished(tmp_path / "sample", found, levers=levers))
    assert "lever rank correlation share of spread" in lines
    assert "(−1 … +1) explained" in lines
    assert any(line.startswith("x +1.00 ") for line in lines)
    chance = [line for line in lines if line.startswith("nothing ")]
    assert all(line.endswith("not distinguishable from chance") for line in chance)
    assert len(chance) == 2

    lines = printed(screening(tmp_path / "morris"))
    assert "lever mean size mean spread of effects" in lines
    assert "of effect effect (interaction)" in lines
    assert "a 24.0 24.0 3.00" in lines


def test_sites_and_orders_in_plain_words(tmp_path: Path) -> None:
    lines = printed(finished(tmp_path, [(case("a"), plan(1))]))
    assert "Sites over 1 different case with a plan" in lines
    assert "site open share median mean units mean IT MW" in lines
    assert "of cases opening at the end at the end" in lines
    assert any(line.startswith("oslo open from the start 100.0 % 2027") for line in lines)
    over = "1 different case with a plan"
    assert f"No order is made in at least 90 % of the {over}" in lines


def test_tokens_are_those_of_all_workloads(tmp_path: Path) -> None:
    folder = finished(tmp_path, [(case("a"), plan(1, kpis={"served_ttok": 3.0}))])
    words = ["study", "summary", str(folder.path), "--frontier", "objective_musd:served_ttok"]
    assert "served (all workloads), Ttok" in CliRunner().invoke(cli, words).stdout
