"""Branch and bound, on the whole problem or a part of it, with second thoughts where needed."""

import time
from collections.abc import Callable

from optimizer.highs import Beat, Crew, Job, Outcome, Progress, Start
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search.incumbent import Incumbent
from optimizer.search.pace import Pace, is_large
from optimizer.search.restriction import Restriction

OnDraft = Callable[[Floats], None]
"""Takes what branch and bound finds where that is no plan yet, see optimizer.search.drafts."""

BEAT = 1500
"""Steps between two beats: some neighbourhoods take as long, most take less. Branch and bound that
waits for them loses more than they do."""

DECIDED = frozenset({"optimal", "infeasible", "failed"})
"""How a look at the whole problem ends that needs no other."""

CHEAP = 3_000_000
"""An answer that took less is asked for twice, because solvers can be wrong [iterations times
coefficients]; counted, not timed, so that it is the same everywhere."""

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
    on_draft: OnDraft | None = None,
) -> Outcome:
    """Branch and bound on a part of the problem, from the best plan so far.

    The bound counts only if the part is the whole. Stops when the plan is good enough; with a pace
    also when it finds no better one for so long; and when `on_beat` (see `Crew.run`) says so. What
    it finds is handed to `on_draft`, if that is given, and is no plan then; half of the gap is left
    for what makes a plan of it.
    """
    large = is_large(len(part.matrix.cost))
    job = Job(
        part.matrix,
        gap=options.gap if part.is_whole and on_draft is None else options.gap / 2,
        time_limit=best.time_left,
        threads=options.threads,
        seed=options.seed,
        start=_start(best, part),
        node_limit=pace.nodes if pace else None,
        target=best.target if on_draft is None else None,
        root_by_ipm=large,
        beat=BEAT if on_beat else None,
    )
    patience_s = pace.patience_s if pace else None
    should_stop = _stopper(best, patience_s) if large else None
    return _run(crew, best, part, job, should_stop, on_beat, on_draft)


def is_cheap(outcome: Outcome, matrix: Matrix) -> bool:
    """True of an answer to a problem that took so little that it is asked for twice."""
    cheap = outcome.iterations * int(matrix.rows.nnz) < CHEAP
    return outcome.status == "optimal" and cheap


def doubt(
    crew: Crew, best: Incumbent, whole: Restriction, outcome: Outcome, options: Options
) -> None:
    """Ask again about a cheap answer to the whole problem; a better plan refutes its bound."""
    if is_cheap(outcome, whole.matrix):
        best.enter("checking the answer with other settings")
        rethink(crew, best, whole, options, to_the_end=False)


def rethink(
    crew: Crew,
    best: Incumbent,
    whole: Restriction,
    options: Options,
    *,
    to_the_end: bool,
    on_draft: OnDraft | None = None,
) -> Outcome:
    """Ask again about the whole problem, without presolve and with another seed.

    With `to_the_end` there is no answer yet; else the one there is has only to be doubted.
    `on_draft` as of `branch`.
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
    return _run(crew, best, whole, job, on_draft=on_draft)


def _start(best: Incumbent, part: Restriction) -> Start | None:
    return Start(part.shrink(best.x)) if best.x is not None else None


def _run(
    crew: Crew,
    best: Incumbent,
    part: Restriction,
    job: Job,
    should_stop: Callable[[], bool] | None = None,
    on_beat: Beat | None = None,
    on_draft: OnDraft | None = None,
) -> Outcome:
    found = on_draft or best.offer_plan

    def heard(progress: Progress) -> None:
        if progress.x is not None:
            found(part.expand(progress.x))
        if part.is_whole:
            best.offer_bound(progress.bound)

    outcome = crew.run(job, heard, should_stop, on_beat)
    if outcome.x is not None:
        found(part.expand(outcome.x))
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
