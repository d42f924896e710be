"""Real runs of the command line that are hurt: how they are started, ended and looked after."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

from benchmarks.trust.corpus import ROOT
from benchmarks.trust.part import Outcome
from tests.study.faults import drills

LONGEST_S = 900.0
"""A run that takes longer hangs [s]."""

AMPLE = 2**40
"""A limit of memory that nothing reaches: the run knows that it is limited [bytes]."""


class Run:
    """A run of a verb as a process of its own; all processes below it carry its mark.

    `limit` is a limit on resources, of which kind and how much; those below it have it too.
    `temporary` is the folder for temporary files.
    """

    def __init__(
        self,
        folder: Path,
        *words: object,
        limit: tuple[int, int] | None = None,
        temporary: Path | None = None,
    ):
        self.mark = uuid.uuid4().hex
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        more = {} if temporary is None else {"TMPDIR": str(temporary)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "optimizer", *(str(word) for word in words)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONPATH": path, drills.MARK: self.mark, **more},
        )
        if limit is not None:
            resource.prlimit(self.process.pid, limit[0], (limit[1], resource.RLIM_INFINITY))

    def hurt(self, number: signal.Signals, after_s: float) -> None:
        """Send a signal after a while, if it still runs then."""
        if not self._ends_within(after_s):
            self.process.send_signal(number)

    def tighten(self, after_s: float, more: int, module: str = "") -> int:
        """After a while, give its processes so much more memory [bytes], if they still run then.

        `module`: only those that run this module. Returns how many there were.
        """
        if self._ends_within(after_s):
            return 0
        found = drills.processes(self.mark, module)
        for pid in found:
            with suppress(OSError):
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
                most = pages * resource.getpagesize() + more
                resource.prlimit(pid, resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
        return len(found)

    def ended(self) -> tuple[int, str, str]:
        """Exit code, standard output and standard error; one that hangs is killed, code -9."""
        try:
            out, err = self.process.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
        return self.process.returncode, out, err

    def leftovers(self) -> list[int]:
        """Processes that outlive it for more than some seconds; they are killed."""
        end = time.monotonic() + 30.0
        while (left := drills.processes(self.mark)) and time.monotonic() < end:
            time.sleep(0.05)
        for pid in left:
            drills.kill(pid)
        return left

    def _ends_within(self, seconds: float) -> bool:
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def bad(kind: str, *words: object) -> Outcome:
    """An outcome that must not happen."""
    return Outcome(kind, bad=True, words="\n".join(str(word) for word in words))


NEWS = re.compile(
    r" *[\d.,]+ (s|min|h) .*"
    r"|(Plan|Values|Alternatives|Report) written to .*"
    r"|Results in .*"
    r"|the plan without changes|estimates of \d+ levers|\d+ exact values"
)
"""What a run says on standard error that is no failure."""


def complaints(err: str) -> list[str]:
    """What a run that is not quiet says on standard error beside news."""
    return [line for line in err.splitlines() if line.strip() and not NEWS.fullmatch(line)]
