"""The best plan and bound so far, the clock, and who is told of progress."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.matrix import Floats, Matrix

NO_GAP = 1e-7
"""Objective and bound closer than this differ by the solver's tolerances alone [ratio]."""

NEARLY = 0.01
"""Neighbourhoods of a plan seldom save more: a wider gap must be closed otherwise [ratio]."""

RELAXATION = "relaxation"
"""The stage in which the relaxation is solved."""

MARKED = 0.1
"""Relative improvement after which a plan is handed out again [ratio]."""


@dataclass(frozen=True)
class News:
    """How far solving has come.

    Attributes:
        seconds: since solving began [s].
        objective: cost of the best plan so far, if there is one [MUSD].
        bound: no plan costs less [MUSD].
        stage: what is being done, in words.
    """

    seconds: float
    objective: float | None
    bound: float | None
    stage: str

    @property
    def gap(self) -> float | None:
        """(objective − bound) / |objective| [ratio]."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """(objective − bound) / |objective|, never below 0; None if either is missing [ratio]."""
    if objective is None or bound is None:
        return None
    if objective == bound:
        return 0.0
    return max(0.0, objective - bound) / max(abs(objective), 1e-9)


def proven(objective: float | None, bound: float | None, gap: float) -> bool:
    """True if a plan is within the gap of its bound; a gap below NO_GAP is none."""
    reached = relative_gap(objective, bound)
    if objective is None or bound is None or reached is None:
        return False
    return reached <= gap or objective - bound <= NO_GAP * scale(objective)


def scale(amount: float) -> float:
    """The size against which differences of an amount are judged: its own, and at least 1."""
    return max(1.0, abs(amount))


def refutes(cost: float, bound: float) -> bool:
    """True if something costs less than the bound of everything, by more than tolerances do."""
    return cost < bound - 10 * NO_GAP * scale(cost)


@dataclass(frozen=True)
class Grounds:
    """What a bound rests on.

    Attributes:
        stage: the stage of the search that proved it, in words; empty: it was known before.
        relaxation: the bound of the relaxation alone [unit of the goal]; None: it was not solved.
        row_duals: the duals that prove that one, whoever multiplies them out again.
    """

    stage: str = ""
    relaxation: float | None = None
    row_duals: Floats | None = None


class Incumbent:
    """Collects plans and bounds from every solve of a search; knows when it is good enough."""

    def __init__(
        self,
        matrix: Matrix,
        gap: float,
        time_limit: float | None,
        tell: Callable[[News], None] | None = None,
        on_plan: Callable[[Floats], Floats | None] | None = None,
        enough: float | None = None,
    ) -> None:
        self.matrix = matrix
        self.gap = gap
        self.enough = enough
        """Cost at which a plan is good enough, whatever its bound; None: none [MUSD]."""
        self.x: Floats | None = None
        self.objective: float | None = None
        self.is_exact = False
        """True if the best plan's whole numbers are exact, and all else is the best for them."""
        self._exact: Floats | None = None
        self.bound: float | None = None
        self.grounds = Grounds()
        self.stage = ""
        self._began = time.monotonic()
        self._limit = time_limit
        self._tell = tell
        self._on_plan = on_plan
        self._shown: float | None = None

    @property
    def seconds(self) -> float:
        """Time since the search began [s]."""
        return time.monotonic() - self._began

    @property
    def time_left(self) -> float | None:
        """Time until the limit [s]; None: no limit."""
        return None if self._limit is None else max(0.1, self._limit - self.seconds)

    @property
    def out_of_time(self) -> bool:
        """True once the limit is reached."""
        return self._limit is not None and self.seconds >= self._limit

    @property
    def good_enough(self) -> bool:
        """True once the gap that was asked for is proven, or the cost that is enough is reached, or
        is known to be out of reach."""
        if proven(self.objective, self.bound, self.gap):
            return True
        if self.enough is None:
            return False
        out_of_reach = self.enough + NO_GAP * scale(self.enough)
        return (self.objective is not None and self.objective <= self.enough) or (
            self.bound is not None and self.bound > out_of_reach
        )

    @property
    def nearly_enough(self) -> bool:
        """True if what the gap lacks is no more than neighbourhoods of the plan may save."""
        gap = relative_gap(self.objective, self.bound)
        return gap is not None and self.gap > NO_GAP and gap - self.gap <= NEARLY

    @property
    def is_over(self) -> bool:
        """True once the search may end: it is good enough, or out of time."""
        return self.good_enough or self.out_of_time

    @property
    def target(self) -> float | None:
        """The cost at which a plan would be good enough for the bound so far [MUSD]."""
        if self.bound is None:
            return self.enough
        nearest = self.bound / (1 - self.gap if self.bound > 0 else 1 + self.gap)
        nearest += NO_GAP / 2 * scale(self.bound)
        return nearest if self.enough is None else max(nearest, self.enough)

    def enter(self, stage: str) -> None:
        """Begin a new stage of the search."""
        self.stage = stage
        self._say()

    def offer_plan(self, x: Floats | None, *, exact: bool = False) -> None:
        """Keep a plan if it is the best so far, or as good and exact; drop a refuted bound."""
        if x is None:
            return
        objective = self.matrix.value(x)
        if self.objective is not None:
            slack = NO_GAP if exact and not self.is_exact else -1e-9
            if objective >= self.objective + slack * scale(self.objective):
                return
        self._keep(x, exact=exact)
        self._show()

    def settle(self, x: Floats) -> None:
        """Keep the best plan made exact, whatever that costs: as it was, it is none.

        One that was exact before stays if it is cheaper.
        """
        known = self._exact
        is_dearer = known is not None and self.matrix.value(known) <= self.matrix.value(x)
        self._keep(known if known is not None and is_dearer else x, exact=True)

    def refutes(self, bound: float | None) -> bool:
        """True if the best plan costs less than no plan can, if a bound were right."""
        if bound is None or self.objective is None:
            return False
        return refutes(self.objective, bound)

    def offer_bound(self, bound: float | None) -> None:
        """Keep a bound if it is the best so far, and the best plan does not refute it."""
        if bound is None or self.refutes(bound):
            return
        if self.bound is None or bound > self.bound:
            self.bound = bound
            self.grounds = replace(self.grounds, stage=self.stage)
            self._say()

    def fall_back(self, bound: float | None, grounds: Grounds) -> None:
        """Take back all bounds since then: what they rested on is refuted."""
        self.bound, self.grounds = bound, grounds

    def offer_duals(self, bound: float, row_duals: Floats) -> None:
        """Keep the bound of the relaxation, and the duals that prove it."""
        self.offer_bound(bound)
        self.grounds = replace(self.grounds, relaxation=bound, row_duals=row_duals)

    def _keep(self, x: Floats, *, exact: bool) -> None:
        self.x, self.objective, self.is_exact = np.array(x), self.matrix.value(x), exact
        if exact:
            self._exact = self.x
        if self.refutes(self.bound):
            relaxed = self.grounds.relaxation
            self.bound = None if self.refutes(relaxed) else relaxed
            self.grounds = replace(self.grounds, stage=RELAXATION)
        self._say()

    def _show(self) -> None:
        """Hand out the first plan, and each that is better by a tenth than the last handed out."""
        if self._on_plan is None or self.x is None or self.objective is None:
            return
        if self._shown is None or self.objective < self._shown - MARKED * abs(self._shown):
            self._shown = self.objective
            self.offer_plan(self._on_plan(self.x), exact=True)

    def _say(self) -> None:
        if self._tell is not None:
            self._tell(News(self.seconds, self.objective, self.bound, self.stage))
