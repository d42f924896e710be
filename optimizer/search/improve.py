"""Better plans from a plan: reconsider a neighbourhood at a time, as a problem of its own."""

from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from math import inf

import numpy as np

from optimizer.highs import Crew, Job, Outcome, Start
from optimizer.matrix import Floats, Matrix
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
        return best.is_over or best.seconds >= stop_at

    stopping = [False]
    running: dict[Future[Outcome], str] = {}
    with ThreadPoolExecutor(threads) as pool:
        try:
            while not over() and (running or tries_left > 0):
                while len(running) < threads and tries_left > 0 and not (pace.in_step and running):
                    tries_left -= 1
                    assert best.x is not None
                    x = part.shrink(best.x)
                    kind, problem = next_around(x, part, neighbourhoods)
                    job = attempt(problem, x, best.gap, best.target, pace)
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


def next_around(x: Floats, part: Restriction, neighbourhoods: Neighbourhoods) -> tuple[str, Matrix]:
    """The next neighbourhood of a plan of a part: its kind, and the problem with the rest fixed."""
    kind, free = neighbourhoods.next()
    chosen = neighbourhoods.place.columns[free]
    among_kept = np.cumsum(part.kept)[chosen[part.kept[chosen]]] - 1
    return kind, fixed_except(part.matrix, x, among_kept)


def attempt(problem: Matrix, x: Floats, gap: float, target: float | None, pace: Pace) -> Job:
    """A short look for a better plan than x.

    Args:
        problem: the problem within the bounds to look in.
        x: the plan, one of this problem.
        gap: relative gap that is asked for in all [ratio].
        target: cost at which a plan is good enough [MUSD].
        pace: how long it may take.
    """
    return Job(
        problem,
        gap=min(2e-4, gap / 5),
        time_limit=pace.try_s,
        node_limit=pace.try_nodes,
        target=target,
        threads=1,
        start=Start(x),
        root_by_ipm=is_large(len(problem.cost)),
    )
