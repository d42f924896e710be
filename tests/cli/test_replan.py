"""`buildplan replan`: exit codes, output and mistakes."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from optimizer import read_instance, solve

Run = Callable[..., Result]

STORY = Path(__file__).parents[2] / "instances" / "two-quarters"


def test_a_new_plan_is_printed_kept_and_explained(run: Run, tmp_path: Path) -> None:
    last = solve(read_instance(STORY / "last-quarter")).save(tmp_path / "last")
    asked = ("replan", last, STORY, "--as-of", "2027-04", "--workers", 1)
    ended = run(*asked, "--out", "new", "--json")
    assert ended.exit_code == 0, ended.output
    told = json.loads(ended.stdout)
    assert told["status"] == "optimal"
    assert told["replan"]["waterfall"][0]["step"] == "last plan"
    assert (tmp_path / "new" / "replan" / "causes.csv").is_file()
    assert run("verify", "new/instance.json", "new").exit_code == 0

    # What was ordered by October does not fit Oslo's late connection.
    ended = run("replan", last, STORY, "--as-of", "2027-10")
    assert ended.exit_code == 2
    assert "orders placed do not fit the instance" in ended.stderr
    ended = run("replan", last, STORY)
    assert ended.exit_code == 2
    assert "give --as-of DATE" in ended.stderr
    # Lulea may not open, and Oslo alone cannot serve what is asked for.
    closed = (*asked, "--set", "sites.lulea.grid_mw=0", "--quiet")
    ended = run(*closed)
    assert ended.exit_code == 1
    assert "no plan exists with the orders placed by 2027-04-01" in ended.stderr
    ended = run(*asked, "--out", last)
    assert ended.exit_code == 2
    assert "holds the last plan" in ended.stderr


def test_what_is_missing_or_too_much_is_said(run: Run, tmp_path: Path) -> None:
    ended = run("replan")
    assert ended.exit_code == 2
    assert "name the folder of the last plan and today's instance" in ended.stderr
    ended = run("replan", tmp_path, STORY, "--as-of", "2027-04")
    assert ended.exit_code == 2
    assert "holds no plan" in ended.stderr
    ended = run("replan", tmp_path, STORY, "--rolling", STORY / "replay.yaml")
    assert ended.exit_code == 2
    assert "takes no plan" in ended.stderr


def test_a_replay_tells_the_regret(run: Run, tmp_path: Path) -> None:
    ended = run("replan", "--rolling", STORY / "replay.yaml", "--out", "replayed", "--json")
    assert ended.exit_code == 0, ended.output
    told = json.loads(ended.stdout)
    assert round(told["regret_musd"][0], 6) == 26.4
    assert (tmp_path / "replayed" / "steps.csv").is_file()
