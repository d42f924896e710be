"""Branch and bound, on the whole problem or a part of it, with second thoughts where needed."""

import time
from collections.abc import Callable

from optimizer.highs import Beat, Crew, Job, Outcome, Progress, Start
from optimizer.options import Options
from optimizer.search.incumbent import Incumbent
from optimizer.search.pace import Pace, is_large
from optimizer.search.restriction import Restriction

BEAT = 150
"""Steps between two beats: about as long as one neighbourhood takes."""

RETHINK_NODES = 200
RETHINK_S = 30.0
"""Most nodes and time for second thoughts about an answer that there is already [s]."""


def branch(
    crew: Crew,
    best: Incumbent,
    part: Restriction,
    options: Options,
    pace: Pace | None = None,
    on_beat: Beat | None = None,
) -> Outcome:
    """Branch and bound on a part of the problem, from the best plan so far.

    The bound counts only if the part is the whole. Stops when the plan is good enough; with a pace
    also when it finds no better one for so long; and when `on_beat` (see `Crew.run`) says so.
    """
    large = is_large(len(part.matrix.cost))
    job = Job(
        part.matrix,
        gap=options.gap if part.is_whole else options.gap / 2,
        time_limit=best.time_left,
        threads=options.threads,
        seed=options.seed,
        start=_start(best, part),
        node_limit=pace.nodes if pace else None,
        target=best.target,
        root_by_ipm=large,
        beat=BEAT if on_beat else None,
    )
    patience_s = pace.patience_s if pace else None
    return _run(crew, best, part, job, _stopper(best, patience_s) if large else None, on_beat)


def rethink(
    crew: Crew, best: Incumbent, whole: Restriction, options: Options, *, to_the_end: bool
) -> Outcome:
    """Ask again about the whole problem, without presolve and with another seed.

    With `to_the_end` there is no answer yet; else the one there is has only to be doubted.
    """
    left = best.time_left
    job = Job(
        whole.matrix,
        gap=options.gap,
        time_limit=left if to_the_end else min(RETHINK_S, left or RETHINK_S),
        threads=options.threads,
        seed=options.seed + 1,
        start=_start(best, whole),
        presolve=False,
        node_limit=None if to_the_end else RETHINK_NODES,
        root_by_ipm=is_large(len(whole.matrix.cost)),
    )
    return _run(crew, best, whole, job)


def _start(best: Incumbent, part: Restriction) -> Start | None:
    return Start(part.shrink(best.x)) if best.x is not None else None


def _run(
    crew: Crew,
    best: Incumbent,
    part: Restriction,
    job: Job,
    should_stop: Callable[[], bool] | None = None,
    on_beat: Beat | None = None,
) -> Outcome:
    def heard(progress: Progress) -> None:
        if progress.x is not None:
            best.offer_plan(part.expand(progress.x))
        if part.is_whole:
            best.offer_bound(progress.bound)

    outcome = crew.run(job, heard, should_stop, on_beat)
    if outcome.x is not None:
        best.offer_plan(part.expand(outcome.x))
    if part.is_whole:
        best.offer_bound(outcome.bound)
    return outcome


def _stopper(best: Incumbent, patience_s: float | None) -> Callable[[], bool]:
    first = best.objective
    seen: tuple[float | None, float] = (first, time.monotonic())

    def enough() -> bool:
        nonlocal seen
        if best.objective != seen[0]:
            seen = best.objective, time.monotonic()
        waited = time.monotonic() - seen[1]
        stalled = patience_s is not None and best.objective != first and waited > patience_s
        return best.good_enough or stalled

    return enough
