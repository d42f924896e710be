"""A look for a plan that keeps a rule and costs little enough: near known plans, then anywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from optimizer.alternatives.nearby import Ground, search_near
from optimizer.alternatives.rule import Rule
from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search import Guide, Incumbent, News, Result, dual_bound, is_large, search, within


@dataclass(frozen=True)
class Task:
    """What is looked for, and what is known.

    Attributes:
        rule: what the plan shall do.
        compiled: the model with the rule.
        ground: what is known of the model for searches near plans.
        known: known plans, the first ones first.
        bound: no plan of the instance costs less [MUSD].
        most: most that the plan may cost [MUSD].
    """

    rule: Rule
    compiled: CompiledModel
    ground: Ground
    known: Sequence[Floats]
    bound: float | None
    most: float


def look_for(
    crew: Crew,
    task: Task,
    options: Options,
    tell: Callable[[News], None] | None,
    guide: Guide | None,
) -> Result:
    """Look for a plan, or for the proof that none is so cheap.

    Args:
        crew: the solvers.
        task: what is looked for.
        options: time limit, threads, seed.
        tell: is told of stages.
        guide: what the relaxation of the model without the rule says, with its cuts; for a rule
            that is a matter of bounds. It is then asked what a plan costs at least: first of all,
            or where that takes longer than looks near plans do, after those.
    """
    matrix = task.compiled.matrix
    large = is_large(len(matrix.cost))
    best = Incumbent(matrix, 0.0, options.time_limit, tell, enough=task.most)
    best.bound = task.bound
    try:
        if guide is not None and not large:
            best.offer_bound(_relaxed_bound(crew, best, guide))
        search_near(crew, best, task.ground, task.known, task.rule, options)
        if guide is not None and large and not best.is_over:
            best.offer_bound(_relaxed_bound(crew, best, guide))
    except KeyboardInterrupt:
        return Result("unknown", best.x, best.bound, interrupted=True)
    if best.is_over:
        return Result("unknown", best.x, best.bound)
    return search(
        crew,
        task.compiled,
        replace(options, gap=0.0, time_limit=best.time_left),
        hints=task.known[::-1],
        bound=best.bound,
        known=guide,
        enough=task.most,
        tell=tell,
    )


def _relaxed_bound(crew: Crew, best: Incumbent, guide: Guide) -> float | None:
    """What a plan costs at least by the relaxation with cuts; None if that is not known in time.

    It is proven by the duals, with all rounding taken off.
    """
    matrix = within(guide, best.matrix).matrix.relaxed()
    method: Literal["ipm", "simplex"] = "ipm" if is_large(len(matrix.cost)) else "simplex"
    outcome = crew.run(Job(matrix, method, time_limit=best.time_left))
    return None if outcome.row_duals is None else dual_bound(matrix, outcome.row_duals)
