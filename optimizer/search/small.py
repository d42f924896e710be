"""Small problems: large decisions first, then everything, with neighbourhoods beside."""

from dataclasses import replace
from math import inf

from optimizer.highs import Crew, Outcome
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search.beside import Beside
from optimizer.search.branch import DECIDED, OnDraft, branch, doubt, is_cheap, rethink
from optimizer.search.drafts import Drafts
from optimizer.search.guided import Guide
from optimizer.search.incumbent import NO_GAP, Incumbent, refutes
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import QUICK_PACE, Pace
from optimizer.search.restriction import Restriction, everything
from optimizer.search.rounds import look_around, make_exact


def search_small(
    crew: Crew,
    best: Incumbent,
    matrix: Matrix,
    guided: Guide | None,
    around: Neighbourhoods,
    options: Options,
    pace: Pace,
) -> Outcome | None:
    """Go on from the first plans; the outcome of the last look at the whole problem, if any."""

    if guided is not None:
        _make_better(crew, best, guided, around, options)
        _large_first(crew, best, matrix, guided, around, options, pace)
    if best.is_over:
        return None
    best.enter("branch and bound")
    whole = everything(matrix)
    outcome = _branch(crew, best, whole, guided, around, options, pace)
    doubt(crew, best, whole, outcome, options)
    if outcome.status in DECIDED:
        return outcome
    if guided is not None:
        everywhere = replace(guided, part=everything(guided.matrix))
        look_around(crew, best, everywhere, around, options, pace)
    if best.is_over:
        return None
    best.enter("branch and bound on everything")
    return branch(crew, best, whole, options)


def _make_better(
    crew: Crew,
    best: Incumbent,
    guided: Guide,
    around: Neighbourhoods,
    options: Options,
) -> None:
    """Let a plan use everything; look around where that may be all it lacks."""
    if best.x is None or best.is_over:
        return
    if not guided.part.is_whole:
        make_exact(crew, best, options, "routes of the best plan")
    if best.nearly_enough:
        look_around(crew, best, guided, around, options, QUICK_PACE)


def _large_first(
    crew: Crew,
    best: Incumbent,
    matrix: Matrix,
    guided: Guide,
    around: Neighbourhoods,
    options: Options,
    pace: Pace,
) -> None:
    """Branch and bound on the large decisions; its drafts are made plans.

    The first one at once, so that there is a plan; with one core all of them, with more the others
    beside it. What is good enough for them is what was so at first: which bound is known when they
    come is a matter of time.
    """
    if best.bound is None or best.is_over or options.gap <= NO_GAP:
        return
    drafts = Drafts.of(matrix, options.gap, best.bound)
    if not drafts.small.any():
        return
    best.enter("branch and bound on the large decisions")
    whole = everything(drafts.problem)
    known, target, completed = (best.bound, best.grounds), best.target, inf

    def drafted(x: Floats) -> None:
        nonlocal completed
        cost = drafts.problem.value(x)
        if cost < completed and (options.threads == 1 or best.x is None):
            completed = cost
            best.offer_plan(drafts.completed(crew, x, guided, best, QUICK_PACE, target))

    outcome = _branch(crew, best, whole, guided, around, options, pace, drafts, drafted)
    if is_cheap(outcome, drafts.problem):
        best.enter("checking the answer with other settings")
        again = rethink(crew, best, whole, options, to_the_end=False, on_draft=drafted)
        if (
            again.x is not None
            and outcome.bound is not None
            and refutes(drafts.problem.value(again.x), outcome.bound)
        ):
            best.fall_back(*known)
            best.offer_bound(again.bound)
    if outcome.x is not None and not best.is_over:
        if options.threads > 1:
            x = drafts.completed(crew, outcome.x, guided, best, QUICK_PACE, best.target)
            best.offer_plan(x)
        _make_better(crew, best, guided, around, options)


def _branch(
    crew: Crew,
    best: Incumbent,
    whole: Restriction,
    guided: Guide | None,
    around: Neighbourhoods,
    options: Options,
    pace: Pace,
    drafts: Drafts | None = None,
    drafted: OnDraft | None = None,
) -> Outcome:
    """Branch and bound on everything, with neighbourhoods beside it if there is a core.

    With drafts, it ends after as many nodes as with one core; each is handed to `drafted`.
    """
    if guided is None or options.threads == 1 or options.gap <= NO_GAP:
        return branch(crew, best, whole, options, pace, on_draft=drafted)
    with Beside(crew, best, guided, around, QUICK_PACE, drafts) as beside:
        if drafted is None:
            return branch(crew, best, whole, options, on_beat=beside.beat)
        take = drafted

        def handed(x: Floats) -> None:
            beside.draft = x
            take(x)

        return branch(crew, best, whole, options, pace, beside.beat, handed)
