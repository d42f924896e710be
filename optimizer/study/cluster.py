"""Solving the cases of a study on a Dask cluster: an existing one, or one of its own.

Cases go out as text and plans come back as files, so that neither side trusts the other's objects.
Who solves what is Dask's business; what is finished is the study folder's, so that nothing but
cases in work is lost with the cluster.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from models.instance import Instance
from optimizer.cluster.agreement import check_installed, check_versions, in_words
from optimizer.cluster.client import connect
from optimizer.cluster.handed_back import keep
from optimizer.cluster.workers import Workers
from optimizer.errors import ClusterError, StudyError
from optimizer.study.cluster_worker import packed, solve_case
from optimizer.study.request import Report, Request

RESULT_S = 30.0
"""How long a plan may take from a worker to here until others are looked after [s]."""

POLL_S = 0.01
"""How often the cases are looked at [s]."""


class DaskPool:
    """The workers of a Dask cluster, one case for each of their threads.

    Args:
        address: 'tcp://…' or 'tls://…', an existing scheduler; 'local': a cluster for this run.
        base: the base instance.
        workers: cases to solve at the same time; None: as many as the workers have threads.
        work: folder in which plans are written until they are moved into their place.

    Raises StudyError if there is no scheduler, no worker, or one with other versions of ours.
    """

    def __init__(self, address: str, base: Instance, workers: int | None, work: Path) -> None:
        self._address, self._workers, self._work = address, workers, work
        self._base = packed(json.dumps(base.model_dump(mode="json"), allow_nan=False))
        self._pending: dict[str, Any] = {}
        self._submitted = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack, _ending_the_study():
            self._client = connect(stack, self._address, self._workers)
            self._there = Workers(self._client, self._address)
            self._there.wait()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._stack:
            if self._pending and self._client.status == "running":
                with suppress(OSError):
                    self._client.cancel(list(self._pending.values()))
            self._pending = {}

    @property
    def room(self) -> int:
        """How many threads of workers have nothing to do."""
        threads = self._count()
        wanted = threads if self._workers is None else min(threads, self._workers)
        return wanted - len(self._pending)

    def submit(self, request: Request) -> None:
        """Hand a request to the cluster."""
        self._submitted += 1
        self._pending[request.key] = self._client.submit(
            solve_case,
            json.dumps(request.as_dict()),
            self._base,
            key=f"buildplan-{request.key}-{self._submitted}",
            pure=False,
        )

    def reports(self, wait_s: float) -> list[Report]:
        """What has come back, waiting for the first report."""
        end = time.monotonic() + wait_s
        while not (found := [one for key in list(self._pending) if (one := self._look(key))]):
            self._count()
            if time.monotonic() >= end:
                break
            time.sleep(POLL_S)
        return found

    def _count(self) -> int:
        """How many threads the workers have, as of a moment ago."""
        with _ending_the_study():
            return self._there.threads()

    def _look(self, key: str) -> Report | None:
        """What has come of a request, if anything."""
        future = self._pending[key]
        if future.status in {"pending", "lost"} or self._client.status != "running":
            return None
        try:
            answer = future.result(timeout=RESULT_S)
        except TimeoutError:  # The worker has gone with the plan; another one makes it again.
            return None
        except CancelledError:
            report = Report(key, failure="the cluster dropped the case", lost=True)
        except Exception as error:  # noqa: BLE001 - whatever went wrong on the worker
            report = self._failed(key, error)
        else:
            report = self._arrived(key, answer)
        del self._pending[key]
        return report

    def _failed(self, key: str, error: Exception) -> Report:
        """What to make of an error that Dask reports instead of an answer."""
        with _ending_the_study():
            check_installed(self._address, error)
        return Report(key, failure=in_words(error), lost=type(error).__name__ == "KilledWorker")

    def _arrived(self, key: str, answer: dict[str, Any]) -> Report:
        """What an answer says; the files of a plan are written."""
        with _ending_the_study():
            check_versions(answer["worker"], answer["versions"])
        if "files" not in answer:
            return Report(key, failure=answer["failure"], lost=answer["lost"])
        folder = self._work / key
        with _ending_the_study():
            keep(answer["files"], folder, answer["worker"])
        return Report(key, folder=folder)


@contextmanager
def _ending_the_study() -> Iterator[None]:
    """A cluster that cannot be used is the end of the study."""
    try:
        yield
    except ClusterError as error:
        raise StudyError(str(error)) from error
