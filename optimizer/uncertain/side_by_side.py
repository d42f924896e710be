"""Searches side by side: each has cores of its own, and all end when one says so."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Event

from optimizer.highs import Beat, Job, Outcome, Progress
from optimizer.highs.crew import Crew
from optimizer.search import Result

Task = Callable[[Crew], Result]
"""A search, given the solvers that it may use."""

NOTHING = Result("unknown", None, None)
"""What is known of a search that has not begun, or was needless before its end."""


class Needless(Exception):  # noqa: N818 - no error, and nobody outside sees it
    """What another search has found makes this one needless."""


@dataclass(frozen=True)
class Stop:
    """What searches side by side are told before they have ended.

    Attributes:
        needless: set once what one has found makes the others needless.
        interrupted: set once the user has ended them; they keep what they have.
    """

    needless: Event = field(default_factory=Event)
    interrupted: Event = field(default_factory=Event)


class Stoppable(Crew):
    """A crew whose search ends once it is told to."""

    def __init__(self, crew: Crew, stop: Stop) -> None:
        super().__init__()
        self._crew, self._stop, self._told = crew, stop, False

    def run(
        self,
        job: Job,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_beat: Beat | None = None,
    ) -> Outcome:
        """As `Crew.run`; raises Needless once it is, and KeyboardInterrupt, once, if interrupted:
        the search then keeps what it has."""
        needless, interrupted, told = self._stop.needless, self._stop.interrupted, self._told

        def over() -> bool:
            ends = needless.is_set() or (interrupted.is_set() and not told)
            return ends or (should_stop is not None and should_stop())

        outcome = self._crew.run(job, on_progress, over, on_beat)
        if needless.is_set():
            raise Needless
        if interrupted.is_set() and not self._told:
            self._told = True
            raise KeyboardInterrupt
        return outcome


def side_by_side(
    crew: Crew, tasks: Sequence[Task], workers: int, ends_all: Callable[[Result], bool]
) -> list[Result]:
    """Run searches, so many at a time; the result of each, in their order.

    `ends_all` says of a result that no other is wanted any more: the others then end with NOTHING,
    or, if the user has ended that one, with what they have. On KeyboardInterrupt all stop, keep
    what they have, and their results say so.
    """
    if workers == 1:
        results = []
        for task in tasks:
            results.append(task(crew))
            if ends_all(results[-1]):
                break
        return results + [NOTHING] * (len(tasks) - len(results))
    stop = Stop()
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(_ended, task, Stoppable(crew, stop)) for task in tasks]
        waiting: set[Future[Result]] = set(futures)
        interrupted = False
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for result in [one.result() for one in done if not one.cancelled()]:
                    if ends_all(result):
                        _end(futures, stop.interrupted if result.interrupted else stop.needless)
        except KeyboardInterrupt:
            interrupted = True
            _end(futures, stop.interrupted)
        except BaseException:
            _end(futures, stop.needless)
            raise
    results = [NOTHING if future.cancelled() else future.result() for future in futures]
    return [replace(result, interrupted=True) for result in results] if interrupted else results


def _ended(task: Task, crew: Stoppable) -> Result:
    """What a search ends with, however it ends."""
    try:
        return task(crew)
    except Needless:
        return NOTHING
    except KeyboardInterrupt:
        return replace(NOTHING, interrupted=True)


def _end(futures: Sequence[Future[Result]], told: Event) -> None:
    """Stop the searches that run, and begin no other."""
    told.set()
    for future in futures:
        future.cancel()
