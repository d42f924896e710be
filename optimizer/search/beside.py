"""Neighbourhoods beside branch and bound, on another core, in step with it.

Branch and bound asks for leave to go on after every so many of its steps, a beat. Try k of the
neighbourhoods begins once beat k − AHEAD has come, from the best plan known at that beat and what
was found in the tries before; beat k waits for try k. Beats are counted, not timed, so that which
plan is known when does not depend on how fast a machine is, or which core of it. Where branch and
bound finds drafts, a try first makes the latest one whole.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from threading import Condition
from types import TracebackType
from typing import Self

from optimizer.highs import Crew, Progress
from optimizer.matrix import Floats
from optimizer.search.drafts import Drafts
from optimizer.search.guided import Guide
from optimizer.search.improve import attempt, next_around
from optimizer.search.incumbent import Incumbent
from optimizer.search.near import between
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import Pace
from optimizer.search.restriction import widen

AHEAD = 3
"""Tries that neighbourhoods may be ahead of branch and bound."""

TIRED = 15
"""After so many tries without a better plan, neighbourhoods wait for one of branch and bound."""

WORTH = 1e-6
"""A plan that is better by less is not told [ratio]."""


@dataclass(frozen=True)
class Known:
    """A plan, its cost, and the cost at which one would be good enough."""

    x: Floats
    objective: float
    target: float | None


class Beside:
    """A context in which neighbourhoods are searched while branch and bound calls `beat`.

    They are searched in the part of the problem that the relaxation finds worth a look, with what
    their plan uses. Those of a plan by branch and bound begin with all that lies between it and the
    relaxation. `draft` is the last draft that branch and bound has found, if it looks for `drafts`.
    """

    def __init__(
        self,
        crew: Crew,
        best: Incumbent,
        guided: Guide,
        around: Neighbourhoods,
        pace: Pace,
        drafts: Drafts | None = None,
    ) -> None:
        self.crew, self.best, self.guided = crew, best, guided
        self.around = deepcopy(around)
        """Its own: how many tries are ahead at the end depends on the machine."""
        self.pace, self.drafts = pace, drafts
        self.draft: Floats | None = None
        self._changed = Condition()
        self._beats: list[tuple[Known | None, Floats | None]] = []
        self._found: list[Floats | None] = []
        self._is_over = False
        self._pool = ThreadPoolExecutor(1)
        self._work: Future[None] = self._pool.submit(self._search)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        self._pool.shutdown()
        if error is None:
            self._work.result()

    def beat(self, beats: int, reached: Progress) -> bool:
        """Take what was found in the tries up to a beat; False if the best plan is good enough."""
        best = self.best
        best.offer_bound(reached.bound)
        while len(self._beats) < beats and not best.is_over:
            self._announce()
            best.offer_plan(self._plan_of(len(self._beats)))
        return not best.is_over

    def _announce(self) -> None:
        """A beat has come: tell the neighbourhoods what is known."""
        best, known = self.best, None
        if best.x is not None and best.objective is not None:
            known = Known(best.x, best.objective, best.target)
        with self._changed:
            self._beats.append((known, self.draft))
            self._changed.notify_all()

    def _plan_of(self, number: int) -> Floats | None:
        """The better plan that a try ended with, once it has ended; None if it has none."""
        with self._changed:
            while len(self._found) < number:
                if self._work.done():
                    self._work.result()  # It ends before branch and bound only if it failed.
                if self.best.out_of_time:
                    return None
                self._changed.wait(timeout=0.5)
            return self._found[number - 1]

    def _search(self) -> None:
        """All tries, until branch and bound has ended."""
        own: Known | None = None
        done: Floats | None = None
        idle = 0
        for number in count(1):
            beat = max(1, number - AHEAD)
            with self._changed:
                self._changed.wait_for(lambda: self._is_over or len(self._beats) >= beat)  # noqa: B023
                if self._is_over:
                    return
                known, draft = self._beats[beat - 1]
            is_new = known is not None and (own is None or known.objective < own.objective)
            if is_new:
                own, idle = known, 0
            better = None
            if draft is not None and draft is not done:
                done = draft
                better = self._completed(draft, own)
            elif own is not None and idle < TIRED:
                better = self._try(own, between_too=is_new)
                idle += 1
            if better is not None:
                own, idle = better, 0
            with self._changed:
                self._found.append(better.x if better else None)
                self._changed.notify_all()

    def _completed(self, draft: Floats, known: Known | None) -> Known | None:
        """The plan that a draft is made, if it is better than the one that is known."""
        assert self.drafts is not None
        target = known.target if known else None
        x = self.drafts.completed(
            self.crew, draft, self.guided, self.best, self.pace, target, self._must_stop
        )
        return None if x is None else self._better(x, known, target)

    def _try(self, known: Known, *, between_too: bool) -> Known | None:
        """One look around a plan; a better one, if there is one."""
        part = widen(self.guided.matrix, self.guided.part, known.x)
        x = part.shrink(known.x)
        kind: str | None = None
        if between_too:
            problem = between(part.matrix, part.shrink(self.guided.relaxed), x)
        else:
            kind, problem = next_around(known.x, part, self.around)
        job = attempt(problem, x, self.best, known.target, self.pace)
        outcome = self.crew.run(job, None, self._must_stop)
        found = outcome.x
        better = None if found is None else self._better(part.expand(found), known, known.target)
        if kind is not None:
            solved = outcome.status == "optimal"
            self.around.learn(kind, solved=solved, better=better is not None)
        return better

    def _must_stop(self) -> bool:
        return self._is_over or self.best.out_of_time

    def _better(self, x: Floats, known: Known | None, target: float | None) -> Known | None:
        objective = self.best.matrix.value(x)
        if known is not None and objective > known.objective - WORTH * abs(known.objective):
            return None
        return Known(x, objective, target)
