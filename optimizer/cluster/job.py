"""The worker's side of a solve on a Dask cluster: jobs come and go as files.

Dask's scheduler imports this module too, so it loads nothing large until a job is there.
"""

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.highs import Crew

IDLE_S = 60.0
"""Solver processes of a worker that has had no job for so long end, to give their memory back."""


def solve_job(files: Mapping[str, bytes], is_small: bool) -> dict[str, Any]:
    """Solve a job on a Dask worker.

    Args:
        files: the files of the job's folder by name.
        is_small: True if the solver process may stay for the next job.

    Returns what the solver said last and the files that it left by name, or why there are none; and
    who solved it with what.
    """
    from optimizer.cluster.task import wanted_here
    from optimizer.errors import SolveError
    from optimizer.study.keys import versions

    worker, is_wanted = wanted_here()
    solvers: Solvers = vars(worker).setdefault("buildplan_solvers", Solvers())
    try:
        with tempfile.TemporaryDirectory(prefix="buildplan-", dir=worker.local_directory) as name:
            folder = Path(name)
            for file, content in files.items():
                (folder / file).write_bytes(content)
            with solvers.solved(folder, is_small, is_wanted) as last:
                left = [file for file in folder.iterdir() if file.name not in files]
                answer: dict[str, Any] = {
                    "last": last,
                    "files": {file.name: file.read_bytes() for file in left},
                }
    except (OSError, SolveError) as error:
        answer = {"failure": str(error)}
    return answer | {"worker": worker.address, "versions": versions()}


class Solvers:
    """The solver processes of a Dask worker."""

    def __init__(self) -> None:
        self._crew: Crew | None = None
        self._timer = threading.Timer(IDLE_S, self._rest)
        self._lock = threading.Lock()

    @contextmanager
    def solved(
        self, folder: Path, is_small: bool, is_wanted: Callable[[], bool]
    ) -> Iterator[dict[str, Any]]:
        """The job in a folder, solved until nobody wants it: as `Crew.solved`."""
        from optimizer.highs.crew import Crew, Order

        settings = json.loads((folder / "settings.json").read_text())
        limit = settings["time_limit"]
        until = None if limit is None else time.monotonic() + limit
        with self._lock:
            self._timer.cancel()
            crew = self._crew = self._crew or Crew()
        try:
            order = Order(folder, settings["threads"], is_small, until)
            with crew.solved(order, should_stop=lambda: not is_wanted()) as last:
                yield last
        finally:
            with self._lock:
                self._timer.cancel()
                self._timer = threading.Timer(IDLE_S, self._rest)
                self._timer.daemon = True
                self._timer.start()

    def _rest(self) -> None:
        if self._crew is not None:
            self._crew.rest()
