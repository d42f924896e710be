"""Small problems: large decisions first, then everything, with neighbourhoods beside."""

from dataclasses import replace

from optimizer.highs import Crew, Outcome
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search.beside import Beside
from optimizer.search.branch import branch, doubt
from optimizer.search.drafts import Drafts
from optimizer.search.guided import Guide
from optimizer.search.incumbent import NO_GAP, Incumbent, relative_gap
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import QUICK_PACE, Pace
from optimizer.search.restriction import Restriction, everything
from optimizer.search.rounds import look_around, make_exact

NEARLY = 0.01
"""Neighbourhoods of a first plan seldom save more: a wider gap must be closed from below [ratio].
"""


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

    def over() -> bool:
        return best.good_enough or best.out_of_time

    if guided is not None:
        _make_better(crew, best, guided, around, options)
        _large_first(crew, best, matrix, guided, around, options, pace)
    if over():
        return None
    best.enter("branch and bound")
    whole = everything(matrix)
    outcome = _branch(crew, best, whole, guided, around, options, pace)
    doubt(crew, best, whole, outcome, options)
    if outcome.status in {"optimal", "infeasible", "failed"}:
        return outcome
    if guided is not None:
        everywhere = replace(guided, part=everything(guided.matrix))
        look_around(crew, best, everywhere, around, options, pace)
        whole = everywhere.part
    if over():
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
    if best.x is None or best.good_enough or best.out_of_time:
        return
    if not guided.part.is_whole:
        make_exact(crew, best, options, "routes of the best plan")
    gap = relative_gap(best.objective, best.bound)
    if gap is not None and options.gap > NO_GAP and gap - options.gap <= NEARLY:
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
    """Branch and bound on the large decisions; its last draft is made a plan."""
    if best.bound is None or best.good_enough or best.out_of_time or options.gap <= NO_GAP:
        return
    drafts = Drafts.of(matrix, options.gap, best.bound)
    if not drafts.small.any():
        return
    best.enter("branch and bound on the large decisions")
    whole, found = everything(drafts.problem), list[Floats]()
    if options.threads == 1:
        outcome = branch(crew, best, whole, options, pace, on_draft=found.append)
    else:
        with Beside(crew, best, guided, around, QUICK_PACE, drafts) as beside:

            def drafted(x: Floats) -> None:
                found.append(x)
                beside.draft = x

            outcome = branch(crew, best, whole, options, on_beat=beside.beat, on_draft=drafted)
    doubt(crew, best, whole, outcome, options, found.append)
    if found and not (best.good_enough or best.out_of_time):
        draft = min(found, key=drafts.problem.value)
        target = best.target
        best.offer_plan(drafts.completed(crew, draft, guided, options.gap, target, QUICK_PACE))
        _make_better(crew, best, guided, around, options)


def _branch(
    crew: Crew,
    best: Incumbent,
    whole: Restriction,
    guided: Guide | None,
    around: Neighbourhoods,
    options: Options,
    pace: Pace,
) -> Outcome:
    """Branch and bound on everything, with neighbourhoods beside it if there is a core."""
    if guided is None or options.threads == 1 or options.gap <= NO_GAP:
        return branch(crew, best, whole, options, pace)
    with Beside(crew, best, guided, around, QUICK_PACE) as beside:
        return branch(crew, best, whole, options, on_beat=beside.beat)
