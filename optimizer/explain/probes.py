"""Questions to the solver: can these limits hold together?"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.errors import SolveError
from optimizer.explain.limit import Limit
from optimizer.explain.patience import Patience
from optimizer.explain.same import carried, with_more_columns
from optimizer.explain.softened import Cell, Give, Softened
from optimizer.highs import Crew, Job, Outcome
from optimizer.matrix import Floats, Matrix
from optimizer.options import Options
from optimizer.search import Result, is_large, polish, search

NOTHING = 1e-6
"""Limits missed by less in sum are kept."""

VERTEX = 60_000
"""Relaxations with more variables are solved by interior point, whose multipliers are spread over
more limits than those of a vertex."""

ROUGHLY_NOTHING = 1e-3
"""Limits missed by less in sum are kept where the relaxation is solved by interior point."""

KEPT = 1e-9
"""A limit that a solution misses by no more is kept by it."""

PULL = 1e-7
"""Multipliers below this are none."""

ANY_COST = 1e15
"""No plan costs so much [MUSD]."""

USED = 1e-6
"""What gives way by less does not give way."""

ROUNDED = 1.01
"""Amounts are rounded up by no more than this [ratio]."""

LEAST_S = 180.0
"""Longest search for the cheapest way in which limits of a large instance give way, for a plan with
which to try one, and for changes that one does not need [s]."""

Held = frozenset[Limit] | frozenset[Cell]
"""What must be kept: limits, or limits in some scenarios and periods."""


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
        known: earlier answers: whether in whole numbers, of which limits or cells, and what.
    """

    crew: Crew
    soft: Softened
    options: Options
    until: float | None = None
    whole: bool = False
    asked: int = 0
    known: list[tuple[bool, Held, bool]] = field(default_factory=list)

    def can_hold(self, limits: Iterable[Limit] | Iterable[Cell]) -> bool:
        """True if some plan keeps these limits, whatever it does to others."""
        held: Held = frozenset(limits)  # type: ignore[assignment]
        answer = self._known_of(held)
        if answer is None:
            answer = self._in_whole_numbers(held) if self.whole else not self.pulled(held)
            self.known.append((self.whole, held, answer))
        return answer

    def _in_whole_numbers(self, held: Held) -> bool:
        x = self._any(self.soft.holding(held))
        if x is not None:
            self._learn(x)
        return x is not None

    def _known_of(self, held: Held) -> bool | None:
        """The answer that follows from an earlier one: fewer limits hold where more did, and more
        cannot where fewer could not; whole numbers ask for more than the relaxation."""
        for whole, other, answer in self.known:
            if answer and (whole or not self.whole) and held <= other:
                return True
            if not answer and (self.whole or not whole) and other <= held:
                return False
        return None

    def _learn(self, x: Floats) -> None:
        """All limits that a solution keeps can hold together, and so can the cells."""
        missed = [give for give in self.soft.gives if x[give.column] > KEPT]
        given = {limit for give in missed for limit in give.limits}
        lost = {cell for give in missed for cell in give.cells}
        limits = frozenset(limit for limit in self.soft.limits if limit not in given)
        cells = frozenset(cell for give in self.soft.gives for cell in give.cells) - lost
        self.known += [(self.whole, limits, True), (self.whole, cells, True)]

    def pulling(self) -> tuple[Limit, ...]:
        """Limits of which the relaxation cannot keep all; none if it can keep every limit."""
        pulled = self.pulled(self.soft.limits)
        return tuple(limit for limit in self.soft.limits if limit in pulled)

    def pulled(self, limits: Iterable[Limit] | Iterable[Cell]) -> set[Limit]:
        """Of limits that cannot hold together in the relaxation, those that pull; else none.

        The least sum by which the limits are missed has multipliers. With the limits lifted whose
        multipliers are 0 that sum is still above 0, so that the others cannot hold together.
        """
        held: Held = frozenset(limits)  # type: ignore[assignment]
        gives = [
            give
            for give in self.soft.gives
            if not (held.isdisjoint(give.limits) and held.isdisjoint(give.cells))
        ]
        outcome, large = self._relaxed(self.soft.matrix, gives)
        if outcome.status != "optimal" or outcome.x is None or outcome.row_duals is None:
            raise OutOfTime
        if sum(_missed(gives, outcome.x).values()) <= (ROUGHLY_NOTHING if large else NOTHING):
            self._learn(outcome.x)
            return set()
        gain = self.soft.matrix.rows.T @ outcome.row_duals
        return {limit for give in gives if gain[give.column] > PULL for limit in give.limits}

    def missed(self, kind: str) -> dict[Limit, float]:
        """What the relaxation misses of the limits of a kind if it keeps all others.

        Nothing where it can keep all, or cannot keep the others.
        """
        gives = [give for give in self.soft.gives if any(one.kind == kind for one in give.limits)]
        if not gives:
            return {}
        others = frozenset(limit for limit in self.soft.limits if limit.kind != kind)
        outcome, large = self._relaxed(self.soft.holding(others), gives)
        if outcome.status != "optimal" or outcome.x is None:
            return {}
        missed = _missed(gives, outcome.x)
        enough = sum(missed.values()) > (ROUGHLY_NOTHING if large else NOTHING)
        return {limit: by for limit, by in missed.items() if by > NOTHING} if enough else {}

    def _relaxed(self, matrix: Matrix, gives: Sequence[Give]) -> tuple[Outcome, bool]:
        """The relaxation that misses as little as can be; True if it was by interior point."""
        cost = np.zeros(len(matrix.cost))
        cost[[give.column for give in gives]] = 1.0
        large = len(cost) > VERTEX
        job = Job(replace(matrix, cost=cost).relaxed(), method="ipm" if large else "simplex")
        return self._run(job), large

    @property
    def is_large(self) -> bool:
        """True if the model is too large for many questions in whole numbers."""
        return is_large(len(self.soft.matrix.cost))

    def may_do(
        self, kept: Collection[Limit], given: Collection[Limit], x: Floats, factor: float
    ) -> bool:
        """False if some of the limits that give way in a solution are not enough, as the relaxation
        tells.

        Args:
            kept: the limits that may give way: numbers by no more than in the solution.
            given: all that give way in the solution.
            x: the solution.
            factor: numbers may give way by so much more [ratio].
        """
        rules = {limit.part for limit in kept if not limit.number}
        numbers = {limit for limit in kept if limit.number}
        upper = self.soft.matrix.upper.copy()
        beside = []
        for give in self.soft.gives:
            if any(limit in numbers for limit in give.limits):
                upper[give.column] = min(upper[give.column], ROUNDED * factor * x[give.column])
            elif not any(limit.part in rules for limit in give.limits):
                if any(limit in given for limit in give.limits):
                    beside.append(give)
                else:
                    upper[give.column] = 0.0
        outcome, _ = self._relaxed(replace(self.soft.matrix, upper=upper), beside)
        if outcome.status != "optimal" or outcome.x is None:
            return True
        return sum(_missed(beside, outcome.x).values()) <= ROUGHLY_NOTHING

    def least(self, matrix: Matrix, gap: float) -> Floats | None:
        """A cheap solution of a problem; None if none is known in time.

        The problem has the variables of the model in which limits can give way, and more. A large
        one is searched as plans are: there the first good solution is soon found.
        """
        if not matrix.whole.any():
            return self._run(Job(matrix, method="ipm")).x
        if not is_large(len(matrix.cost)):
            return self._run(Job(matrix, gap=gap), Patience()).x
        model = with_more_columns(self.soft.compiled, matrix)
        return self._search(model, gap=gap, longest=LEAST_S, cuts=False).x

    def admits(self, compiled: CompiledModel, known: Floats, longest: float) -> bool:
        """True if a model has a plan, as far as one is found.

        Of a large one those decisions are tried first that a solution makes which is known of the
        model in which limits can give way, then none at all; then it is searched for so long [s].
        """
        matrix = replace(compiled.matrix, cost=np.zeros_like(compiled.matrix.cost))
        if not is_large(len(matrix.cost)):
            return self._any(matrix) is not None
        for hint in (carried(self.soft.compiled, known, compiled), matrix.lower):
            if polish(self.crew, matrix, hint, self.options.threads) is not None:
                return True
        return self._search(compiled, enough=ANY_COST, longest=longest).x is not None

    def has_plan(self, plain: Callable[[], CompiledModel]) -> bool:
        """True if there is a plan that keeps all limits; a large one is looked for in the model of
        the instance as it is."""
        if not is_large(len(self.soft.matrix.cost)):
            return self.can_hold(self.soft.limits)
        found = self._search(plain(), enough=ANY_COST)
        if found.status == "unknown":
            raise OutOfTime
        return found.x is not None

    def _any(self, matrix: Matrix) -> Floats | None:
        """A solution in whole numbers of a problem without cost; None if there is none."""
        outcome = self._run(Job(matrix))
        if outcome.x is None and outcome.status != "infeasible":
            raise OutOfTime
        return outcome.x

    def _search(
        self,
        model: CompiledModel,
        *,
        gap: float = 0.0,
        enough: float | None = None,
        longest: float | None = None,
        cuts: bool = True,
    ) -> Result:
        left = self._left
        limits = [seconds for seconds in (left, longest) if seconds is not None]
        self.asked += 1
        options = replace(
            self.options, gap=gap, method="search", time_limit=min(limits, default=None)
        )
        found = search(self.crew, model, options, enough=enough, cuts=cuts)
        if found.interrupted:
            raise KeyboardInterrupt
        return found

    @property
    def _left(self) -> float | None:
        """Time that is left [s]; None: no limit."""
        left = None if self.until is None else self.until - time.monotonic()
        if left is not None and left <= 0:
            raise OutOfTime
        return left

    def _run(self, job: Job, patience: Patience | None = None) -> Outcome:
        left = self._left
        self.asked += 1
        asked = replace(
            job,
            time_limit=left,
            threads=self.options.threads,
            seed=self.options.seed,
            root_by_ipm=is_large(len(job.matrix.cost)),
        )
        if patience is None:
            outcome = self.crew.run(asked)
        else:
            outcome = self.crew.run(asked, patience.hear, patience.is_over)
        if self.until is not None and time.monotonic() > self.until and outcome.x is None:
            raise OutOfTime
        # A solver that was told to stop may be killed if it does not; what it found is good.
        left_off = patience is not None and outcome.x is not None
        if outcome.status == "failed" and not left_off:
            raise SolveError(f"the solver failed: {outcome.message}")
        return outcome


def _missed(gives: Sequence[Give], x: Floats) -> dict[Limit, float]:
    """By how much limits are missed in a solution [unit of the model]."""
    out: dict[Limit, float] = {}
    for give in gives:
        for limit in give.limits:
            out[limit] = out.get(limit, 0.0) + float(x[give.column])
    return out
