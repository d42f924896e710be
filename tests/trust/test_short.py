"""The trial of everything, a few inputs each: that it runs, counts, and tells what goes wrong."""

import json
from pathlib import Path

import pytest

from benchmarks.trust import worker
from benchmarks.trust.__main__ import main
from benchmarks.trust.kept import Kept
from benchmarks.trust.part import PARTS, Outcome, Part
from benchmarks.trust.watch import Tally, watched

QUICK = ("bytes", "structure", "changes", "studies")


def test_hostile_inputs_are_read_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    words = [word for name in QUICK for word in ("--part", name)]
    assert main([*words, "--short", "--json", "--jobs", "1"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert {name: part["tried"] for name, part in told["parts"].items()} == {
        name: PARTS[name].short for name in QUICK
    }
    assert told["highs"]


def test_what_goes_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(seed: int, folder: Path) -> Outcome:
        raise KeyError(seed)

    outcome = worker._tried(fail, 7)
    assert (outcome.kind, outcome.bad) == ("traceback", True)
    assert "KeyError: 7" in outcome.words


def test_a_process_that_dies_is_told_and_replaced() -> None:
    part = Part("bytes", "", "nowhere", 2, 2)
    lost = watched(Part("missing", "", "", 2, 2), 0, 2)
    assert lost.counts == {"crash": 2}
    assert "KeyError" in lost.bad[0]["words"]
    assert part.name in PARTS


def test_finished_batches_are_kept(tmp_path: Path) -> None:
    part, tally = PARTS["bytes"], Tally()
    tally.note(3, Outcome("hang", bad=True, words="10 s"))
    Kept(tmp_path, fresh=False).keep(part, 0, 5, tally)

    again = Kept(tmp_path, fresh=False).find(part, 0, 5)
    assert again == tally
    assert Kept(tmp_path, fresh=True).find(part, 0, 5) is None
    assert Kept(tmp_path, fresh=False).find(part, 5, 10) is None
