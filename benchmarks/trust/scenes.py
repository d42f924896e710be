"""What is run while it is hurt, how long that takes by itself, and what must be left of it."""

import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from signal import Signals

import pandas as pd

from benchmarks.trust.corpus import INSTANCES
from benchmarks.trust.runs import Run
from optimizer.cli.endings import Ending

TINY = INSTANCES / "tiny"
SCALES = "  demand.scale: [0.6, 0.7, 0.8, 0.9, 1.0, 1.1]"
STUDY = f"name: hurt\ninstance: {TINY}\nsweep:\n{SCALES}\n"
"""A study of six cases."""

HURT = ("solve", "study", "report")
VERBS = (*HURT, "values", "alternatives")


def prepared(verb: str, folder: Path, place: Path | None = None) -> tuple[list[object], Path]:
    """The words of a run of a verb, and the folder of its result: `place`, else one in `folder`."""
    place = place or folder / "result"
    if verb == "study":
        (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
        words = [verb, "run", folder / "study.yaml", "--out", place, "--workers", 2]
        return list(words), place
    if verb == "report":
        return [verb, _plan(), "--out", place / "page.html"], place
    further: dict[str, list[object]] = {
        "values": ["--top", 2, "--workers", 1],
        "alternatives": ["--differ", 1, "--count", 1, "--within", "50%"],
    }
    return [verb, TINY, "--out", place, *further.get(verb, ())], place


@cache
def _plan() -> Path:
    """The folder of a plan; kept while this process lives."""
    folder = Path(tempfile.mkdtemp(prefix="buildplan-trust-scene-"))
    done = Run(folder, "solve", TINY, "--out", folder / "plan", "--quiet")
    assert done.ended()[0] == Ending.DONE
    return folder / "plan"


@cache
def undisturbed_s(verb: str) -> float:
    """How long a run of a verb takes if nothing hurts it [s]."""
    with tempfile.TemporaryDirectory(prefix="buildplan-trust-") as name:
        words, _ = prepared(verb, Path(name))
        began = time.monotonic()
        assert Run(Path(name), *words).ended()[0] == Ending.DONE
        return time.monotonic() - began


def moment(dice: Random, verb: str) -> float:
    """After how many seconds a run of a verb is hurt: at any time from its start to its end."""
    return dice.uniform(0.0, undisturbed_s(verb))


@dataclass(frozen=True)
class Hurt:
    """A run of a verb that was sent a signal, and how it ended."""

    verb: str
    words: list[object]
    place: Path
    after_s: float
    run: Run
    code: int
    out: str
    err: str


def hurt(by: Signals, seed: int, folder: Path) -> Hurt:
    """Send a signal to a run of a verb at a random moment, and wait for its end."""
    verb = HURT[seed % len(HURT)]
    after_s = moment(Random(f"{by.name} {seed}"), verb)
    words, place = prepared(verb, folder)
    run = Run(folder, *words)
    run.hurt(by, after_s)
    return Hurt(verb, words, place, after_s, run, *run.ended())


def half_written(verb: str, place: Path) -> str:
    """What of a result that is there is not whole; empty if all of it is."""
    from optimizer.study.folder import is_whole

    if not place.exists():
        return ""
    if verb == "solve":
        return _plan_at_fault(place)
    if verb == "alternatives":
        return next(filter(None, map(_plan_at_fault, place.glob("plans/*"))), "")
    if verb == "report":
        page = place / "page.html"
        ends = not page.exists() or page.read_text(encoding="utf-8").rstrip().endswith("</html>")
        return "" if ends else "the page ends early"
    cases = place.glob("cases/*")
    bad = [case.name for case in cases if (case / "plan.json").exists() and not is_whole(case)]
    return f"cases {bad}" if bad else _tables_at_fault(place)


def _plan_at_fault(place: Path) -> str:
    from optimizer import read_instance, verify
    from optimizer.errors import PlanError

    try:
        found = verify(read_instance(TINY), place).violations
    except PlanError as error:
        return f"plan: {error}"
    return "" if not found else f"plan: {found[0].message}"


def _tables_at_fault(place: Path) -> str:
    for table in [*place.glob("*.parquet"), *place.glob("results/*.parquet")]:
        try:
            pd.read_parquet(table)
        except (OSError, ValueError) as error:
            return f"{table.name}: {error}"
    return ""


def goes_on(folder: Path, words: list[object]) -> str:
    """Why the same run cannot be made again afterwards; empty if it can."""
    code, _, err = Run(folder, *words).ended()
    return "" if code == Ending.DONE else f"again: exit code {code}\n{err[-800:]}"
