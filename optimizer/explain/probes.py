"""Questions to the solver: can these limits hold together?"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.errors import SolveError
from optimizer.explain.limit import Limit
from optimizer.explain.softened import Cell, Softened
from optimizer.highs import Crew, Job, Outcome
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options

NOTHING = 1e-6
"""Limits missed by less in sum are kept."""

PULL = 1e-7
"""Multipliers below this are none."""


class OutOfTime(Exception):  # noqa: N818 - no error: what is known so far is the answer
    """The time is up, or the solver cannot tell."""


@dataclass
class Probes:
    """Asks whether limits can hold together, until a moment.

    Attributes:
        crew: the solvers.
        soft: the model in which limits can give way.
        options: threads and seed.
        until: when to stop, on the monotonic clock; None: no limit.
        whole: False to ask the relaxation alone, whose 'no' is final.
        asked: how often the solver was asked.
    """

    crew: Crew
    soft: Softened
    options: Options
    until: float | None = None
    whole: bool = False
    asked: int = 0
    known: dict[tuple[bool, frozenset[Limit] | frozenset[Cell]], bool] = field(default_factory=dict)

    def can_hold(self, limits: Iterable[Limit] | Iterable[Cell]) -> bool:
        """True if some plan keeps these limits, whatever it does to others."""
        held: frozenset[Limit] | frozenset[Cell] = frozenset(limits)  # type: ignore[assignment]
        key = self.whole, held
        if key not in self.known:
            self.known[key] = self._ask(self.soft.holding(held))
        return self.known[key]

    def pulling(self) -> tuple[Limit, ...] | None:
        """Limits of which the relaxation keeps not all; None if it can keep them all.

        The least sum by which limits are missed has multipliers; with the limits that have one of
        0 lifted that sum is still above 0, so the others cannot hold together.
        """
        columns = np.array([give.column for give in self.soft.gives], dtype=int)
        cost = np.zeros(len(self.soft.matrix.cost))
        cost[columns] = 1.0
        matrix = replace(self.soft.matrix, cost=cost).relaxed()
        outcome = self._run(Job(matrix, method="simplex"))
        if outcome.status != "optimal" or outcome.x is None or outcome.row_duals is None:
            raise OutOfTime
        if float(cost @ outcome.x) <= NOTHING:
            return None
        gain = matrix.rows.T @ outcome.row_duals
        pulling = dict.fromkeys(
            limit for give in self.soft.gives if gain[give.column] > PULL for limit in give.limits
        )
        return tuple(limit for limit in self.soft.limits if limit in pulling)

    def least(self, matrix: Matrix, gap: float) -> Floats | None:
        """The cheapest solution of a problem in whole numbers; None if none is known in time."""
        return self._run(Job(matrix, gap=gap)).x

    def finds_a_plan(self, matrix: Matrix) -> bool:
        """True if a problem without cost has a solution in whole numbers."""
        outcome = self._run(Job(matrix))
        if outcome.x is None and outcome.status != "infeasible":
            raise OutOfTime
        return outcome.x is not None

    def _ask(self, matrix: Matrix) -> bool:
        if self.whole:
            return self.finds_a_plan(matrix)
        outcome = self._run(Job(matrix.relaxed(), method="simplex"))
        if outcome.status not in ("optimal", "infeasible"):
            raise OutOfTime
        return outcome.status == "optimal"

    def _run(self, job: Job) -> Outcome:
        left = None if self.until is None else self.until - time.monotonic()
        if left is not None and left <= 0:
            raise OutOfTime
        self.asked += 1
        outcome = self.crew.run(
            replace(job, time_limit=left, threads=self.options.threads, seed=self.options.seed)
        )
        if outcome.status == "failed":
            raise SolveError(f"the solver failed: {outcome.message}")
        return outcome
