"""Better plans from a plan: reconsider a neighbourhood at a time, as a problem of its own."""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import numpy as np

from optimizer.highs import Job, Outcome, Start, run
from optimizer.search.incumbent import Incumbent
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.polish import fixed_except
from optimizer.search.restriction import Restriction

TRY_S = 40.0
"""Longest time for one neighbourhood [s]."""


def improve(
    best: Incumbent,
    restriction: Restriction,
    neighbourhoods: Neighbourhoods,
    threads: int,
    stop_at: float | None = None,
) -> None:
    """Search neighbourhoods of the best plan, one a core, until it is good enough or time is up.

    Args:
        best: the plan to improve and the clock.
        restriction: the variables to look at.
        neighbourhoods: where to look.
        threads: cores to use.
        stop_at: seconds of the search's clock at which to stop [s]; None: no such time.
    """

    def over() -> bool:
        late = stop_at is not None and best.seconds >= stop_at
        return best.good_enough or best.out_of_time or late

    stopping = [False]
    running: dict[Future[Outcome], str] = {}
    with ThreadPoolExecutor(threads) as pool:
        try:
            while not over():
                while len(running) < threads:
                    kind, job = _next_job(best, restriction, neighbourhoods)
                    task = pool.submit(run, job, None, lambda: stopping[0] or over())
                    running[task] = kind
                done, _ = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
                for future in done:
                    outcome = future.result()
                    neighbourhoods.learn(running.pop(future), solved=outcome.status == "optimal")
                    if outcome.x is not None:
                        best.offer_plan(restriction.expand(outcome.x))
        finally:
            stopping[0] = True


def _next_job(
    best: Incumbent, restriction: Restriction, neighbourhoods: Neighbourhoods
) -> tuple[str, Job]:
    assert best.x is not None
    kind, free = neighbourhoods.next()
    x = restriction.shrink(best.x)
    chosen = neighbourhoods.place.columns[free]
    among_kept = np.cumsum(restriction.kept)[chosen[restriction.kept[chosen]]] - 1
    job = Job(
        fixed_except(restriction.matrix, x, among_kept),
        gap=2e-4,
        time_limit=TRY_S,
        threads=1,
        start=Start(x),
        root_by_ipm=True,
    )
    return kind, job
