"""Solver processes on the workers of a Dask cluster.

A job goes out as the files that a solver process reads, and its solution comes back as the files
that one writes. What a cluster does not answer is solved here, so that nothing is lost with it.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from dataclasses import replace
from math import inf
from types import TracebackType
from typing import Any, Literal, Self
from uuid import uuid4

from optimizer.children import GRACE_S
from optimizer.cluster import UNANSWERED
from optimizer.cluster.agreement import check_installed, check_versions, in_words
from optimizer.cluster.client import connect
from optimizer.cluster.handed_back import keep
from optimizer.cluster.job import solve_job
from optimizer.cluster.workers import Workers
from optimizer.errors import ClusterError
from optimizer.highs import Beat, Crew, Job, Outcome, Progress
from optimizer.highs.crew import folder_of, is_small, outcome_in

RESULT_S = 30.0
"""How long a solution may take from a worker to here [s]."""

LOOK_S = 0.1
"""How often it is asked whether a job is still wanted [s]."""

LEAST_S = 0.1
"""The least that a job gets here whose time has passed on the cluster [s]."""


class ClusterCrew(Crew):
    """A crew whose jobs are solved by the workers of a Dask cluster; a context.

    Jobs whose caller follows them (`on_progress`, `on_beat`) are solved here. So are those that the
    cluster leaves without an answer, no more of them at a time than there are `threads`.

    Args:
        address: 'tcp://…' or 'tls://…', an existing scheduler; 'local': a cluster for this crew.
        threads: cores here; with 'local' so many workers.

    Raises ClusterError if there is no scheduler, no worker, or one with other versions of ours.
    """

    def __init__(self, address: str, threads: int) -> None:
        super().__init__()
        self._address, self._threads = address, threads
        self._slots = threading.Semaphore(threads)
        self._stack = ExitStack()
        self._unanswered = 0
        self._why = ""
        self._is_lost = False

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._client = connect(stack, self._address, self._threads)
            self._workers = Workers(self._client, self._address)
            self._workers.wait()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._stack:
            super().__exit__(kind, error, trace)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What the cluster has left without an answer, and why."""
        if not self._unanswered:
            return ()
        jobs = f"{self._unanswered} job{'' if self._unanswered == 1 else 's'}"
        return (f"{UNANSWERED}, so solved on this computer: {jobs} ({self._why})",)

    def at_once(self, threads: int) -> int:
        """As many as the workers have threads, but no fewer than here."""
        with suppress(ClusterError):
            return max(threads, self._workers.threads())
        return threads

    def _run(
        self,
        job: Job,
        on_progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
        on_beat: Beat | None,
    ) -> Outcome:
        if on_progress is not None or on_beat is not None:
            return super()._run(job, on_progress, should_stop, on_beat)
        began = time.monotonic()
        outcome = self._run_there(job, should_stop or (lambda: False))
        if outcome is not None:
            return outcome
        with self._lock:
            self._unanswered += 1
        with self._slots:
            if job.time_limit is not None:
                left = job.time_limit - (time.monotonic() - began)
                job = replace(job, time_limit=max(LEAST_S, left))
            return super()._run(job, None, should_stop, None)

    def _run_there(self, job: Job, should_stop: Callable[[], bool]) -> Outcome | None:
        """What a worker makes of a job; None without an answer."""
        if not self._has_workers():
            return None
        with folder_of(job) as folder:
            files = {file.name: file.read_bytes() for file in folder.iterdir()}
            key = f"buildplan-job-{uuid4().hex}"
            future = self._client.submit(solve_job, files, is_small(job), key=key, pure=False)
            try:
                ending = self._ending(future, job.time_limit, should_stop)
                if ending == "stopped":
                    return Outcome("stopped", message="stopped before the cluster had an answer")
                answer = self._answer(future) if ending == "arrived" else None
            finally:
                future.release()
            if answer is None:
                return None
            keep(answer["files"], folder, answer["worker"])
            return outcome_in(folder, answer["last"])

    def _has_workers(self) -> bool:
        """False once the scheduler is gone, or there has been no worker for too long."""
        if not self._is_lost:
            try:
                self._workers.threads()
            except ClusterError as error:
                self._is_lost, self._why = True, str(error)
        return not self._is_lost

    def _ending(
        self, future: Any, time_limit: float | None, should_stop: Callable[[], bool]
    ) -> Literal["arrived", "stopped", "late", "lost"]:
        """Wait for a job to end, to be stopped, for its time to pass, or the cluster to be lost."""
        until = inf if time_limit is None else time.monotonic() + time_limit + GRACE_S
        arrived = threading.Event()
        future.add_done_callback(lambda _: arrived.set())
        while not arrived.wait(LOOK_S) and self._has_workers():
            if should_stop():
                return "stopped"
            if time.monotonic() > until:
                self._why = "no answer within its time; the workers may have other work"
                return "late"
        return "lost" if self._is_lost else "arrived"

    def _answer(self, future: Any) -> dict[str, Any] | None:
        """What came back from a worker; None if nothing did."""
        try:
            answer: dict[str, Any] = future.result(timeout=RESULT_S)
        except (TimeoutError, CancelledError) as error:
            self._why = f"{type(error).__name__}: a worker or the scheduler was lost"
            return None
        except Exception as error:  # noqa: BLE001 - whatever went wrong on the worker
            check_installed(self._address, error)
            self._why = in_words(error)
            return None
        check_versions(answer["worker"], answer["versions"])
        if answer.get("last", {}).get("event") != "end":
            why = answer.get("failure") or answer["last"]["message"]
            self._why = f"worker {answer['worker']}: {why}"
            return None
        return answer
