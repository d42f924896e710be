"""The search: branch and bound, neighbourhoods of the best plan, and branch and bound again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from optimizer.compiling import CompiledModel
from optimizer.errors import SolveError, ended_early
from optimizer.highs import Crew, Outcome
from optimizer.interrupted import see_through
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search.branch import DECIDED, branch, doubt, rethink
from optimizer.search.dives import dive
from optimizer.search.guided import Guide, guide, tightened, within
from optimizer.search.incumbent import Grounds, Incumbent, News
from optimizer.search.near import refit, repair, round_near
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.openings import decide_openings
from optimizer.search.pace import is_large, pace_for
from optimizer.search.restriction import everything
from optimizer.search.rounds import look_around, make_exact
from optimizer.search.small import search_small

EXACT = "making whole numbers exact"


@dataclass(frozen=True)
class Result:
    """What a search found.

    Attributes:
        status: found, infeasible, or unknown.
        x: values of all variables, if a plan was found.
        bound: no plan costs less [MUSD].
        reasons: why it is not known whether there is a plan, or why the search for a better one
            ended early.
        interrupted: True if the caller was interrupted; the plan is the best until then.
        guide: what the relaxation said, for a search on the same problem with other bounds.
        grounds: what the bound rests on.
    """

    status: Literal["found", "infeasible", "unknown"]
    x: Floats | None
    bound: float | None
    reasons: tuple[str, ...] = ()
    interrupted: bool = False
    guide: Guide | None = None
    grounds: Grounds = field(default_factory=Grounds)


def search(
    crew: Crew,
    compiled: CompiledModel,
    options: Options,
    *,
    hints: Sequence[Floats] = (),
    bound: float | None = None,
    known: Guide | None = None,
    enough: float | None = None,
    cuts: bool = True,
    tell: Callable[[News], None] | None = None,
    on_plan: Callable[[Floats], Floats | None] | None = None,
) -> Result:
    """Look for a plan within the gap until the time is up.

    Args:
        crew: the solvers.
        compiled: the model.
        options: gap, time limit, threads, seed.
        hints: known plans of similar problems, the most promising first: values for all
            whole-number variables.
        bound: a known bound: no plan costs less [MUSD].
        known: the relaxation of the same problem with wider bounds, with cuts or without; of a
            large problem it guides the search in place of its own.
        enough: cost at which a plan is good enough whatever its gap; also ends once no plan can
            cost so little [MUSD].
        cuts: False to do without cuts, where a good plan matters more than a good bound.
        tell: is told of each better plan, bound and stage.
        on_plan: is given the first plan, and each that is better by a tenth, while the search goes
            on; may hand back a better one.

    Raises SolveError if the solver fails without leaving a plan.
    """
    best = Incumbent(compiled.matrix, options.gap, options.time_limit, tell, on_plan, enough)
    best.bound = bound
    outcome: Outcome | None = None
    guides: list[Guide] = []
    interrupted, confirmed = False, True
    reasons: tuple[str, ...] = ()
    try:
        outcome = _look(crew, best, compiled, options, hints, known, guides, cuts=cuts)
        if outcome is not None and best.refutes(outcome.bound):
            make_exact(crew, best, options, EXACT)  # fractions refute nothing
        if outcome is not None and _doubtful(outcome, best):
            first = outcome.status
            said = f": the solver failed ({outcome.message})" if first == "failed" else ""
            best.enter(f"trying other settings{said}")
            whole = everything(compiled.matrix)
            outcome = rethink(crew, best, whole, options, to_the_end=True)
            confirmed = first != "infeasible" or outcome.status == "infeasible"
    except KeyboardInterrupt:
        interrupted = True
    except SolveError as error:
        if best.x is None:
            raise
        reasons = (ended_early(error),)
    if best.x is not None:
        try:
            _, interrupted = see_through(
                lambda _: make_exact(crew, best, options, EXACT), interrupted
            )
        except SolveError as error:
            reasons = (ended_early(error),)
        guided = next(iter(guides), None)
        return Result("found", best.x, best.bound, reasons, interrupted, guided, best.grounds)
    if outcome is not None and outcome.status == "failed":
        raise SolveError(f"the solver failed without leaving a plan: {outcome.message}")
    if outcome is not None and outcome.status == "infeasible" and confirmed:
        return Result("infeasible", None, best.bound, (), interrupted)
    doubt = "the solver called the instance infeasible once, but did not confirm it"
    return Result("unknown", None, best.bound, () if confirmed else (doubt,), interrupted)


def relax(
    crew: Crew,
    compiled: CompiledModel,
    options: Options,
    *,
    tell: Callable[[News], None] | None = None,
) -> Result:
    """The relaxation alone, with cuts if the problem is large: a bound, and a guide to plans.

    Arguments as of `search`.
    """
    best = Incumbent(compiled.matrix, options.gap, options.time_limit, tell)
    try:
        guided = guide(crew, best, compiled, options)
    except KeyboardInterrupt:
        return Result("unknown", None, best.bound, interrupted=True, grounds=best.grounds)
    return Result("unknown", None, best.bound, guide=guided, grounds=best.grounds)


def _doubtful(outcome: Outcome, best: Incumbent) -> bool:
    """True if the solver found no plan, or failed, or was wrong, before a plan was good enough."""
    if outcome.status == "failed" or best.refutes(outcome.bound):
        return not best.is_over
    return outcome.status == "infeasible" and best.x is None


def _look(
    crew: Crew,
    best: Incumbent,
    compiled: CompiledModel,
    options: Options,
    hints: Sequence[Floats],
    known: Guide | None,
    guides: list[Guide],
    *,
    cuts: bool,
) -> Outcome | None:
    """All stages in turn; the outcome of the last look at the whole problem, if there was one.

    What the relaxation says is added to `guides`.
    """
    if options.method == "monolith":
        best.enter("branch and bound on one model")
        whole = everything(compiled.matrix)
        answer = branch(crew, best, whole, options)
        doubt(crew, best, whole, answer, options)
        return answer
    size = len(compiled.matrix.cost)
    large, pace = is_large(size), pace_for(size)
    if known is not None and large:
        guided: Guide | None = _as_known(crew, best, compiled, known)
    else:
        guided = guide(crew, best, compiled, options, cuts=cuts)
    if guided is not None:
        guides.append(guided)
        guided = _plans_near(crew, best, compiled, guided, options, hints)
    relaxed = guided.relaxed if guided is not None else compiled.matrix.lower
    around = Neighbourhoods(compiled.place(), relaxed, options.seed, pace.share)
    if not large:
        return search_small(crew, best, compiled.matrix, guided, around, options, pace)
    if guided is not None and not best.is_over:
        best.enter("rounding the relaxation")
        dive(crew, best, compiled, guided, options)
        if guided.part.is_whole or not _has_more_than_nothing(best):
            best.enter("branch and bound near the relaxation")
            outcome = branch(crew, best, guided.part, options, pace)
            if guided.part.is_whole:
                doubt(crew, best, guided.part, outcome, options)
                if outcome.status in DECIDED:
                    return outcome
        look_around(crew, best, guided, around, options, pace)
    if best.is_over:
        return None
    best.enter("branch and bound on everything")
    return branch(crew, best, everything(guided.matrix if guided else compiled.matrix), options)


def _as_known(crew: Crew, best: Incumbent, compiled: CompiledModel, known: Guide) -> Guide:
    """A known guide for this problem, with cuts."""
    guided = within(known, compiled.matrix)
    if len(known.matrix.row_upper) > len(compiled.matrix.row_upper):
        return guided
    return tightened(crew, best, compiled, guided)


def _has_more_than_nothing(best: Incumbent) -> bool:
    """True if there is a plan that decides anything."""
    whole = best.matrix.whole
    return best.x is not None and bool((best.x[whole] > best.matrix.lower[whole] + 0.5).any())


def _plans_near(
    crew: Crew,
    best: Incumbent,
    compiled: CompiledModel,
    guided: Guide,
    options: Options,
    hints: Sequence[Floats],
) -> Guide:
    """Plans found in no time: known ones, as they are or repaired; or the relaxation's, rounded.

    Returns the guide, with cuts, if they were needed.
    """
    large = is_large(len(best.matrix.cost))
    known = None
    if hints and not best.is_over:
        best.enter("known plans")
        known = refit(crew, best, hints[:1] if large else hints, options)
    if not (large or best.is_over):
        guided = tightened(crew, best, compiled, guided)
    relaxed = guided.relaxed
    if not (large or best.is_over):
        best.enter("which sites to open")
        relaxed = decide_openings(crew, best, compiled, guided, options)
    if known is not None and not best.is_over:
        best.enter("a known plan, repaired")
        repair(crew, best, guided.part, relaxed, known, options)
    elif known is None and not (large or best.is_over):
        best.enter("plans near the relaxation")
        round_near(crew, best, guided.part, relaxed, options)
    return guided
