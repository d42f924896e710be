"""Branch and bound, on the whole problem or a part of it, with second thoughts where needed."""

import time
from collections.abc import Callable

from optimizer.highs import Job, Outcome, Progress, Start, run
from optimizer.options import Options
from optimizer.search.incumbent import Incumbent
from optimizer.search.pace import is_large
from optimizer.search.restriction import Restriction


def branch(
    best: Incumbent,
    part: Restriction,
    options: Options,
    patience_s: float | None = None,
    *,
    second_thoughts: bool = False,
    time_limit: float | None = None,
) -> Outcome:
    """Branch and bound on a part of the problem, from the best plan so far.

    The bound counts only if the part is the whole. Stops when the plan is good enough, or with
    `patience_s` when there was no better one for so long. `second_thoughts` asks with another seed
    and without presolve, and does not stop before it is done or `time_limit` is up.
    """
    job = Job(
        part.matrix,
        gap=options.gap if part.is_whole else options.gap / 2,
        time_limit=best.time_left if time_limit is None else time_limit,
        threads=options.threads,
        seed=options.seed + second_thoughts,
        start=Start(part.shrink(best.x)) if best.x is not None else None,
        presolve=not second_thoughts,
        root_by_ipm=is_large(len(part.matrix.cost)),
    )
    stop = None if second_thoughts else _stopper(best, patience_s)
    outcome = run(job, _listener(best, part), stop)
    if outcome.x is not None:
        best.offer_plan(part.expand(outcome.x))
    if part.is_whole:
        best.offer_bound(outcome.bound)
    return outcome


def _listener(best: Incumbent, part: Restriction) -> Callable[[Progress], None]:
    def heard(progress: Progress) -> None:
        if progress.x is not None:
            best.offer_plan(part.expand(progress.x))
        if part.is_whole:
            best.offer_bound(progress.bound)

    return heard


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
