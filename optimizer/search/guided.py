"""The relaxation: a bound on every problem, and a guide to the part of it that matters."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search.bound import dual_bound
from optimizer.search.incumbent import Incumbent
from optimizer.search.pace import is_large
from optimizer.search.polish import polish
from optimizer.search.restriction import Restriction, keep, restrict

WITHIN = 0.003
"""Relative reduced cost up to which a variable that the relaxation does not use is looked at."""


@dataclass(frozen=True)
class Guide:
    """What the relaxation says: a solution of it, and the part of the problem worth a look."""

    relaxed: Floats
    part: Restriction


def guide(crew: Crew, best: Incumbent, compiled: CompiledModel, options: Options) -> Guide | None:
    """Bound the problem by its relaxation, and find the part of it that good plans use.

    Of a large problem the plan that builds nothing is found meanwhile, so that there is one
    whatever happens. None if the relaxation has no solution, or none in time.
    """
    matrix = compiled.matrix
    large = is_large(len(matrix.cost))
    best.enter("relaxation")
    job = Job(
        matrix.relaxed(),
        method="ipm" if large else "simplex",
        time_limit=best.time_left,
        threads=options.threads,
    )
    with ThreadPoolExecutor(1) as pool:
        nothing_built = pool.submit(polish, crew, matrix, matrix.lower) if large else None
        relaxation = crew.run(job)
        if nothing_built is not None:
            best.offer_plan(nothing_built.result(), exact=True)
    if relaxation.x is None or relaxation.row_duals is None or relaxation.status == "infeasible":
        return None
    duals = relaxation.row_duals
    best.offer_bound(dual_bound(matrix, duals))
    part = restrict(matrix, compiled.optional(), relaxation.x, duals, WITHIN)
    return Guide(relaxation.x, part)


def within(known: Guide, matrix: Matrix) -> Guide:
    """What a relaxation says of the same problem with narrower bounds."""
    settled = matrix.lower > 0
    relaxed = np.clip(known.relaxed, matrix.lower, matrix.upper)
    return Guide(relaxed, keep(matrix, known.part.kept | settled))
