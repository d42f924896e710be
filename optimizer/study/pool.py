"""Who solves the cases: worker processes on this machine, or something that behaves alike."""

import json
import time
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from optimizer.children import ChildProcess
from optimizer.errors import StudyError
from optimizer.study.request import Report, Request

POLL_S = 0.01
"""How often the workers are looked at [s]."""


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


class LocalPool:
    """Worker processes on this machine, one case each at a time.

    Args:
        base: file with the base instance as JSON.
        workers: how many.
        work: folder in which plans are written until they are moved into their place.
    """

    def __init__(self, base: Path, workers: int, work: Path) -> None:
        self._base, self._workers, self._work = base, workers, work
        self._idle: list[ChildProcess] = []
        self._busy: dict[str, tuple[ChildProcess, float | None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for child in (*self._idle, *(child for child, _ in self._busy.values())):
            child.end(grace_s=2.0)
        self._idle, self._busy = [], {}

    @property
    def room(self) -> int:
        """How many workers have nothing to do."""
        return self._workers - len(self._busy)

    def submit(self, request: Request) -> None:
        """Hand a request to an idle worker, or to a new one."""
        child = self._idle.pop() if self._idle else self._start()
        limit = request.options.time_limit
        until = None if limit is None else time.monotonic() + 3 * limit + 120
        self._busy[request.key] = child, until
        into = str(self._work / request.key)
        child.tell(json.dumps({"request": request.as_dict(), "into": into}))

    def _start(self) -> ChildProcess:
        try:
            return ChildProcess("optimizer.study.worker", str(self._base))
        except OSError as error:
            raise StudyError(f"a worker could not be started: {error}") from error

    def reports(self, wait_s: float) -> list[Report]:
        """What has come back, waiting for the first report."""
        end = time.monotonic() + wait_s
        while not (found := [one for key in list(self._busy) if (one := self._look(key))]):
            if time.monotonic() >= end:
                break
            time.sleep(POLL_S)
        return found

    def _look(self, key: str) -> Report | None:
        """What has come of a request, if anything; a worker past its time is killed."""
        child, until = self._busy[key]
        if not child.said.empty():
            told = child.said.get()
            del self._busy[key]
            self._idle.append(child)
            if "unwritable" in told:
                raise StudyError(told["unwritable"])
            if told["failure"]:
                return Report(key, failure=told["failure"])
            return Report(key, folder=self._work / key)
        if child.is_silent:
            del self._busy[key]
            why = f"the worker {child.last_words()}"
            child.end(0.0)
            return Report(key, failure=why, lost=True)
        if until is not None and time.monotonic() > until:
            child.process.kill()
        return None
