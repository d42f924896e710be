"""Plans by rounding the relaxation with cuts: openings first, then halls, then units, by date."""

from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job, Outcome
from optimizer.highs.job import Arrays
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search.incumbent import Incumbent
from optimizer.search.restriction import Restriction, restrict

WIDTHS = (0.01, 0.03)
"""Relative reduced cost up to which unused variables are kept, for one dive after the other: the
wider, the better the plan, and the longer it takes."""

STAGES = (
    (("hall", "conversion_blocks", "leased_blocks"), 0.1, 1.0),
    (("order", "retire", "retired"), 0.45, 0.15),
)
"""What is rounded after yes-or-no decisions: names, the part of a unit from which it is rounded up,
and the share of a period's fractional numbers that is rounded at once. Halls cost little beside the
units that would otherwise have no room, so they are rounded up early."""

CHOICE = 0.03
"""A site that the relaxation opens by so much is opened."""


def dive(
    crew: Crew,
    best: Incumbent,
    compiled: CompiledModel,
    matrix: Matrix,
    relaxed: Floats,
    row_duals: Floats,
    options: Options,
) -> None:
    """Round the relaxation in parts of the problem, as many at once as there are cores.

    Args:
        crew: the solvers.
        best: the best plan so far, and the clock.
        compiled: the model.
        matrix: its problem with cuts.
        relaxed: a solution of its relaxation.
        row_duals: the relaxation's duals.
        options: threads.
    """
    turns = turns_of(compiled)
    optional = compiled.optional()

    def over() -> bool:
        return best.good_enough or best.out_of_time

    def one(width: float) -> tuple[Restriction, Outcome] | None:
        if over():
            return None
        part = restrict(matrix, optional, relaxed, row_duals, width)
        extra = {name: values[part.kept] for name, values in turns.items()}
        job = Job(part.matrix, method="dive", time_limit=best.time_left, extra=extra)
        return part, crew.run(job, None, over)

    with ThreadPoolExecutor(min(options.threads, len(WIDTHS))) as pool:
        for future in as_completed([pool.submit(one, width) for width in WIDTHS]):
            found = future.result()
            if found is not None:
                _offer(best, *found)


def _offer(best: Incumbent, part: Restriction, outcome: Outcome) -> None:
    if outcome.status != "optimal" or outcome.x is None:
        return
    whole = outcome.x[part.matrix.whole]
    if np.abs(whole - np.round(whole)).max(initial=0.0) <= 1e-6:
        best.offer_plan(part.expand(outcome.x))


def turns_of(compiled: CompiledModel) -> Arrays:
    """When and how each whole-number variable is rounded, as `optimizer.highs.dive` reads it."""
    place = compiled.place()
    count = len(compiled.matrix.cost)
    turn = np.full(count, -1)
    up_from, share = np.full(count, CHOICE), np.ones(count)
    turn[place.columns] = 0
    names = [compiled.variables[column].parent_component().local_name for column in place.columns]
    for stage, (components, threshold, at_once) in enumerate(STAGES):
        members = np.isin(names, components)
        columns = place.columns[members]
        turn[columns] = 1 + stage * place.periods + np.maximum(place.period[members], 0)
        up_from[columns], share[columns] = threshold, at_once
    return {"turn": turn, "up_from": up_from, "share": share}
