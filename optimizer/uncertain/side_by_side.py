"""Searches side by side: each has cores of its own, and all end when one says so."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Event

from optimizer.highs import Beat, Job, Outcome, Progress
from optimizer.highs.crew import Crew
from optimizer.search import Result

Task = Callable[[Crew], Result]
"""A search, given the solvers that it may use."""


class Stoppable(Crew):
    """A crew that stops once an event is set: the search that uses it then keeps what it has."""

    def __init__(self, crew: Crew, stop: Event) -> None:
        super().__init__()
        self._crew, self._stop, self._told = crew, stop, False

    def run(
        self,
        job: Job,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_beat: Beat | None = None,
    ) -> Outcome:
        """As `Crew.run`; raises KeyboardInterrupt, once, when it is to stop."""
        if self._told:
            return self._crew.run(job, on_progress, should_stop, on_beat)

        def over() -> bool:
            return self._stop.is_set() or (should_stop is not None and should_stop())

        outcome = self._crew.run(job, on_progress, over, on_beat)
        if self._stop.is_set() and not self._told:
            self._told = True
            raise KeyboardInterrupt
        return outcome


def side_by_side(
    crew: Crew, tasks: Sequence[Task], workers: int, ends_all: Callable[[Result], bool]
) -> list[Result]:
    """Run searches, so many at a time; the results of those that ended, or were stopped.

    `ends_all` says of a result that no other is wanted any more. On KeyboardInterrupt all stop, and
    their results say so.
    """
    if workers == 1:
        results = []
        for task in tasks:
            results.append(task(crew))
            if ends_all(results[-1]):
                break
        return results
    stop = Event()
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(task, Stoppable(crew, stop)) for task in tasks]
        waiting: set[Future[Result]] = set(futures)
        interrupted = False
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                if any(not one.cancelled() and ends_all(one.result()) for one in done):
                    _end(futures, stop)
        except KeyboardInterrupt:
            interrupted = True
            _end(futures, stop)
        except BaseException:
            _end(futures, stop)
            raise
    results = [future.result() for future in futures if not future.cancelled()]
    return [replace(result, interrupted=True) for result in results] if interrupted else results


def _end(futures: Sequence[Future[Result]], stop: Event) -> None:
    """Begin no other search, and stop those that run."""
    for future in futures:
        future.cancel()
    stop.set()
