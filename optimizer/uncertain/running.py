"""What the stages of a search on scenarios share: the clock, the costs, and how one is run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from threading import Lock

from models.uncertainty.risk import measured
from optimizer.compiling import CompiledModel
from optimizer.highs import Crew
from optimizer.interrupted import see_through
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search import Guide, News, Result, proven, relax, search
from optimizer.search.incumbent import refutes
from optimizer.starts import Decisions
from optimizer.uncertain.found import ALONE, ALONE_APART, KEPT, Found, Plans, ends_all
from optimizer.uncertain.prices import Prices
from optimizer.uncertain.problem import Problem
from optimizer.uncertain.side_by_side import Task, side_by_side


class Running:
    """A search in the making: what is known, what plans cost, and how long it may still take."""

    def __init__(
        self,
        crew: Crew,
        problem: Problem,
        options: Options,
        starts: Sequence[Decisions],
        on_progress: Callable[[News], None] | None,
        earlier: "Running | None" = None,
    ) -> None:
        """`earlier` is a search on the same problem with fewer contingency states."""
        self.crew, self.problem, self.options, self.starts = crew, problem, options, starts
        self.inst = problem.inst
        self.scenarios = sorted(
            problem.alone, key=lambda w: self.inst.scenarios[w].probability, reverse=True
        )
        self.prices = Prices(crew, problem, options.threads)
        self.found = Found()
        self._earlier = earlier
        if earlier is not None:
            earlier._earlier = None
        self._own: Plans = {}
        self._guides: dict[str, Guide] = {}
        self._offered: list[Plans] = []
        self._lock = Lock()
        self._on_progress = on_progress
        self._began = time.monotonic()

    def costs(self, plans: Plans) -> dict[str, float]:
        """What a plan of the whole costs in each scenario [MUSD]."""
        return {w: self.prices.cost(w, x) for w, x in plans.items()}

    def measure(self, plans: Plans) -> float:
        """The risk measure of a plan of the whole, as far as the best costs are known [MUSD]."""
        return measured(self.inst, self.costs(plans), self.found.best_musd)

    def _workers(self, searches: int) -> int:
        """How many searches go on at once, each with as many threads as there are for it."""
        return max(1, min(searches, self.crew.at_once(self.options.threads)))

    @property
    def _ends(self) -> tuple[float, float]:
        """Parts of the time limit after which scenarios alone, and kept decisions, must end."""
        return (ALONE, KEPT) if self.problem.model is not None else (ALONE_APART, 1.0)

    def _options(self, gap: float, workers: int, until: float, turns: int) -> Options:
        """The options of one of several searches at once, as of when it begins."""
        threads = max(1, self.options.threads // workers)
        return replace(self.options, gap=gap, time_limit=self._time(until, turns), threads=threads)

    def _learn(self, plans: Plans) -> None:
        """Keep what the scenarios cost at least."""
        for w, musd in self.costs(plans).items():
            if musd < inf:
                self.found.best_musd[w] = min(musd, self.found.best_musd.get(w, musd))

    def _offer(self, plans: Plans) -> None:
        """Note a plan of the whole, and what its scenarios cost at least; keep the best.

        Interrupted while its contingency states are answered, the plan is kept all the same. A
        bound that it refutes is dropped.
        """

        def learn(interrupted: bool) -> None:
            self.found.interrupted = interrupted
            self._learn(plans)

        see_through(learn, self.found.interrupted)
        if max(self.costs(plans).values()) == inf:
            return
        self._offered.append(plans)
        self.found.plans = min(self._offered, key=self.measure)
        if self.found.bound is not None and self._is_refuted(self.found.bound):
            self.found.bound, self.found.bound_from = None, ""

    def raise_bound(self, bound: float | None, proved_by: str) -> bool:
        """Take over a bound if it is better and no known plan refutes it; True if it was taken."""
        found = self.found
        if bound is None or (found.bound is not None and bound <= found.bound):
            return False
        if self._is_refuted(bound):
            return False
        found.bound, found.bound_from = bound, proved_by
        return True

    def _is_refuted(self, bound: float) -> bool:
        plans = self.found.plans
        return plans is not None and refutes(self.measure(plans), bound)

    def _good_enough(self) -> bool:
        plans = self.found.plans
        objective = self.measure(plans) if plans else None
        return proven(objective, self.found.bound, self.options.gap)

    def _is_past(self, part: float) -> bool:
        """True once a part of the time limit has passed."""
        limit = self.options.time_limit
        return limit is not None and time.monotonic() - self._began > part * limit

    def _time(self, until: float, shares: int = 1) -> float | None:
        """A share of the time up to a part of the limit [s]; None: no limit."""
        if self.options.time_limit is None:
            return None
        passed = time.monotonic() - self._began
        return max(0.1, (until * self.options.time_limit - passed) / shares)

    def _say(self, stage: str, objective: float | None = None, bound: float | None = None) -> None:
        """Tell of a stage, with the plan and bound of the whole; those known, if none are given."""
        if self._on_progress is None:
            return
        if objective is None and self.found.plans:
            objective = self.measure(self.found.plans)
        bound = self.found.bound if bound is None else bound
        with self._lock:
            self._on_progress(News(time.monotonic() - self._began, objective, bound, stage))

    def _side_by_side(self, tasks: Sequence[Task], workers: int) -> list[Result]:
        """The results of searches, which end once one of them leaves no use for the others.

        Notes if the user has ended them, and which ended early with the plan in hand.
        """
        results = side_by_side(self.crew, tasks, workers, ends_all)
        found = self.found
        found.interrupted |= any(result.interrupted for result in results)
        early = [why for one in results if one.status == "found" for why in one.reasons]
        found.reasons = tuple(dict.fromkeys([*found.reasons, *early]))
        return results

    def _bounding(
        self, stage: str, compiled: CompiledModel, options: Callable[[], Options]
    ) -> Task:
        """A relaxation, told of as a stage of this search; options as of when it begins."""

        def run(crew: Crew) -> Result:
            return relax(crew, compiled, options(), tell=lambda news: self._say(stage))

        return run

    def _task(
        self,
        stage: str,
        compiled: CompiledModel,
        options: Callable[[], Options],
        hints: Sequence[Floats],
        bound: float | None = None,
        guide: Guide | None = None,
    ) -> Task:
        """An ordinary search, told of as a stage of this one; options as of when it begins."""
        is_whole = compiled.model is self.problem.model

        def tell(news: News) -> None:
            if is_whole:
                self._say(f"{stage}: {news.stage}", news.objective, news.bound)
            else:
                self._say(stage)

        def run(crew: Crew) -> Result:
            return search(
                crew, compiled, options(), hints=hints, bound=bound, known=guide, tell=tell
            )

        return run
