"""Where memory is limited, a process that only waits tells how the one at work ended.

Native libraries that find no memory end the process at once, with words of their own and any exit
code, 1 among them, which says here that no plan exists. So, where the address space is limited
(`ulimit -v`), a verb runs in a process below this one, and what it says is its last word, or else
counts as a failure. Without a limit nothing of this happens.
"""

import mmap
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

from optimizer.cli.endings import Ending

NEEDED_MB = 430
"""Address space that importing the libraries takes, for a small instance beside [MB]."""

FROM_OUTSIDE = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL}
"""By these a process is ended by somebody, not by a library."""


def is_needed() -> bool:
    """True if the memory of this process is limited, and the system can watch over another."""
    if sys.platform != "linux":
        return False
    import resource

    kinds = (resource.RLIMIT_AS, resource.RLIMIT_DATA)
    return any(resource.getrlimit(kind)[0] != resource.RLIM_INFINITY for kind in kinds)


def check_room() -> None:
    """Raise MemoryError if the libraries cannot even be loaded: most would say so in riddles."""
    if "numpy" in sys.modules:
        return
    try:
        mmap.mmap(-1, NEEDED_MB * 2**20).close()
    except OSError as error:
        raise MemoryError(f"the libraries alone need {NEEDED_MB} MB of address space") from error


def guarded(run: Callable[[], NoReturn], fail: Callable[[str], Ending]) -> NoReturn:
    """Run in a process below this one, and end as it does.

    Args:
        run: ends with SystemExit and a code.
        fail: tells a failure in words, for a process that ended without a word.
    """
    signals = FROM_OUTSIDE - {signal.SIGKILL} | {signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    ear, mouth = os.pipe()
    us = os.getpid()
    pid = os.fork()
    if pid == 0:
        _end_with(us)
        os.close(ear)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        _work(run, mouth)
    os.close(mouth)
    code = os.waitstatus_to_exitcode(_outlive(pid, signals))
    told = os.read(ear, 1)
    if told:
        sys.exit(told[0])
    if -code in FROM_OUTSIDE:
        _die_of(-code)
    sys.exit(fail(_last_words(code)))


def _last_words(code: int) -> str:
    how = f"signal {-code}" if code < 0 else f"code {code}"
    return f"out of memory: a library ended the process ({how}); solve with more memory"


def _work(run: Callable[[], NoReturn], mouth: int) -> NoReturn:
    """Run, and say the exit code; what libraries write as errors by themselves is dropped."""
    if sys.stderr is not None and os.environ.get("BUILDPLAN_DEBUG") != "1":
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="replace")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        threading.excepthook = lambda _facts: None
        sys.unraisablehook = lambda _facts: None
    try:
        run()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else Ending.NO_PLAN
        os.write(mouth, bytes([code]))
        raise


def _end_with(parent: int) -> None:
    """Let this process be killed when its parent ends, however that comes."""
    import ctypes

    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(Ending.NO_PLAN)


def _outlive(pid: int, signals: set[signal.Signals]) -> int:
    """Wait for a process, and pass on what is sent to this one alone; how it ended.

    What the terminal sends reaches both.
    """
    while True:
        news = signal.sigwaitinfo(signals)
        if news.si_signo == signal.SIGCHLD:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return status
        elif news.si_pid:
            os.kill(pid, news.si_signo)


def _die_of(number: int) -> NoReturn:
    """End as the other process did."""
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)
    sys.exit(Ending.NO_PLAN)
