"""Who works on what, among runs of the same study: locks that vanish with their process."""

import fcntl
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self


class Claims:
    """The cases that this run works on, and the folder in which it does.

    A case is claimed by a lock on one byte of the file `.claims`, at a position given by its key:
    when the process ends, however it ends, its claims end. Runs within one process do not see each
    other's claims: they may solve a case twice, which does no harm.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / ".claims").open("a+b")
        self.work = Path()

    def __enter__(self) -> Self:
        self._clear_away()
        prefix = f"{socket.gethostname()}-"
        (self._folder / ".work").mkdir(exist_ok=True)
        self.work = Path(tempfile.mkdtemp(prefix=prefix, dir=self._folder / ".work"))
        self._own = (self.work / ".lock").open("wb")
        fcntl.flock(self._own, fcntl.LOCK_EX)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        self._own.close()
        self._file.close()
        with suppress(OSError):
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
                    shutil.rmtree(work, ignore_errors=True)
            except (BlockingIOError, FileNotFoundError):
                continue


def _position(key: str) -> int:
    return int(key[:12], 16)
