"""Better plans from a plan: reconsider a neighbourhood at a time, as a problem of its own."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from math import inf

import numpy as np

from optimizer.highs import Crew, Job, Start
from optimizer.matrix import Floats, Matrix
from optimizer.search.guided import Guide
from optimizer.search.incumbent import Incumbent
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import Pace, is_large
from optimizer.search.polish import fixed_except, polish
from optimizer.search.restriction import Restriction, widen

GRACE_S = 2.0
"""How long a try may take to end once nobody waits for it any more [s]."""

ABREAST = 2
"""Most tries at a time in step: the same on any machine that has so many cores."""


@dataclass(frozen=True)
class Tried:
    """What came of a try.

    Attributes:
        kind: of its neighbourhood; None: the plan's own whole numbers, and everything else.
        x: the best plan found, if any.
        solved: True if no plan of the neighbourhood is better.
    """

    kind: str | None
    x: Floats | None
    solved: bool


def improve(
    crew: Crew,
    best: Incumbent,
    guided: Guide,
    neighbourhoods: Neighbourhoods,
    threads: int,
    pace: Pace,
) -> None:
    """Search neighbourhoods of the best plan, one a core, for a round or until good enough.

    What has been begun when the round is over is brought to its end: most plans are found late.
    Meanwhile a better plan may use everything there is, with its whole numbers as they are; one
    plan at a time. In step, two are searched at a time, and what comes of each is taken in the
    order in which they began, so that it does not matter which of them is the first to end.

    Args:
        crew: the solvers.
        best: the plan to improve, which has been made exact, and the clock.
        guided: the variables to look at, beside those that the plan uses.
        neighbourhoods: where to look.
        threads: cores to use.
        pace: how long a round and one neighbourhood may take.
    """
    stop_at = inf if pace.round_s is None else best.seconds + pace.round_s
    tries_left = inf if pace.round_tries is None else pace.round_tries

    stopping = False

    def ends() -> bool:
        return stopping or (best.out_of_time if pace.in_step else best.is_over)

    def goes_on() -> bool:
        return tries_left > 0 and best.seconds < stop_at

    part, routed = guided.part, best.x
    abreast = min(threads, ABREAST) if pace.in_step else threads
    running: dict[Future[Tried], str | None] = {}
    with ThreadPoolExecutor(abreast) as pool:
        try:
            while not best.is_over and (running or goes_on()):
                while len(running) < abreast and goes_on():
                    x = best.x
                    assert x is not None
                    if x is not routed and None not in running.values() and not best.is_exact:
                        routed = x
                        running[pool.submit(_routed, crew, best, x, ends)] = None
                        continue
                    tries_left -= 1
                    part = widen(guided.matrix, part, x)
                    kind, problem = next_around(x, part, neighbourhoods)
                    job = attempt(problem, part.shrink(x), best, best.target, pace)
                    running[pool.submit(_tried, crew, part, kind, job, ends)] = kind
                awaited = list(running)[: 1 if pace.in_step else abreast]
                for future in wait(awaited, timeout=1.0, return_when=FIRST_COMPLETED).done:
                    del running[future]
                    _take(future.result(), best, neighbourhoods)
        finally:
            stopping = True
            for future in () if pace.in_step and best.good_enough else running:
                _take(future.result(), best, neighbourhoods)


def _take(tried: Tried, best: Incumbent, neighbourhoods: Neighbourhoods) -> None:
    """Keep what was found, and learn from it where to look."""
    before = best.objective
    best.offer_plan(tried.x, exact=tried.kind is None)
    if tried.kind is not None:
        better = best.objective != before
        neighbourhoods.learn(tried.kind, solved=tried.solved, better=better)


def _routed(crew: Crew, best: Incumbent, x: Floats, should_stop: Callable[[], bool]) -> Tried:
    """A plan with its whole numbers, that may use everything else there is."""
    found = polish(crew, best.matrix, x, time_limit=best.time_left, should_stop=should_stop)
    return Tried(None, found, solved=found is not None)


def _tried(
    crew: Crew, part: Restriction, kind: str, job: Job, should_stop: Callable[[], bool]
) -> Tried:
    """The best plan found in a neighbourhood."""
    outcome = crew.run(job, None, should_stop)
    x = None if outcome.x is None else part.expand(outcome.x)
    return Tried(kind, x, solved=outcome.status == "optimal")


def next_around(x: Floats, part: Restriction, neighbourhoods: Neighbourhoods) -> tuple[str, Matrix]:
    """The next neighbourhood of a plan of a part: its kind, and the problem with the rest fixed."""
    kind, free = neighbourhoods.next(x)
    chosen = neighbourhoods.place.columns[free]
    among_kept = np.cumsum(part.kept)[chosen[part.kept[chosen]]] - 1
    return kind, fixed_except(part.matrix, part.shrink(x), among_kept)


def attempt(problem: Matrix, x: Floats, best: Incumbent, target: float | None, pace: Pace) -> Job:
    """A short look for a better plan than x.

    Args:
        problem: the problem within the bounds to look in.
        x: the plan, one of this problem.
        best: the gap that is asked for in all, and the clock.
        target: cost at which a plan is good enough [MUSD].
        pace: how long it may take.
    """
    left = best.time_left
    return Job(
        problem,
        gap=min(2e-4, best.gap / 5),
        time_limit=pace.try_s if left is None else min(left, pace.try_s),
        node_limit=pace.try_nodes,
        target=target,
        threads=1,
        start=Start(x),
        root_by_ipm=is_large(len(problem.cost)),
        restart=pace.try_nodes != 1,
        grace_s=GRACE_S,
    )
