"""What the drills have in common: studies, processes to kill, and results to compare."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from models.instance import Instance
from optimizer import read_instance
from optimizer.study.case import Case, Study
from optimizer.study.run import run_study
from tests.small import tiny

MARK = "BUILDPLAN_DRILL"
"""An environment variable that all processes of a drill inherit."""

WORKER, SOLVER = "optimizer.study.worker", "optimizer.highs.child"


def small_study(count: int = 8) -> Study:
    """Cases that take hardly any time."""
    scales = {f"demand-{i:02d}": {"demand.scale": 0.5 + i / 10} for i in range(count)}
    return study_of(tiny(), scales)


MANY = 32
"""Cases of a study in which many processes are killed."""


def southgate_study(count: int = 10) -> Study:
    """Cases that take about half a second each."""
    inst = read_instance("instances/southgate").with_changes({"horizon.months": [3, 3, 3, 3]})
    scales = {f"demand-{i:02d}": {"demand.scale": 0.8 + i / 50} for i in range(count)}
    return study_of(inst, scales)


def study_of(inst: Instance, cases: dict[str, dict[str, object]]) -> Study:
    """A study of named cases."""
    listed = tuple(Case(name, "cases", changes) for name, changes in cases.items())
    return Study("drill", inst, listed, gap=0.01)


def run(study: Study, out: Path, workers: int = 2) -> dict[str, str]:
    """Run a study to its end; the status of each case."""
    return {one.case.name: one.status for one in run_study(study, out=out, workers=workers)}


def tables(folder: Path) -> dict[str, bytes]:
    """The results of a study, byte by byte."""
    return {file.name: file.read_bytes() for file in sorted((folder / "results").iterdir())}


def finished(folder: Path) -> dict[str, tuple[int, int]]:
    """The finished cases, and what changes if one is written again."""
    plans = (folder / "cases").glob("*/plan.json")
    return {p.parent.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in plans}


def leftovers(folder: Path) -> list[str]:
    """What should not be in a study's folder after a run."""
    known = {"study.json", "instance.json", "cases", "results", "timings.parquet"}
    locks = {".claims", ".runs.lock", ".results.lock", ".timings.lock"}
    inside = {file.name for file in (folder / "cases").iterdir() if len(file.name) != 32}
    return sorted({file.name for file in folder.iterdir()} - known - locks | inside)


def processes(mark: str, module: str = "") -> list[int]:
    """The living processes of a drill that run a module of ours; of any module if left out."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            inherited = f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0")
            command = (process / "cmdline").read_bytes().split(b"\0")
            if (
                inherited
                and module.encode() in (*command, b"")
                and int(process.name) != os.getpid()
            ):
                found.append(int(process.name))
    return found


def kill(pid: int) -> bool:
    """Kill a process at once; False if it has ended by itself."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def all_gone(mark: str, within_s: float = 5.0) -> bool:
    """True if no process of a drill is left after a while."""
    end = time.monotonic() + within_s
    while processes(mark):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
