"""Rounds of neighbourhoods of the best plan, and exact whole numbers in between."""

from math import inf

from optimizer.highs import Crew
from optimizer.options import Options
from optimizer.search.guided import Guide
from optimizer.search.improve import improve
from optimizer.search.incumbent import Incumbent
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import Pace
from optimizer.search.polish import polish


def look_around(
    crew: Crew,
    best: Incumbent,
    guided: Guide,
    around: Neighbourhoods,
    options: Options,
    pace: Pace,
) -> None:
    """Rounds of neighbourhoods while they pay; at first the best plan may use everything.

    What a round pays is judged by its plan made exact: fractions may look cheaper each time.
    """
    worthwhile = min(2e-4, options.gap / 20)
    before = inf
    while best.x is not None and best.objective is not None:
        if not (guided.part.is_whole or best.is_over):
            make_exact(crew, best, options, "routes of the best plan")
        if best.is_over or (before < inf and best.objective >= before - worthwhile * abs(before)):
            return
        before = best.objective
        best.enter("neighbourhoods")
        improve(crew, best, guided, around, options.threads, pace)


def make_exact(crew: Crew, best: Incumbent, options: Options, stage: str) -> None:
    """Make the best plan's whole numbers exact, and the rest of it the best for them."""
    if best.x is not None and not best.is_exact:
        best.enter(stage)
        exact = polish(crew, best.matrix, best.x, options.threads)
        if exact is not None:
            best.settle(exact)
