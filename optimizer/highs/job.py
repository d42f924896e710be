"""One solve in a child process: started, watched, stopped in time, and read back."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Literal

from optimizer.errors import SolveError
from optimizer.highs.files import read_solution, write_problem
from optimizer.matrix import Floats, Matrix

GRACE_S = 15.0
"""How long a child that was asked to stop may take before it is killed [s]."""

Status = Literal["optimal", "infeasible", "stopped", "failed"]


@dataclass(frozen=True)
class Start:
    """A plan to start from: values for all variables; only the whole ones are used."""

    x: Floats


@dataclass(frozen=True)
class Job:
    """What to solve and when to stop.

    Attributes:
        matrix: the problem.
        method: branch and bound ('mip'), interior point without crossover ('ipm': a bound, not a
            vertex), or simplex ('simplex').
        gap: relative gap at which a plan is good enough [ratio].
        time_limit: seconds from the start of the child [s]; None: no limit.
        threads: cores to use.
        seed: seed of random choices.
        start: a plan to start from.
        presolve: False to solve the problem as it stands.
        root_by_ipm: solve the first relaxation of a 'mip' by interior point: faster for large ones.
    """

    matrix: Matrix
    method: Literal["mip", "ipm", "simplex"] = "mip"
    gap: float = 0.0
    time_limit: float | None = None
    threads: int = 1
    seed: int = 0
    start: Start | None = None
    presolve: bool = True
    root_by_ipm: bool = False

    def settings(self) -> dict[str, Any]:
        """The job without its arrays, as the child reads it."""
        return {
            "method": self.method,
            "gap": self.gap,
            "time_limit": self.time_limit,
            "threads": self.threads,
            "seed": self.seed,
            "presolve": self.presolve,
            "root_by_ipm": self.root_by_ipm,
        }


@dataclass(frozen=True)
class Progress:
    """How far a solve has come: best plan and bound so far, if any [MUSD]; a new plan's values."""

    objective: float | None = None
    bound: float | None = None
    x: Floats | None = None


@dataclass(frozen=True)
class Outcome:
    """How a solve ended, with the best solution and bound, if any."""

    status: Status
    x: Floats | None = None
    bound: float | None = None
    row_duals: Floats | None = None
    message: str = ""
    seconds: float = 0.0


@dataclass
class _Child:
    """The running process, and what it has said."""

    process: subprocess.Popen[str]
    folder: Path
    said: Queue[dict[str, Any]] = field(default_factory=Queue)
    listener: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{") and line.endswith("}\n"):
                self.said.put(json.loads(line))

    def ask_to_stop(self) -> None:
        assert self.process.stdin is not None
        with suppress(BrokenPipeError, ValueError):
            self.process.stdin.write("stop\n")
            self.process.stdin.flush()


def run(
    job: Job,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Outcome:
    """Solve a job in a child process and return how it ended.

    Stops at the time limit, when `should_stop` says so, or on KeyboardInterrupt (which is raised
    again after the child has gone). Raises SolveError if the child cannot be started.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="buildplan-") as name:
        folder = Path(name)
        write_problem(folder, job.matrix, job.settings(), job.start.x if job.start else None)
        child = _start(folder)
        try:
            last = _watch(child, job, began, on_progress, should_stop)
        finally:
            _end(child)
        return _read(child, last, time.monotonic() - began)


def _start(folder: Path) -> _Child:
    """Start the child in a session of its own, so that Ctrl-C reaches the parent alone."""
    ours = str(Path(__file__).parents[2])
    path = os.pathsep.join([ours, *(p for p in sys.path if p)])
    try:
        with (folder / "stderr").open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "optimizer.highs.child", str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,
            )
    except OSError as error:
        raise SolveError(f"the solver process could not be started: {error}") from error
    return _Child(process, folder)


def _watch(
    child: _Child,
    job: Job,
    began: float,
    on_progress: Callable[[Progress], None] | None,
    should_stop: Callable[[], bool] | None,
) -> dict[str, Any]:
    """Pass on what the child says until it ends; ask it to stop in time, then kill it."""
    asked: float | None = None
    last: dict[str, Any] = {}
    while True:
        try:
            last = {**last, **child.said.get(timeout=0.1)}
            if on_progress and last.get("event") == "progress":
                x = read_solution(child.folder, last.pop("solution", None))
                on_progress(Progress(last.get("objective"), last.get("bound"), x))
        except Empty:
            if not child.listener.is_alive() and child.said.empty():
                return last
        now = time.monotonic()
        late = job.time_limit is not None and now - began > job.time_limit
        if asked is None and (late or (should_stop is not None and should_stop())):
            asked = now
            child.ask_to_stop()
        if asked is not None and now - asked > GRACE_S:
            child.process.kill()


def _end(child: _Child) -> None:
    """Make sure that the child is gone, whatever happened."""
    if child.process.poll() is None:
        child.ask_to_stop()
        try:
            child.process.wait(timeout=GRACE_S)
        except subprocess.TimeoutExpired:
            child.process.kill()
    child.process.wait()
    child.listener.join()
    for pipe in (child.process.stdin, child.process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _read(child: _Child, last: dict[str, Any], seconds: float) -> Outcome:
    """The child's own account if it finished, else the last plan that it left on disk."""
    ended = last if last.get("event") == "end" else None
    if ended is None:
        errors = (child.folder / "stderr").read_text(errors="replace").strip()
        code = child.process.returncode
        why = f"the solver process ended with code {code}" + (
            f": {errors.splitlines()[-1]}" if errors else ""
        )
        best = read_solution(child.folder, "best.npy")
        return Outcome("failed", best, last.get("bound"), None, why, seconds)
    return Outcome(
        ended["status"],
        read_solution(child.folder, ended.get("solution")),
        ended.get("bound"),
        read_solution(child.folder, ended.get("row_duals")),
        ended.get("message", ""),
        seconds,
    )
