"""A better bound: decide which sites ever open, and take the cheapest case."""

from dataclasses import dataclass

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search.bound import dual_bound
from optimizer.search.guided import Guide
from optimizer.search.incumbent import Incumbent

RELAXATIONS = 12
"""Most relaxations to solve; each decided site takes two."""

UNDECIDED = 1e-6
"""Further from 0 and 1 than this, a site is neither closed nor open."""


@dataclass(frozen=True)
class Leaf:
    """A case: bounds of the variables in it, no plan of it costs less, and its relaxation."""

    bound: float
    lower: Floats
    upper: Floats
    relaxed: Floats


def decide_openings(
    crew: Crew, best: Incumbent, compiled: CompiledModel, guided: Guide, options: Options
) -> Floats:
    """Branch on whether sites ever open, while the best case is undecided; raise the bound.

    A relaxation pays for the part of a site that it uses. Deciding whether the site is there or not
    makes it pay all or nothing, which is most of what the bound lacks when sites cost much to open.

    Args:
        crew: the solvers.
        best: the best plan and bound so far.
        compiled: the model.
        guided: a solution of its relaxation, whose bound `best` knows.
        options: threads.

    Returns a solution of the relaxation in the best case.
    """
    matrix, relaxed = guided.matrix.relaxed(), guided.relaxed
    sites = compiled.ever_open()
    if best.bound is None:
        return relaxed
    leaves = [Leaf(best.bound, matrix.lower, matrix.upper, relaxed)]
    for _ in range(RELAXATIONS // 2):
        leaf = min(leaves, key=lambda one: one.bound)
        share = leaf.relaxed[sites]
        undecided = np.minimum(share, 1.0 - share)
        if best.is_over or undecided.max(initial=0.0) <= UNDECIDED:
            break
        site = sites[np.argmax(undecided)]
        leaves.remove(leaf)
        left = best.time_left
        leaves += [_decided(crew, matrix, leaf, site, is_open, options, left) for is_open in (0, 1)]
        best.offer_bound(min(one.bound for one in leaves))
    return min(leaves, key=lambda one: one.bound).relaxed


def _decided(
    crew: Crew,
    matrix: Matrix,
    leaf: Leaf,
    site: int,
    is_open: int,
    options: Options,
    time_limit: float | None,
) -> Leaf:
    """The part of a case in which a site is open or not; without an answer its bound stays."""
    lower, upper = leaf.lower.copy(), leaf.upper.copy()
    lower[site] = upper[site] = is_open
    part = matrix.with_bounds(lower, upper)
    job = Job(part, method="simplex", time_limit=time_limit, threads=options.threads)
    outcome = crew.run(job)
    if outcome.status != "optimal" or outcome.x is None or outcome.row_duals is None:
        relaxed = leaf.relaxed.copy()
        relaxed[site] = is_open
        return Leaf(leaf.bound, lower, upper, relaxed)
    bound = max(leaf.bound, dual_bound(part, outcome.row_duals))
    return Leaf(bound, lower, upper, outcome.x)
