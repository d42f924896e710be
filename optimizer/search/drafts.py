"""Large decisions first: branch and bound with small counts in parts, which are made whole then.

Orders of many racks keep branch and bound busy, though to round one costs next to nothing beside a
site or a hall. With these counts in parts it proves a bound that holds for every plan, and finds
drafts of plans: what they decide in the large is kept, and the counts are made whole for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from optimizer.highs import Crew, Job
from optimizer.matrix import Flags, Floats, Matrix
from optimizer.search.guided import Guide
from optimizer.search.incumbent import Incumbent
from optimizer.search.pace import Pace
from optimizer.search.polish import fixed_except
from optimizer.search.restriction import widen

CHEAP_STEP = 0.1
"""A count is small if one more costs at most this part of the gap that is asked for [ratio]."""

FEWEST = 5
"""A count that can be no more than this is none to be rounded."""


@dataclass(frozen=True)
class Drafts:
    """A problem, and which of its whole numbers are small counts.

    Attributes:
        matrix: the problem.
        small: its small counts.
    """

    matrix: Matrix
    small: Flags

    @classmethod
    def of(cls, matrix: Matrix, gap: float, bound: float) -> "Drafts":
        """The small counts of a problem, for a gap [ratio] of a cost near this bound [MUSD]."""
        cheap = (matrix.cost > 0) & (matrix.cost <= CHEAP_STEP * gap * abs(bound))
        return cls(matrix, matrix.whole & cheap & (matrix.upper - matrix.lower >= FEWEST))

    @cached_property
    def problem(self) -> Matrix:
        """The problem with small counts in parts: its solutions are drafts."""
        return replace(self.matrix, whole=self.matrix.whole & ~self.small)

    def completed(
        self,
        crew: Crew,
        draft: Floats,
        guided: Guide,
        best: Incumbent,
        pace: Pace,
        target: float | None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Floats | None:
        """The best plan found with the large decisions of a draft; None if there is none.

        Looked for in the part of the problem that the relaxation finds worth a look, with what the
        draft uses.

        Args:
            crew: the solvers.
            draft: a solution of `problem`.
            guided: the part worth a look.
            best: the gap that is asked for, and the clock.
            pace: how long it may take.
            target: cost at which a plan is good enough [MUSD].
            should_stop: says whether it shall end early.
        """
        part = widen(guided.matrix, guided.part, draft)
        problem = fixed_except(
            part.matrix, part.shrink(draft), np.flatnonzero(self.small[part.kept])
        )
        left = best.time_left
        job = Job(
            problem,
            gap=min(2e-4, best.gap / 5),
            time_limit=pace.try_s if left is None else min(left, pace.try_s),
            node_limit=pace.try_nodes,
            target=target,
        )
        outcome = crew.run(job, None, should_stop)
        return None if outcome.x is None else part.expand(outcome.x)
