"""Solver processes that stay for the next job: starting one takes longer than many a solve."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Any, Self

from models import lean  # noqa: F401 - before scipy
from optimizer.children import GRACE_S, ChildProcess
from optimizer.errors import SolveError
from optimizer.highs.files import read_cuts, read_solution, write_problem
from optimizer.highs.job import Beat, Job, Outcome, Progress
from optimizer.highs.scaling import Scaling

SMALL = 200_000
"""A process that had a problem with more coefficients ends, to give its memory back. A smaller one
gains nothing from a second thread, and without any process will do for the next."""

JOBS = 200
"""A process that has solved so many problems ends."""


class Child(ChildProcess):
    """A solver process; it solves one job after the other, all with the same number of threads.

    Raises SolveError if the process cannot be started.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.jobs = 0
        try:
            super().__init__("optimizer.highs.child")
        except OSError as error:
            raise SolveError(f"the solver process could not be started: {error}") from error


@dataclass(frozen=True)
class Order:
    """A job in its folder.

    Attributes:
        folder: where its files are.
        threads: cores to use.
        is_small: True if the process is worth keeping afterwards.
        until: when to stop [s, of the monotonic clock]; None: no limit.
        grace_s: how long it may take to end once it is asked to [s].
    """

    folder: Path
    threads: int
    is_small: bool
    until: float | None
    grace_s: float = GRACE_S


class Crew:
    """Solver processes for one caller and all its threads; a context that ends them all."""

    def __init__(self) -> None:
        self._idle: list[Child] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.rest()

    def rest(self) -> None:
        """End the processes that have nothing to do."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What was solved elsewhere than asked for, in words."""
        return ()

    def at_once(self, threads: int) -> int:
        """How many jobs can be in work at once, where a caller has so many cores for them."""
        return threads

    def run(
        self,
        job: Job,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_beat: Beat | None = None,
    ) -> Outcome:
        """Solve a job in a child process and return how it ended.

        Stops at the time limit, when `should_stop` says so, when `on_beat`, which is told how many
        beats have passed and how far the solve has come, says that it shall not go on, or on
        KeyboardInterrupt (which is raised again after the child has gone). Until `on_beat` answers,
        the solve waits. Raises SolveError if no child can be started, or handed the job.
        """
        if is_small(job):
            job = replace(job, threads=1)
        scaling = Scaling.of(job.matrix)
        if scaling is None:
            return self._run(job, on_progress, should_stop, on_beat)
        told = on_progress and (lambda news: on_progress(scaling.progress(news)))
        return scaling.outcome(self._run(scaling.job(job), told, should_stop, on_beat))

    def _run(
        self,
        job: Job,
        on_progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
        on_beat: Beat | None,
    ) -> Outcome:
        until = None if job.time_limit is None else time.monotonic() + job.time_limit
        with folder_of(job) as folder:
            order = Order(folder, job.threads, is_small(job), until, job.grace_s)
            with self.solved(order, on_progress, should_stop, on_beat) as last:
                return outcome_in(folder, last)

    @contextmanager
    def solved(
        self,
        order: Order,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_beat: Beat | None = None,
    ) -> Iterator[dict[str, Any]]:
        """As `run`, for a job in its folder: what the child said last, as a context.

        The solution is in the folder until the context ends, since a child that ends clears up.
        Raises SolveError if no child can be started.
        """
        child = self._take(order.threads)
        stays = False
        try:
            child.tell(f"solve {order.folder}")
            last = _watch(child, order, on_progress, should_stop, on_beat)
            ended = last.get("event") == "end"
            stays = ended and order.is_small and child.jobs < JOBS
            yield last if ended else {**last, "message": f"the solver {child.last_words()}"}
        finally:
            if stays:
                with self._lock:
                    self._idle.append(child)
            else:
                child.end()

    def _take(self, threads: int) -> Child:
        """An idle process with so many threads, which HiGHS fixes for its life, or a new one."""
        with self._lock:
            fit = next((one for one in self._idle if one.threads == threads), None)
            if fit is not None:
                self._idle.remove(fit)
        if fit is not None and fit.process.poll() is not None:
            fit.end()
            fit = None
        child = fit or Child(threads)
        child.jobs += 1
        return child


def run(
    job: Job,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Outcome:
    """Solve a single job with a process of its own, as `Crew.run` does."""
    with Crew() as crew:
        return crew.run(job, on_progress, should_stop)


def write_job(job: Job, folder: Path) -> None:
    """Write a job into its folder."""
    start = job.start.x if job.start else None
    write_problem(folder, job.matrix, job.settings(), start, job.extra)


@contextmanager
def folder_of(job: Job) -> Iterator[Path]:
    """A folder with the files of a job, until the context ends.

    Raises SolveError if they cannot be written.
    """
    with ExitStack() as stack:
        try:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="buildplan-"))
            write_job(job, Path(name))
        except OSError as error:
            raise SolveError(f"a problem could not be written for it: {error}") from error
        yield Path(name)


def is_small(job: Job) -> bool:
    """True if a process needs no more memory for a job than it may keep."""
    return bool(job.matrix.rows.nnz <= SMALL)


def _watch(
    child: Child,
    order: Order,
    on_progress: Callable[[Progress], None] | None,
    should_stop: Callable[[], bool] | None,
    on_beat: Beat | None,
) -> dict[str, Any]:
    """Pass on what the child says of a job until it ends; ask it to stop in time, then kill it."""
    folder = order.folder
    asked: float | None = None
    last: dict[str, Any] = {}
    while last.get("event") != "end":
        try:
            said = child.said.get(timeout=0.1)
            if "plan" in said and "plan" in last:
                (folder / last["plan"]).unlink()
            last = {**last, **said}
            if on_progress and last.get("event") == "progress":
                x = read_solution(folder, said.get("plan"))
                on_progress(Progress(last.get("objective"), last.get("bound"), x))
            if last.get("event") == "beat":
                reached = Progress(last.get("objective"), last.get("bound"))
                goes_on = on_beat is None or on_beat(last["beats"], reached)
                child.tell(f"{'go' if goes_on else 'stop'} {folder}")
                if not goes_on and asked is None:
                    asked = time.monotonic()
        except Empty:
            if child.is_silent:
                return last
        now = time.monotonic()
        late = order.until is not None and now > order.until
        if asked is None and (late or (should_stop is not None and should_stop())):
            asked = now
            child.tell(f"stop {folder}")
        if asked is not None and now - asked > order.grace_s:
            child.process.kill()
    return last


def outcome_in(folder: Path, last: dict[str, Any]) -> Outcome:
    """The child's own account if it finished, else the last plan that it left on disk."""
    if last.get("event") != "end":
        best = read_solution(folder, last.get("plan"))
        return Outcome("failed", best, last.get("bound"), None, last["message"])
    return Outcome(
        last["status"],
        read_solution(folder, last.get("solution")),
        last.get("bound"),
        read_solution(folder, last.get("row_duals")),
        last.get("message", ""),
        last["iterations"],
        read_cuts(folder, last.get("cuts")),
    )
