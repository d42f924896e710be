"""The relaxation: a bound on every problem, and a guide to the part of it that matters."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job
from optimizer.matrix import Flags, Floats, Matrix
from optimizer.options import Options
from optimizer.search.bound import dual_bound
from optimizer.search.incumbent import RELAXATION, Incumbent
from optimizer.search.pace import is_large
from optimizer.search.polish import polish
from optimizer.search.restriction import Restriction, keep, relative_reduced_cost, restrict

WITHIN = 0.003
"""Relative reduced cost up to which a variable that the relaxation does not use is looked at."""


@dataclass(frozen=True)
class Guide:
    """What the relaxation says.

    Attributes:
        relaxed: a solution of it; with cuts, if the problem is large.
        matrix: the problem, with the cuts.
        distance: how far each variable is from being worth using [ratio], see `restrict`.
        part: the part of the problem worth a look.
    """

    relaxed: Floats
    matrix: Matrix
    distance: Floats
    part: Restriction


def guide(
    crew: Crew, best: Incumbent, compiled: CompiledModel, options: Options, *, cuts: bool = True
) -> Guide | None:
    """Bound the problem by its relaxation, and find the part of it that good plans use.

    Of a large problem the relaxation gets cuts, unless there shall be none, and the plan that
    builds nothing is found meanwhile, so that there is one whatever happens. None if the relaxation
    has no solution, or none in time.
    """
    matrix = compiled.matrix
    large = is_large(len(matrix.cost))
    best.enter(RELAXATION)
    job = Job(
        matrix.relaxed(),
        method="ipm" if large else "simplex",
        time_limit=best.time_left,
        threads=options.threads,
    )
    with ThreadPoolExecutor(1) as pool:
        nothing_built = pool.submit(polish, crew, matrix, matrix.lower) if large else None
        try:
            relaxation = crew.run(job)
        finally:
            if nothing_built is not None:
                best.offer_plan(nothing_built.result(), exact=True)
    if relaxation.x is None or relaxation.row_duals is None or relaxation.status == "infeasible":
        return None
    duals = relaxation.row_duals
    best.offer_duals(dual_bound(matrix, duals), duals)
    guided = guide_of(matrix, compiled.optional(), relaxation.x, duals)
    return tightened(crew, best, compiled, guided) if large and cuts else guided


def guide_of(matrix: Matrix, optional: Flags, x: Floats, duals: Floats) -> Guide:
    """What a solution of the relaxation says, with its duals; see `restrict` for `optional`."""
    distance = relative_reduced_cost(matrix, duals)
    return Guide(x, matrix, distance, restrict(matrix, optional, x, distance, WITHIN))


def within(known: Guide, matrix: Matrix) -> Guide:
    """What a relaxation says of the same problem with narrower bounds; its cuts hold there too."""
    settled = matrix.lower > 0
    narrower = known.matrix.with_bounds(matrix.lower, matrix.upper)
    narrower = replace(narrower, cost=matrix.cost, offset=matrix.offset)
    relaxed = np.clip(known.relaxed, matrix.lower, matrix.upper)
    return Guide(relaxed, narrower, known.distance, keep(narrower, known.part.kept | settled))


def tightened(crew: Crew, best: Incumbent, compiled: CompiledModel, guided: Guide) -> Guide:
    """The guide with cuts; as it was if there are none, or the time is up before they have a
    solution.

    What is worth a look is still judged by the duals of interior point: those of a vertex leave
    many more variables at no reduced cost.
    """
    if best.is_over:
        return guided
    best.enter("cuts")
    extra = {"kept": guided.part.kept, "relaxed": guided.relaxed}
    job = Job(guided.matrix, method="cuts", time_limit=best.time_left, extra=extra)
    outcome = crew.run(job)
    x, duals, cuts = outcome.x, outcome.row_duals, outcome.cuts
    if outcome.status != "optimal" or x is None or duals is None or cuts is None:
        return guided
    matrix = cuts.added_to(guided.matrix)
    if len(x) != len(matrix.cost) or len(duals) != len(matrix.row_upper):
        return guided
    best.offer_bound(dual_bound(matrix, duals))
    part = restrict(matrix, compiled.optional(), x, guided.distance, WITHIN)
    return Guide(x, matrix, guided.distance, part)
