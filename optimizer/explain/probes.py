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
from optimizer.search.pace import is_large

NOTHING = 1e-6
"""Limits missed by less in sum are kept."""

ROUGHLY_NOTHING = 1e-3
"""The same for large problems, whose relaxation is solved less exactly."""

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
            matrix = self.soft.holding(held)
            self.known[key] = self.finds_a_plan(matrix) if self.whole else not self._pulling(held)
        return self.known[key]

    def pulling(self) -> tuple[Limit, ...]:
        """Limits of which the relaxation cannot keep all; none if it can keep every limit."""
        pulling = self._pulling(frozenset(self.soft.limits))
        return tuple(limit for limit in self.soft.limits if limit in pulling)

    def _pulling(self, held: frozenset[Limit] | frozenset[Cell]) -> set[Limit]:
        """Of limits that cannot hold together in the relaxation, those that pull; else none.

        The least sum by which the limits are missed has multipliers. With the limits lifted whose
        multipliers are 0 that sum is still above 0, so that the others cannot hold together.
        """
        gives = [
            give
            for give in self.soft.gives
            if not (held.isdisjoint(give.limits) and held.isdisjoint(give.cells))
        ]
        columns = np.array([give.column for give in gives], dtype=int)
        cost = np.zeros(len(self.soft.matrix.cost))
        cost[columns] = 1.0
        large = is_large(len(cost))
        matrix = replace(self.soft.matrix, cost=cost).relaxed()
        outcome = self._run(Job(matrix, method="ipm" if large else "simplex"))
        if outcome.status != "optimal" or outcome.x is None or outcome.row_duals is None:
            raise OutOfTime
        if float(cost @ outcome.x) <= (ROUGHLY_NOTHING if large else NOTHING):
            return set()
        gain = matrix.rows.T @ outcome.row_duals
        return {limit for give in gives if gain[give.column] > PULL for limit in give.limits}

    def least(self, matrix: Matrix, gap: float) -> Floats | None:
        """The cheapest solution of a problem in whole numbers; None if none is known in time."""
        return self._run(Job(matrix, gap=gap)).x

    def finds_a_plan(self, matrix: Matrix) -> bool:
        """True if a problem without cost has a solution in whole numbers."""
        outcome = self._run(Job(matrix))
        if outcome.x is None and outcome.status != "infeasible":
            raise OutOfTime
        return outcome.x is not None

    def _run(self, job: Job) -> Outcome:
        left = None if self.until is None else self.until - time.monotonic()
        if left is not None and left <= 0:
            raise OutOfTime
        self.asked += 1
        outcome = self.crew.run(
            replace(
                job,
                time_limit=left,
                threads=self.options.threads,
                seed=self.options.seed,
                root_by_ipm=is_large(len(job.matrix.cost)),
            )
        )
        if self.until is not None and time.monotonic() > self.until and outcome.x is None:
            raise OutOfTime
        if outcome.status == "failed":
            raise SolveError(f"the solver failed: {outcome.message}")
        return outcome
