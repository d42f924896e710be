"""Who works on what, among runs of the same study: locks that vanish with their process."""

import fcntl
import shutil
import socket
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from optimizer.study.results.lock import exclusive

LOCK = ".runs.lock"
"""Held while folders of runs come and go, so that no run takes a new one for an abandoned one."""


class Claims:
    """The cases that this run works on, and the folder in which it does.

    A case is claimed by a lock on one byte of the file `.claims`, at a position given by its key:
    when the process ends, however it ends, its claims end. Runs within one process do not see each
    other's claims: they may solve a case twice, which does no harm.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self.work = Path()

    def __enter__(self) -> Self:
        with ExitStack() as stack, exclusive(self._folder / LOCK):
            self._clear_away()
            (self._folder / ".work").mkdir(exist_ok=True)
            prefix = f"{socket.gethostname()}-"
            self.work = Path(tempfile.mkdtemp(prefix=prefix, dir=self._folder / ".work"))
            stack.callback(shutil.rmtree, self.work, ignore_errors=True)
            own = stack.enter_context((self.work / ".lock").open("wb"))
            fcntl.flock(own, fcntl.LOCK_EX)
            self._file = stack.enter_context((self._folder / ".claims").open("a+b"))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        with suppress(OSError), exclusive(self._folder / LOCK):
            (self._folder / ".work").rmdir()

    def take(self, key: str) -> bool:
        """Claim a case; False if another run works on it."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _position(key))
        except (BlockingIOError, PermissionError):
            return False
        return True

    def give_back(self, key: str) -> None:
        """Let others have the case."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _position(key))

    def _clear_away(self) -> None:
        """Remove what runs that were killed have left behind."""
        for work in (self._folder / ".work").glob("*"):
            try:
                with (work / ".lock").open("rb") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            except FileNotFoundError:
                pass
            shutil.rmtree(work, ignore_errors=True)


def _position(key: str) -> int:
    return int(key[:12], 16)
