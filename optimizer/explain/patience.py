"""When to stop looking for a cheaper way: proving that there is none can take far longer."""

import time

from optimizer.highs import Progress

PATIENCE_S = 20.0
"""Once no cheaper way was found for so long, the cheapest so far is taken [s]."""


class Patience:
    """Ends when no better solution was found for some time."""

    def __init__(self) -> None:
        self._last: float | None = None

    def hear(self, progress: Progress) -> None:
        """Note when a better solution is found."""
        if progress.x is not None:
            self._last = time.monotonic()

    def is_over(self) -> bool:
        """True if there is a solution, and none better for some time."""
        return self._last is not None and time.monotonic() - self._last > PATIENCE_S
