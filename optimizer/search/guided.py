"""Large problems: bounded and guided by the relaxation, improved by neighbourhoods."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from optimizer.compiling import CompiledModel
from optimizer.highs import Job, Progress, run
from optimizer.options import Options
from optimizer.search.bound import dual_bound
from optimizer.search.improve import improve
from optimizer.search.incumbent import Incumbent
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.polish import polish
from optimizer.search.restriction import Restriction, restrict, widen

WITHIN = 0.003
"""Relative reduced cost up to which a variable that the relaxation does not use is looked at."""

PATIENCE_S = 30.0
"""Time since the last better plan after which branch and bound gives way to neighbourhoods [s]."""

ROUND_S = 60.0
"""Time of neighbourhood search between two looks at the whole problem [s]."""

WORTHWHILE = 2e-4
"""Relative improvement in a round below which neighbourhoods are given up [ratio]."""


def guide(best: Incumbent, compiled: CompiledModel, options: Options) -> None:
    """Find a bound and good plans; return when they are good enough, or stop getting better."""
    matrix = compiled.matrix
    best.enter("relaxation")
    job = Job(matrix.relaxed(), method="ipm", time_limit=best.time_left, threads=options.threads)
    with ThreadPoolExecutor(1) as pool:
        nothing_built = pool.submit(polish, matrix, matrix.lower)
        relaxation = run(job)
        best.offer_plan(nothing_built.result())
    if relaxation.x is None or relaxation.row_duals is None:
        return
    best.offer_bound(dual_bound(matrix, relaxation.row_duals))
    optional = compiled.optional()
    restriction = restrict(matrix, optional, relaxation.x, relaxation.row_duals, WITHIN)
    best.enter("branch and bound near the relaxation")
    _branch(best, restriction, options)
    neighbourhoods = Neighbourhoods(compiled.place(), options.seed)
    while not (best.good_enough or best.out_of_time) and best.objective is not None:
        before = best.objective
        restriction = _settle(best, restriction, options)
        best.enter("neighbourhoods")
        improve(best, restriction, neighbourhoods, options.threads, best.seconds + ROUND_S)
        if best.objective > (1 - WORTHWHILE) * before:
            return


def _branch(best: Incumbent, restriction: Restriction, options: Options) -> None:
    """Branch and bound on the smaller problem until it stops finding better plans."""
    job = Job(
        restriction.matrix,
        gap=options.gap / 2,
        time_limit=best.time_left,
        threads=options.threads,
        seed=options.seed,
        root_by_ipm=True,
    )
    follow = best.follow(bound_counts=False)
    outcome = run(job, _expanding(restriction, follow), _stalled(best))
    if outcome.x is not None:
        best.offer_plan(restriction.expand(outcome.x))


def _expanding(
    restriction: Restriction, follow: Callable[[Progress], None]
) -> Callable[[Progress], None]:
    def heard(progress: Progress) -> None:
        x = None if progress.x is None else restriction.expand(progress.x)
        follow(Progress(x=x))

    return heard


def _stalled(best: Incumbent) -> Callable[[], bool]:
    """True when the plan is good enough, or has not become better for a while."""
    first = best.objective
    seen: tuple[float | None, float] = (first, time.monotonic())

    def stalled() -> bool:
        nonlocal seen
        if best.objective != seen[0]:
            seen = best.objective, time.monotonic()
        waited = time.monotonic() - seen[1]
        return best.good_enough or (best.objective != first and waited > PATIENCE_S)

    return stalled


def _settle(best: Incumbent, restriction: Restriction, options: Options) -> Restriction:
    """Solve the whole problem for the plan's whole numbers; look at what it uses from now on."""
    assert best.x is not None
    best.enter("routes of the best plan")
    best.offer_plan(polish(best.matrix, best.x, options.threads))
    return widen(best.matrix, restriction, best.x)
