"""Plans by rounding the relaxation with cuts: openings first, then halls, then units, by date."""

from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job, Outcome
from optimizer.highs.job import Arrays
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search.guided import Guide
from optimizer.search.incumbent import Incumbent
from optimizer.search.polish import polish
from optimizer.search.restriction import Restriction, restrict

WIDTHS = (0.003, 0.01)
"""Relative reduced cost up to which unused variables are kept in each dive: the wider, the better
the plan, and the later."""

STAGES = (
    (("hall", "conversion_blocks", "leased_blocks"), 0.1, 1.0),
    (("order", "retire", "retired"), 0.45, 0.25),
)
"""What is rounded after yes-or-no decisions: names, the part of a unit from which it is rounded up,
and the share of a period's fractional numbers that is rounded at once. Halls cost little beside the
units that would otherwise have no room, so they are rounded up early."""

WHOLE = 1e-6
"""A number further from a whole one than this is not whole."""

CHOICE = 0.03
"""A site that the relaxation opens by so much is opened."""


def dive(
    crew: Crew,
    best: Incumbent,
    compiled: CompiledModel,
    guided: Guide,
    options: Options,
) -> None:
    """Round the relaxation in parts of the problem, as many at once as there are cores.

    Args:
        crew: the solvers.
        best: the best plan so far, and the clock.
        compiled: the model.
        guided: what its relaxation says.
        options: threads.
    """
    turns = turns_of(compiled)
    optional = compiled.optional()

    stopping = [False]

    def over() -> bool:
        return stopping[0] or best.is_over

    def one(width: float) -> Floats | None:
        if over():
            return None
        part = restrict(guided.matrix, optional, guided.relaxed, guided.distance, width)
        extra = {name: values[part.kept] for name, values in turns.items()}
        job = Job(part.matrix, method="dive", time_limit=best.time_left, extra=extra)
        return _plan(crew, best, part, crew.run(job, None, over))

    with ThreadPoolExecutor(min(options.threads, len(WIDTHS))) as pool:
        running = {pool.submit(one, width) for width in WIDTHS}
        try:
            for plan in as_completed(set(running)):
                running.remove(plan)
                best.offer_plan(plan.result(), exact=True)
        finally:
            stopping[0] = True
            for plan in running:
                best.offer_plan(plan.result(), exact=True)


def _plan(crew: Crew, best: Incumbent, part: Restriction, outcome: Outcome) -> Floats | None:
    """The plan that a dive ended with, made exact and with all routes; None if it has none."""
    if outcome.status != "optimal" or outcome.x is None:
        return None
    whole = outcome.x[part.matrix.whole]
    if np.abs(whole - np.round(whole)).max(initial=0.0) > WHOLE:
        return None
    return polish(crew, best.matrix, part.expand(outcome.x))


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
