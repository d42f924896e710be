"""How a search goes: a live line on a terminal, plain lines elsewhere, nothing if quiet."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from optimizer.cli import console
from optimizer.figures import gap, money, seconds

if TYPE_CHECKING:
    from rich.text import Text

EVERY_S = 1.0
"""Plain lines come at most so often, except the first of each stage [s]."""


class News(Protocol):
    """What a search tells (optimizer.search.News)."""

    @property
    def objective(self) -> float | None:
        """Cost of the best plan so far [MUSD]."""

    @property
    def bound(self) -> float | None:
        """No plan costs less [MUSD]."""

    @property
    def gap(self) -> float | None:
        """Relative distance of the two [ratio]."""

    @property
    def stage(self) -> str:
        """What is being done."""


class Progress:
    """Told of a stage or of news from the search; this one says nothing."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def stage(self, name: str) -> None:
        """A new stage outside the search begins."""

    def tell(self, news: News) -> None:
        """The search has news."""

    @property
    def elapsed(self) -> str:
        """Time since the command began."""
        return seconds(time.monotonic() - self.began)


class PlainProgress(Progress):
    """A line for each new stage, and for better plans and bounds, but not too many."""

    def __init__(self) -> None:
        super().__init__()
        self.stages: set[str] = set()
        self.said = ""
        self.last = -EVERY_S

    def stage(self, name: str) -> None:
        """Say the stage."""
        self._say(name, name)

    def tell(self, news: News) -> None:
        """Say the news, unless the same or something else was said a moment ago."""
        self._say(in_words(news), news.stage)

    def _say(self, text: str, stage: str) -> None:
        now = time.monotonic()
        soon = now - self.last < EVERY_S and stage in self.stages
        if text == self.said or soon:
            return
        self.stages.add(stage)
        self.said, self.last = text, now
        console.err(f"{self.elapsed:>12}  {text}")


class LiveProgress(Progress):
    """One line that is drawn again and again, with a running clock."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def stage(self, name: str) -> None:
        """Show the stage."""
        self.text = name

    def tell(self, news: News) -> None:
        """Show the news."""
        self.text = in_words(news)

    def __rich__(self) -> "Text":
        from rich.text import Text

        line = f"{self.elapsed:>12}  {console.clean(self.text)}"
        return Text(line, no_wrap=True, overflow="ellipsis")


def in_words(news: News) -> str:
    """One line: stage, plan, bound and gap, as far as there are any."""
    parts = [news.stage]
    if news.objective is not None:
        parts.append(f"plan {money(news.objective)}")
    if news.bound is not None:
        parts.append(f"bound {money(news.bound)}")
    if news.gap is not None:
        parts.append(f"gap {gap(news.gap)}")
    return " · ".join(parts)


@contextmanager
def following(quiet: bool) -> Iterator[Progress]:
    """The progress that suits the screen, for as long as the work goes on."""
    if quiet:
        yield Progress()
    elif not console.is_terminal():
        yield PlainProgress()
    else:
        from rich.console import Console
        from rich.live import Live

        live = LiveProgress()
        with Live(live, console=Console(stderr=True), refresh_per_second=4, transient=True):
            yield live
