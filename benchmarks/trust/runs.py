"""Real runs of the command line that are hurt: how they are started, ended and looked after."""

import os
import resource
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from random import Random

from benchmarks.trust.corpus import INSTANCES, ROOT
from benchmarks.trust.part import Outcome
from optimizer.cli.endings import Ending
from tests.study.faults import drills

LONGEST_S = 120.0
"""A run that takes longer hangs [s]."""

TINY = INSTANCES / "tiny"
SCALES = "  demand.scale: [0.6, 0.7, 0.8, 0.9, 1.0, 1.1]"
STUDY = f"name: hurt\ninstance: {TINY}\nsweep:\n{SCALES}\n"
"""A study of six cases."""


class Run:
    """A run of a verb as a process of its own; all processes below it carry its mark.

    `limit` is a limit on resources, of which kind and how much; those below it have it too.
    """

    def __init__(self, folder: Path, *words: object, limit: tuple[int, int] | None = None):
        self.mark = uuid.uuid4().hex
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "optimizer", *(str(word) for word in words)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path, drills.MARK: self.mark},
        )
        if limit is not None:
            kind, most = limit
            resource.prlimit(self.process.pid, kind, (most, most))

    def hurt(self, number: signal.Signals, after_s: float) -> None:
        """Send a signal after a while, if it still runs then."""
        try:
            self.process.wait(timeout=after_s)
        except subprocess.TimeoutExpired:
            self.process.send_signal(number)

    def ended(self) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        out, err = self.process.communicate(timeout=LONGEST_S)
        return self.process.returncode, out, err

    def leftovers(self) -> list[int]:
        """Processes that outlive it for more than some seconds."""
        end = time.monotonic() + 20.0
        while (left := drills.processes(self.mark)) and time.monotonic() < end:
            time.sleep(0.05)
        return left


def prepared(verb: str, folder: Path) -> tuple[list[object], Path]:
    """The words of a run of a verb, and the place of its result."""
    place = folder / "result"
    if verb == "solve":
        return [verb, TINY, "--out", place], place
    if verb == "study":
        (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
        words = [verb, "run", folder / "study.yaml", "--out", place, "--workers", 2]
        return list(words), place
    if not (folder / "plan").exists():
        done = Run(folder, "solve", TINY, "--out", folder / "plan", "--quiet")
        assert done.ended()[0] == Ending.DONE
    return [verb, folder / "plan", "--out", place / "page.html"], place


def half_written(verb: str, place: Path) -> str:
    """What of a result that is there is not whole; empty if all of it is."""
    from optimizer import read_instance, verify
    from optimizer.errors import PlanError
    from optimizer.study.folder import is_whole

    if verb == "solve" and place.exists():
        try:
            found = verify(read_instance(TINY), place).violations
        except PlanError as error:
            return f"plan: {error}"
        return "" if not found else f"plan: {found[0].message}"
    if verb == "study":
        cases = list((place / "cases").glob("*")) if place.exists() else []
        bad = [case.name for case in cases if (case / "plan.json").exists() and not is_whole(case)]
        return f"cases {bad}" if bad else ""
    page = place / "page.html"
    if page.exists() and not page.read_text(encoding="utf-8").rstrip().endswith("</html>"):
        return "the page ends early"
    return ""


def goes_on(folder: Path, words: list[object]) -> str:
    """Why the same run cannot be made again afterwards; empty if it can."""
    code, _, err = Run(folder, *words).ended()
    return "" if code == Ending.DONE else f"again: exit code {code}\n{err[-800:]}"


def verb_and_moment(seed: int, what: str) -> tuple[str, float]:
    """A verb, and after how many seconds it is hurt."""
    dice = Random(f"{what} {seed}")
    verb = ("solve", "study", "report")[seed % 3]
    return verb, dice.uniform(0.0, {"solve": 6.0, "study": 15.0, "report": 4.0}[verb])


def bad(kind: str, *words: object) -> Outcome:
    """An outcome that must not happen."""
    return Outcome(kind, bad=True, words="\n".join(str(word) for word in words))
