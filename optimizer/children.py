"""Processes of our own that take orders as lines and answer with lines of JSON."""

import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from queue import Queue
from typing import Any

from optimizer import shortage

GRACE_S = 15.0
"""How long a process that was asked to end may take before it is killed [s]."""

KILLED = -9
"""The code of a process that was killed."""


class ChildProcess:
    """A running module of ours, in a session of its own, so that Ctrl-C reaches the parent alone.

    It ends when its input ends: also if the parent is killed. Raises OSError if it cannot be
    started.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self.said: Queue[dict[str, Any]] = Queue()
        """What the process has said and nobody has taken yet."""
        self._errors = tempfile.TemporaryFile(prefix="buildplan-")  # noqa: SIM115 - until the end
        ours = str(Path(__file__).parents[1])
        path = os.pathsep.join([ours, *(p for p in sys.path if p)])
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,
            )
        except OSError:
            self._errors.close()
            raise
        self._listener = threading.Thread(target=self._listen, daemon=True)
        try:
            self._listener.start()
        except RuntimeError as error:
            self.process.kill()
            self.process.communicate()
            self._errors.close()
            raise OSError(errno.EAGAIN, f"out of memory: {error}") from error

    def _listen(self) -> None:
        """Take what the process says; one that nobody can hear any more is ended."""
        assert self.process.stdout is not None
        try:
            for line in self.process.stdout:
                if line.startswith("{") and line.endswith("}\n"):
                    self.said.put(json.loads(line))
        except MemoryError:
            self.process.kill()

    @property
    def is_silent(self) -> bool:
        """True once the process has ended and everything it said has been taken."""
        return not self._listener.is_alive() and self.said.empty()

    def tell(self, order: str) -> None:
        """Send a line; a process that is gone does not hear it."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError, ValueError):
            self.process.stdin.write(f"{order}\n")
            self.process.stdin.flush()

    def last_words(self) -> str:
        """How the process ended: its exit code and the last line that it wrote as an error."""
        code = self.process.wait()
        self._errors.seek(0)
        errors = self._errors.read().decode(errors="replace").strip()
        if shortage.is_told(errors):
            return f"process ran out of memory and ended with code {code}"
        if code == KILLED:
            return f"process ended with code {code}: killed, as systems do that run out of memory"
        last = f": {errors.splitlines()[-1]}" if errors else ""
        return f"process ended with code {code}{last}"

    def dismiss(self) -> None:
        """Ask the process to end, without waiting for it."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()

    def end(self, grace_s: float = GRACE_S) -> None:
        """Make sure that the process is gone, whatever it is doing."""
        self.dismiss()
        try:
            self.process.wait(timeout=grace_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.wait()
        self._listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()
