"""The search: small problems go to the solver whole, large ones are guided by their relaxation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from optimizer.compiling import CompiledModel
from optimizer.errors import SolveError
from optimizer.highs import Job, Outcome, Start, run
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search.guided import guide
from optimizer.search.incumbent import Incumbent, News
from optimizer.search.polish import polish

LARGE = 30_000
"""Problems with more variables are guided by their relaxation first."""


@dataclass(frozen=True)
class Result:
    """What a search found.

    Attributes:
        status: optimal (within the gap), feasible, infeasible, or unknown.
        x: values of all variables, if a plan was found.
        bound: no plan costs less [MUSD].
        message: why it is not known whether there is a plan, if it is not.
        interrupted: True if the caller was interrupted; the plan is the best until then.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    x: Floats | None
    bound: float | None
    message: str = ""
    interrupted: bool = False


def search(
    compiled: CompiledModel,
    options: Options,
    tell: Callable[[News], None] | None = None,
    on_plan: Callable[[Floats], Floats | None] | None = None,
) -> Result:
    """Look for a plan within the gap until the time is up.

    Args:
        compiled: the model.
        options: gap, time limit, threads, seed.
        tell: is told of each better plan, bound and stage.
        on_plan: is given the first plan, and each that is better by a tenth, while the search goes
            on; may hand back a better one.

    Raises SolveError if the solver fails without leaving a plan.
    """
    matrix = compiled.matrix
    best = Incumbent(matrix, options.gap, options.time_limit, tell, on_plan)
    message, interrupted, infeasible = "", False, False
    outcome: Outcome | None = None
    try:
        if len(matrix.cost) > LARGE:
            guide(best, compiled, options)
        if not (best.good_enough or best.out_of_time):
            outcome = _whole(best, options)
            infeasible = outcome.status == "infeasible" and best.x is None
            if infeasible:
                infeasible, message = _confirm(best, options)
    except KeyboardInterrupt:
        interrupted = True
    if best.x is None and outcome is not None and outcome.status == "failed":
        raise SolveError(f"the solver failed without leaving a plan: {outcome.message}")
    if best.x is None:
        status: Literal["infeasible", "unknown"] = "infeasible" if infeasible else "unknown"
        return Result(status, None, best.bound, message, interrupted)
    x = polish(matrix, best.x, options.threads)
    best.offer_plan(x)
    state: Literal["optimal", "feasible"] = "optimal" if best.good_enough else "feasible"
    return Result(state, best.x, best.bound, message, interrupted)


def _whole(best: Incumbent, options: Options) -> Outcome:
    """Branch and bound on the whole problem, from the best plan so far."""
    best.enter("branch and bound")
    start = Start(best.x) if best.x is not None else None
    job = _job(best.matrix, best, options, start)
    outcome = run(job, best.follow(bound_counts=True))
    best.offer_plan(outcome.x)
    best.offer_bound(outcome.bound)
    if outcome.status == "failed" and not best.out_of_time:
        best.enter("branch and bound, second try: " + outcome.message)
        outcome = run(
            _job(best.matrix, best, options, start, presolve=False, seed=options.seed + 1),
            best.follow(bound_counts=True),
        )
        best.offer_plan(outcome.x)
        best.offer_bound(outcome.bound)
    return outcome


def _confirm(best: Incumbent, options: Options) -> tuple[bool, str]:
    """Solvers can be wrong about this: ask again without presolve and with another seed."""
    best.enter("no plan found; asking again with other settings")
    job = _job(best.matrix, best, options, None, presolve=False, seed=options.seed + 1)
    outcome = run(job, best.follow(bound_counts=True))
    best.offer_plan(outcome.x)
    if outcome.status == "infeasible":
        return True, ""
    best.offer_bound(outcome.bound)
    return False, "the solver called the instance infeasible once, but did not confirm it"


def _job(
    matrix: Matrix,
    best: Incumbent,
    options: Options,
    start: Start | None,
    *,
    presolve: bool = True,
    seed: int | None = None,
) -> Job:
    return Job(
        matrix,
        gap=options.gap,
        time_limit=best.time_left,
        threads=options.threads,
        seed=options.seed if seed is None else seed,
        start=start,
        presolve=presolve,
        root_by_ipm=len(matrix.cost) > LARGE,
    )
