"""Who solves the cases: worker processes on this machine, or something that behaves alike."""

import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from optimizer import shortage
from optimizer.children import ChildProcess
from optimizer.errors import StudyError
from optimizer.study.request import Report, Request

POLL_S = 0.01
"""How often the workers are looked at [s]."""

PATIENCE, PATIENCE_S = 3, 120.0
"""A worker is killed after so many times the time limit, and so much more [s]."""

STARTS = 30
"""If so many workers in a row are lost before they are ready, there is something wrong."""


class Pool(Protocol):
    """Workers for the cases of a study; a context that ends them."""

    def __enter__(self) -> Self:
        """Start."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all workers, whatever they are doing."""

    @property
    def room(self) -> int:
        """How many more requests would find a worker."""

    def submit(self, request: Request) -> None:
        """Hand a request to a worker."""

    def reports(self, wait_s: float) -> list[Report]:
        """What has come back; waits so long for the first [s]. Raises StudyError."""


class _Worker(ChildProcess):
    """A worker process; `is_ready` once it has read the base instance."""

    def __init__(self, base: Path) -> None:
        self.is_ready = False
        try:
            super().__init__("optimizer.study.worker", str(base))
        except OSError as error:
            raise StudyError(f"a worker could not be started: {error}") from error


@dataclass
class _Task:
    """A request in work, who works on it, and how long that may take [s]."""

    request: Request
    worker: _Worker
    limit: float | None
    began: float
    overdue: bool = False

    @property
    def is_late(self) -> bool:
        """True once it has taken longer than it may."""
        return self.limit is not None and time.monotonic() - self.began > self.limit


class LocalPool:
    """Worker processes on this machine, one case each at a time.

    Args:
        base: file with the base instance as JSON, which nobody changes.
        workers: how many.
        work: folder in which plans are written until they are moved into their place.
    """

    def __init__(self, base: Path, workers: int, work: Path) -> None:
        self._base, self._workers, self._work = base, workers, work
        self._idle: list[_Worker] = []
        self._busy: dict[str, _Task] = {}
        self._false_starts = 0
        self._unwritable = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        workers = [*self._idle, *(task.worker for task in self._busy.values())]
        for worker in workers:
            worker.dismiss()
        for worker in workers:
            worker.end(grace_s=2.0)
        self._idle, self._busy = [], {}

    @property
    def room(self) -> int:
        """How many workers have nothing to do."""
        return self._workers - len(self._busy)

    def submit(self, request: Request) -> None:
        """Hand a request to an idle worker, or to a new one."""
        worker = self._free_worker()
        limit = request.options.time_limit
        longest = None if limit is None else PATIENCE * limit + PATIENCE_S
        self._busy[request.key] = _Task(request, worker, longest, time.monotonic())
        into = str(self._work / request.key)
        worker.tell(json.dumps({"request": request.as_dict(), "into": into}))

    def _free_worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.process.poll() is None:
                return worker
            worker.end(0.0)
        return _Worker(self._base)

    def reports(self, wait_s: float) -> list[Report]:
        """What has come back, waiting for the first report."""
        end = time.monotonic() + wait_s
        while not (found := [one for key in list(self._busy) if (one := self._look(key))]):
            if self._unwritable:
                raise StudyError(self._unwritable)
            if time.monotonic() >= end:
                break
            time.sleep(POLL_S)
        return found

    def _look(self, key: str) -> Report | None:
        """What has come of a request, if anything; a worker past its time is killed."""
        task = self._busy[key]
        while not task.worker.said.empty():
            told = task.worker.said.get()
            if "ready" not in told:
                return self._answer(key, told)
            task.worker.is_ready, self._false_starts = True, 0
        if task.worker.is_silent:
            return self._loss(key, task)
        if task.is_late:
            task.overdue = True
            task.worker.process.kill()
        return None

    def _answer(self, key: str, told: dict[str, Any]) -> Report | None:
        """What a worker says; that it could not write concerns all, once the others are heard."""
        self._idle.append(self._busy.pop(key).worker)
        if "unwritable" in told:
            self._unwritable = told["unwritable"]
            return None
        if told["failure"]:
            return Report(key, failure=told["failure"])
        return Report(key, folder=self._work / key)

    def _loss(self, key: str, task: _Task) -> Report | None:
        """A worker has ended by itself: what is to blame, the case or something else?"""
        del self._busy[key]
        why = f"the worker {task.worker.last_words()}"
        task.worker.end(0.0)
        if task.overdue:
            return Report(key, failure=f"no answer within {task.limit:.0f} s")
        if task.worker.is_ready:
            return Report(key, failure=why, lost=task.worker.process.returncode < 0)
        self._false_starts += 1
        was_killed = task.worker.process.returncode == -signal.SIGKILL
        if self._false_starts >= STARTS or (shortage.is_told(why) and not was_killed):
            raise StudyError(f"workers end before they are ready: {why}")
        self.submit(task.request)
        return None
