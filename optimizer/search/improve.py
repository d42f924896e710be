"""Better plans from a plan: reconsider a neighbourhood at a time, as a problem of its own."""

from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from math import inf

import numpy as np

from optimizer.highs import Crew, Job, Outcome, Start
from optimizer.search.incumbent import Incumbent
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import Pace, is_large
from optimizer.search.polish import fixed_except
from optimizer.search.restriction import Restriction


def improve(
    crew: Crew,
    best: Incumbent,
    part: Restriction,
    neighbourhoods: Neighbourhoods,
    threads: int,
    pace: Pace,
) -> None:
    """Search neighbourhoods of the best plan, one a core, for a round or until good enough.

    Args:
        crew: the solvers.
        best: the plan to improve and the clock.
        part: the variables to look at.
        neighbourhoods: where to look.
        threads: cores to use.
        pace: how long a round and one neighbourhood may take.
    """
    stop_at = inf if pace.round_s is None else best.seconds + pace.round_s
    tries_left = inf if pace.round_tries is None else pace.round_tries
    until = ALL_COMPLETED if pace.in_step else FIRST_COMPLETED

    def over() -> bool:
        return best.good_enough or best.out_of_time or best.seconds >= stop_at

    stopping = [False]
    running: dict[Future[Outcome], str] = {}
    with ThreadPoolExecutor(threads) as pool:
        try:
            while not over() and (running or tries_left > 0):
                while len(running) < threads and tries_left > 0 and not (pace.in_step and running):
                    tries_left -= 1
                    kind, job = _next_job(best, part, neighbourhoods, pace)
                    task = pool.submit(crew.run, job, None, lambda: stopping[0] or over())
                    running[task] = kind
                done, waiting = wait(running, timeout=1.0, return_when=until)
                for future in [] if pace.in_step and waiting else list(running):
                    if future not in done:
                        continue
                    outcome = future.result()
                    neighbourhoods.learn(running.pop(future), solved=outcome.status == "optimal")
                    if outcome.x is not None:
                        best.offer_plan(part.expand(outcome.x))
        finally:
            stopping[0] = True


def _next_job(
    best: Incumbent, part: Restriction, neighbourhoods: Neighbourhoods, pace: Pace
) -> tuple[str, Job]:
    assert best.x is not None
    kind, free = neighbourhoods.next()
    x = part.shrink(best.x)
    chosen = neighbourhoods.place.columns[free]
    among_kept = np.cumsum(part.kept)[chosen[part.kept[chosen]]] - 1
    job = Job(
        fixed_except(part.matrix, x, among_kept),
        gap=min(2e-4, best.gap / 5),
        time_limit=pace.try_s,
        node_limit=pace.try_nodes,
        target=best.target,
        threads=1,
        start=Start(x),
        root_by_ipm=is_large(len(part.matrix.cost)),
    )
    return kind, job
