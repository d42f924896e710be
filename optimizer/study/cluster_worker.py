"""The worker's side of a Dask cluster: a case comes as text, its plan goes back as files.

Dask's scheduler imports this module too, so it loads nothing large until a case is there.
"""

import base64
import hashlib
import json
import shutil
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

IDLE_S = 60.0
"""A process that has had nothing to do for so long ends, to give its memory back [s]."""

LOOK_S = 1.0
"""How often a worker asks itself whether its case is still wanted [s]."""


def packed(text: str) -> dict[str, str]:
    """The base instance for the wire: its JSON as compressed text, and the hash that names it."""
    content = text.encode()
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "text": base64.b85encode(zlib.compress(content)).decode(),
    }


def solve_case(request: str, base: dict[str, str]) -> dict[str, Any]:
    """Solve a case on a Dask worker.

    Args:
        request: a request as JSON.
        base: the base instance, packed.

    Returns the files of the plan by name, or why there are none; and who solved it with what.
    """
    from optimizer.cluster.task import wanted_here
    from optimizer.errors import StudyError
    from optimizer.study.keys import versions

    worker, is_wanted = wanted_here()
    desks: Desks = vars(worker).setdefault("buildplan_desks", Desks())
    try:
        with desks.borrow(base, worker.local_directory) as desk:
            answer = desk.solve(json.loads(request), is_wanted)
    except (OSError, StudyError) as error:
        answer = {"failure": f"worker {worker.address}: {error}", "lost": True}
    return answer | {"worker": worker.address, "versions": versions()}


class Desk:
    """A process that solves cases of one base instance, and the folder that it works in."""

    def __init__(self, base: dict[str, str], place: str) -> None:
        from optimizer.study.pool import LocalPool

        self.sha256 = base["sha256"]
        self.timer = threading.Timer(0, self.close)
        self._stack = ExitStack()
        scratch = tempfile.TemporaryDirectory(prefix="buildplan-", dir=place)
        folder = Path(self._stack.enter_context(scratch))
        file = folder / "instance.json"
        file.write_bytes(zlib.decompress(base64.b85decode(base["text"])))
        self._pool = self._stack.enter_context(LocalPool(file, 1, folder))

    def solve(self, told: dict[str, Any], is_wanted: Callable[[], bool]) -> dict[str, Any]:
        """Solve a case; StudyError if nobody wants it any more."""
        from optimizer.errors import StudyError
        from optimizer.study.request import Request

        self._pool.submit(Request.from_dict(told))
        while not (reports := self._pool.reports(LOOK_S)):
            if not is_wanted():
                raise StudyError("the case is no longer wanted")
        (report,) = reports
        if report.folder is None:
            return {"failure": report.failure, "lost": report.lost}
        files = [file for file in report.folder.rglob("*") if file.is_file()]
        content = {file.relative_to(report.folder).as_posix(): file.read_bytes() for file in files}
        shutil.rmtree(report.folder)
        return {"files": content}

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._stack.close()


class Desks:
    """The desks of a Dask worker: in use or free, no more than it has threads."""

    def __init__(self) -> None:
        self._free: list[Desk] = []
        self._lock = threading.Lock()

    @contextmanager
    def borrow(self, base: dict[str, str], place: str) -> Iterator[Desk]:
        """A free desk with this base instance, or a new one; it stays unless something fails."""
        desk = self._take(base["sha256"]) or Desk(base, place)
        try:
            yield desk
        except BaseException:
            desk.close()
            raise
        desk.timer = threading.Timer(IDLE_S, self._clear, [desk])
        desk.timer.daemon = True
        with self._lock:
            self._free.append(desk)
            desk.timer.start()

    def _take(self, sha256: str) -> Desk | None:
        """A free desk with this base instance; if there is none, one of another makes room."""
        with self._lock:
            fit = next((desk for desk in self._free if desk.sha256 == sha256), None)
            desk = fit or next(iter(self._free), None)
            if desk is None:
                return None
            self._free.remove(desk)
            desk.timer.cancel()
        if desk is not fit:
            desk.close()
        return fit

    def _clear(self, desk: Desk) -> None:
        """Close a desk that is still free."""
        with self._lock:
            if desk not in self._free:
                return
            self._free.remove(desk)
        desk.close()
