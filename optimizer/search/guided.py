"""Large problems: bounded by their relaxation, and made smaller by what it uses."""

from concurrent.futures import ThreadPoolExecutor

from optimizer.compiling import CompiledModel
from optimizer.highs import Job, run
from optimizer.options import Options
from optimizer.search.bound import dual_bound
from optimizer.search.incumbent import Incumbent
from optimizer.search.polish import polish
from optimizer.search.restriction import Restriction, restrict

WITHIN = 0.003
"""Relative reduced cost up to which a variable that the relaxation does not use is looked at."""


def guide(best: Incumbent, compiled: CompiledModel, options: Options) -> Restriction | None:
    """Bound the problem by its relaxation; return the part of it that good plans use.

    Meanwhile the plan that builds nothing is found, so that there is one whatever happens. None
    if the relaxation has no solution, or none in time.
    """
    matrix = compiled.matrix
    best.enter("relaxation")
    job = Job(matrix.relaxed(), method="ipm", time_limit=best.time_left, threads=options.threads)
    with ThreadPoolExecutor(1) as pool:
        nothing_built = pool.submit(polish, matrix, matrix.lower)
        relaxation = run(job)
        best.offer_plan(nothing_built.result())
    if relaxation.x is None or relaxation.row_duals is None:
        return None
    best.offer_bound(dual_bound(matrix, relaxation.row_duals))
    return restrict(matrix, compiled.optional(), relaxation.x, relaxation.row_duals, WITHIN)
