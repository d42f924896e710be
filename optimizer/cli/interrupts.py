"""Ctrl-C and termination: the first asks for the plan in hand, the second ends at once."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from optimizer.cli import console

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl-C, termination, and the closing of the terminal, where the system knows them."""

ECHO_S = 1.0
"""Wrappers pass on a signal that the terminal has sent already; so soon it is the same one [s]."""


STOPPING = "Stopping: the best plan so far, if any, is checked and kept; Ctrl-C again drops it"


class _Handler:
    def __init__(self, quiet: bool, message: str) -> None:
        self.quiet, self.message = quiet, message
        self.held = False
        self.first: float | None = None

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.held or (self.first is not None and now - self.first < ECHO_S):
            return
        if self.first is None and not self.quiet:
            console.err(self.message)
        self.first = now
        raise KeyboardInterrupt


class Interrupts:
    """While a plan is searched for."""

    def __init__(self, handler: _Handler) -> None:
        self._handler = handler

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let nothing interrupt what is done here: a plan is being written."""
        self._handler.held = True
        try:
            yield
        finally:
            self._handler.held = False


@contextmanager
def interruptible(quiet: bool, message: str = STOPPING) -> Iterator[Interrupts]:
    """Turn Ctrl-C and termination into KeyboardInterrupt; the first time, say the message."""
    handler = _Handler(quiet, message)
    if threading.current_thread() is not threading.main_thread():
        yield Interrupts(handler)
        return
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield Interrupts(handler)
    finally:
        for number, old in before.items():
            signal.signal(number, old)
