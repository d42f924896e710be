"""A running child process: started, asked, listened to, and ended."""

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

from optimizer.errors import SolveError

GRACE_S = 15.0
"""How long a child that was asked to stop may take before it is killed [s]."""


class Child:
    """A solver process; it solves one job after the other, all with the same number of threads.

    Raises SolveError if the process cannot be started.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.jobs = 0
        self.said: Queue[dict[str, Any]] = Queue()
        self._errors = tempfile.TemporaryFile(prefix="buildplan-")  # noqa: SIM115 - until the end
        self.process = self._start()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _start(self) -> subprocess.Popen[str]:
        """In a session of its own, so that Ctrl-C reaches the parent alone."""
        ours = str(Path(__file__).parents[2])
        path = os.pathsep.join([ours, *(p for p in sys.path if p)])
        try:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "optimizer.highs.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,
            )
        except OSError as error:
            self._errors.close()
            raise SolveError(f"the solver process could not be started: {error}") from error

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{") and line.endswith("}\n"):
                self.said.put(json.loads(line))

    @property
    def is_silent(self) -> bool:
        """True once the process has ended and everything it said has been heard."""
        return not self._listener.is_alive() and self.said.empty()

    def tell(self, order: str, folder: Path) -> None:
        """Ask the child to solve, or to stop, the job in a folder; a child that is gone is not."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError, ValueError):
            self.process.stdin.write(f"{order} {folder}\n")
            self.process.stdin.flush()

    def last_words(self) -> str:
        """How the process ended: its exit code and the last line that it wrote as an error."""
        self.process.wait()
        self._errors.seek(0)
        errors = self._errors.read().decode(errors="replace").strip()
        last = f": {errors.splitlines()[-1]}" if errors else ""
        return f"the solver process ended with code {self.process.returncode}{last}"

    def end(self, grace_s: float = GRACE_S) -> None:
        """Make sure that the process is gone, whatever it is doing."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=grace_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.wait()
        self._listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()
