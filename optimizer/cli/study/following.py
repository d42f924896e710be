"""How a study goes: a bar on a terminal, plain lines elsewhere, nothing if quiet."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from optimizer.cli import console
from optimizer.figures import money, seconds

if TYPE_CHECKING:
    from optimizer.study.run import CaseResult

EVERY_S = 5.0
"""Plain lines come at most so often [s]."""

MOST = 10
"""So many cases that failed or stopped without a plan are named at the end."""


class Following:
    """Told of each result as it comes.

    Attributes:
        counts: cases by status.
        kept: cases that were finished before this run.
        unfortunate: cases that failed or were stopped without a plan, with the reason.
    """

    def __init__(self, total: int, show: Callable[[str, int], None]) -> None:
        self.total, self._show = total, show
        self.counts: dict[str, int] = {}
        self.unfortunate: list[tuple[str, str]] = []
        self._began = time.monotonic()
        self.kept = 0
        self._best: tuple[float, str] | None = None

    @property
    def done(self) -> int:
        """Cases that have ended."""
        return sum(self.counts.values())

    @property
    def seconds(self) -> float:
        """Time since the study began to run [s]."""
        return time.monotonic() - self._began

    def tell(self, result: "CaseResult") -> None:
        """A case has ended."""
        self.counts[result.status] = self.counts.get(result.status, 0) + 1
        self.kept += result.kept
        cost = result.objective_musd
        if cost is not None:
            found = cost, result.case.name
            self._best = found if self._best is None else min(self._best, found)
        if result.status in {"failed", "unknown"} and len(self.unfortunate) < MOST:
            why = "; ".join(result.reasons) or "no plan was found in time"
            self.unfortunate.append((result.case.name, why))
        self._show(self.in_words(), self.done)

    def in_words(self) -> str:
        """Counts, best so far, rate, and time left."""
        counts = ", ".join(f"{count:,} {status}" for status, count in self.counts.items())
        parts = [f"{self.done:,} of {self.total:,} cases", counts or "none yet"]
        if self._best is not None:
            parts.append(f"cheapest {money(self._best[0])} ({self._best[1]})")
        if self.kept:
            parts.append(f"{self.kept:,} kept from before")
        if solved := self.done - self.kept:
            parts.append(f"{60 * solved / max(self.seconds, 1e-3):,.0f} a minute")
            if left := self.total - self.done:
                parts.append(f"{seconds(self.seconds / solved * left)} left")
        return " · ".join(parts)


@contextmanager
def following(total: int, quiet: bool) -> Iterator[Following]:
    """What suits the screen, for as long as the study runs."""
    if quiet:
        yield Following(total, lambda _text, _done: None)
    elif not console.is_terminal():
        yield Following(total, _plain_lines(total))
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = TimeElapsedColumn(), BarColumn(bar_width=24), TextColumn("{task.fields[text]}")
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=total, text="starting")

            def show(text: str, done: int) -> None:
                from rich.markup import escape

                bar.update(task, completed=done, text=escape(console.clean(text)))

            yield Following(total, show)


def _plain_lines(total: int) -> Callable[[str, int], None]:
    began = last = time.monotonic()
    last -= EVERY_S

    def show(text: str, done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= EVERY_S or done == total:
            last = now
            console.err(f"{seconds(now - began):>12}  {text}")

    return show
