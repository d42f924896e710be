"""Plans near the relaxation, and near a known plan of a similar problem."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimizer.highs import Crew, Job, Start
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search.incumbent import Incumbent
from optimizer.search.pace import is_large
from optimizer.search.polish import polish
from optimizer.search.restriction import Restriction
from optimizer.search.rounds import make_exact

NODES = 1
"""Most nodes for a look near the relaxation: more find little more, and neighbourhoods follow."""

TRY_S = 60.0
"""Longest time for one look [s]; the nodes end it long before on all but the hardest problems."""

SPREADS = (0, 1)
"""How far from the relaxation whole numbers may be looked for, beyond rounding, one by one."""


def refit(crew: Crew, best: Incumbent, hints: Sequence[Floats], options: Options) -> Floats:
    """Try known plans of similar problems as they are; return the best, within this one's bounds.

    Args:
        crew: the solvers.
        best: the best plan so far, and the clock.
        hints: whole numbers of the known plans, the most promising first; others are not looked at.
        options: threads.
    """
    matrix = best.matrix
    fitted: list[Floats] = [np.clip(np.round(hint), matrix.lower, matrix.upper) for hint in hints]
    known = fitted[0]
    for one in fitted:
        if best.is_over:
            break
        before = best.objective
        best.offer_plan(polish(crew, matrix, one, options.threads), exact=True)
        known = one if best.objective != before else known
    return known


def repair(
    crew: Crew, best: Incumbent, part: Restriction, relaxed: Floats, known: Floats, options: Options
) -> None:
    """Let every whole number lie anywhere between a known plan's and the relaxation's.

    Args:
        crew: the solvers.
        best: the best plan so far, and the clock.
        part: the variables to look at.
        relaxed: a solution of the problem's relaxation.
        known: a known plan of a similar problem, within this problem's bounds.
        options: threads.
    """
    _look(crew, best, part, between(best.matrix, relaxed, known), options)


def round_near(
    crew: Crew, best: Incumbent, part: Restriction, relaxed: Floats, options: Options
) -> None:
    """Look for plans whose whole numbers are the relaxation's, rounded, or close to that.

    Those that are close take much longer, and are looked for only where the rounded ones, with all
    routes, are too far from good enough for neighbourhoods.
    """
    for spread in SPREADS:
        if spread and not (best.is_over or part.is_whole):
            make_exact(crew, best, options, best.stage)
        if best.is_over or (spread and best.nearly_enough):
            return
        nearby = between(best.matrix, relaxed, relaxed - spread, relaxed + spread)
        _look(crew, best, part, nearby, options)


def between(matrix: Matrix, *points: Floats) -> Matrix:
    """The problem with its whole numbers between points, rounded outwards."""
    low = np.floor(np.min(points, axis=0) + 1e-6)
    high = np.ceil(np.max(points, axis=0) - 1e-6)
    lower = np.where(matrix.whole, np.clip(low, matrix.lower, matrix.upper), matrix.lower)
    upper = np.where(matrix.whole, np.clip(high, matrix.lower, matrix.upper), matrix.upper)
    return replace(matrix, lower=lower, upper=upper)


def _look(crew: Crew, best: Incumbent, part: Restriction, nearby: Matrix, options: Options) -> None:
    """A short branch and bound on a part of the problem with narrower bounds."""
    lower, upper = part.shrink(nearby.lower), part.shrink(nearby.upper)
    left = best.time_left
    job = Job(
        part.matrix.with_bounds(lower, upper),
        gap=options.gap / 4,
        time_limit=TRY_S if left is None else min(left, TRY_S),
        threads=options.threads,
        seed=options.seed,
        start=Start(part.shrink(best.x)) if best.x is not None else None,
        node_limit=NODES,
        target=best.target,
        root_by_ipm=is_large(len(part.matrix.cost)),
    )
    outcome = crew.run(job)
    if outcome.x is not None:
        best.offer_plan(part.expand(outcome.x))
