"""The search: each scenario alone, plans that keep one's first decisions, all scenarios together.

Each scenario alone bounds the whole: a risk measure never falls when costs rise, so that the
measure of the scenarios' bounds is a bound. Keeping the first decisions of one scenario's plan and
adapting in the others gives plans of the whole; the best is where all scenarios together start.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from threading import Lock

import numpy as np

from models.scenarios import reference
from models.uncertainty.risk import measured
from optimizer.compiling import CompiledModel
from optimizer.highs import Crew
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search import News, Result, proven, search
from optimizer.starts import Decisions
from optimizer.states import moved
from optimizer.uncertain.prices import Prices
from optimizer.uncertain.problem import Key, Problem
from optimizer.uncertain.side_by_side import Task, side_by_side

ALONE, KEPT = 0.35, 0.6
"""Parts of the time limit after which the scenarios alone, and kept first decisions, must end."""

ALONE_APART = 0.6
"""The first of them where scenarios are not looked at together: kept decisions have the rest."""

APART_GAP = 0.5
"""Scenarios that are not looked at together are solved alone to so much of the gap, so that there
is something left for what is not known at first [ratio]."""

TOO_LARGE = "all scenarios together are too large to be searched in one model"

REGRET_GAP = 0.1
"""Regrets are differences of costs: scenarios alone are solved to so much of the gap [ratio]."""

SLACK = 1e-7
"""Relative deviation from a bound that the solver leaves [ratio]."""

Plans = dict[str, Floats]
"""A plan of the whole: the values of the variables of each scenario."""


@dataclass
class Found:
    """What is known so far.

    Attributes:
        best_musd: the least cost found of each scenario, whatever is decided in others [MUSD].
        bound_musd: no plan of a scenario costs less [MUSD].
        plans: the best plan of the whole.
        bound: no plan of the whole measures less [MUSD].
        kept_musd: by scenario, the costs of keeping its first decisions [MUSD]; None where some
            scenario has no plan then.
        reasons: why there is no plan, or why that is not known.
        infeasible: True if no plan exists.
        interrupted: True if the caller was interrupted.
    """

    best_musd: dict[str, float] = field(default_factory=dict)
    bound_musd: dict[str, float] = field(default_factory=dict)
    plans: Plans | None = None
    bound: float | None = None
    kept_musd: dict[str, dict[str, float] | None] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    infeasible: bool = False
    interrupted: bool = False


class Search:
    """A search in the making; `run` does it."""

    def __init__(
        self,
        crew: Crew,
        problem: Problem,
        options: Options,
        starts: Sequence[Decisions],
        on_progress: Callable[[News], None] | None,
        earlier: "Search | None" = None,
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
        self._own: Plans = {}
        self._offered: list[Plans] = []
        self._lock = Lock()
        self._on_progress = on_progress
        self._began = time.monotonic()

    def run(self) -> Found:
        """Search until the plan is good enough, proven not to exist, or the time is up."""
        found = self.found
        if self._earlier is not None:
            found.best_musd |= self._earlier.found.best_musd
            found.bound_musd |= self._earlier.found.bound_musd
        own = self._own = self._alone()
        self._earlier = None
        if found.infeasible or found.interrupted:
            return found
        if len(found.bound_musd) == len(self.scenarios):
            best = found.best_musd if len(found.best_musd) == len(self.scenarios) else None
            if best or self.inst.risk.measure != "regret":
                found.bound = measured(self.inst, found.bound_musd, best or {})
        for w in self._candidates(own):
            self._keep(w, own)
            if found.interrupted:
                return found
        if self.problem.model is None:
            found.reasons += (TOO_LARGE,) if not self._good_enough() else ()
        elif not (self._good_enough() or (found.plans and self._is_past(1.0))):
            self._together()
        return found

    def costs(self, plans: Plans) -> dict[str, float]:
        """What a plan of the whole costs in each scenario [MUSD]."""
        return {w: self.prices.cost(w, x) for w, x in plans.items()}

    def measure(self, plans: Plans) -> float:
        """The risk measure of a plan of the whole, as far as the best costs are known [MUSD]."""
        return measured(self.inst, self.costs(plans), self.found.best_musd)

    def _alone(self) -> Plans:
        """The plan of each scenario, as if it were certain; those that were found."""
        own: Plans = {}
        gap = self.options.gap
        if self.inst.risk.measure == "regret":
            gap *= REGRET_GAP
        elif self.problem.model is None:
            gap *= APART_GAP
        workers = self._workers(len(self.scenarios))
        tasks = []
        for i, w in enumerate(self.scenarios):
            turns = -(-(len(self.scenarios) - i) // workers)
            hints = [h for start in self.starts if (h := self.problem.hint(w, start)) is not None]
            if self._earlier is not None and w in self._earlier._own:
                before, after = self._earlier.problem.alone[w], self.problem.alone[w]
                hints = [moved(self._earlier._own[w], before, after)]
            tasks.append(
                self._task(
                    f"scenario {w} alone",
                    self.problem.alone[w],
                    lambda turns=turns: replace(
                        self.options,
                        gap=gap,
                        time_limit=self._time(self._ends[0], turns),
                        threads=self.options.threads // workers,
                    ),
                    hints,
                    self.found.bound_musd.get(w),
                )
            )
        results = side_by_side(self.crew, tasks, workers, _ends_all)
        for w, result in zip(self.scenarios, results, strict=False):
            if result.status == "infeasible":
                self.found.infeasible = True
                self.found.reasons = tuple(f"scenario {w}: {why}" for why in result.reasons)
                return own
            if result.bound is not None:
                self.found.bound_musd[w] = result.bound
            if result.x is not None:
                own[w] = result.x
                self._learn({w: result.x})
        return own

    def _workers(self, searches: int) -> int:
        """How many searches go on at once, each with as many threads as there are for it."""
        return max(1, min(searches, self.options.threads))

    @property
    def _ends(self) -> tuple[float, float]:
        """Parts of the time limit after which scenarios alone, and kept decisions, must end."""
        return (ALONE, KEPT) if self.problem.model is not None else (ALONE_APART, 1.0)

    def _candidates(self, own: Plans) -> Iterator[str]:
        """Whose first decisions to keep: the likeliest scenario's, then others' while it pays."""
        first = reference(self.inst)
        for w in (first, *(w for w in self.scenarios if w != first)):
            if w in own and (w == first or not (self._good_enough() or self._is_past(KEPT))):
                yield w

    def _keep(self, first: str, own: Plans) -> None:
        """The plan of the whole that makes the first decisions of one scenario's own plan."""
        decided = self.problem.impossible()
        plans: Plans = {}
        others = [w for w in self.scenarios if w != first]
        # Where all that is shared is decided by then, the others do not depend on each other.
        at_once = all(first in one.scenarios for one in self.problem.shared if one.possible)
        for group in ([first], *([others] if at_once else [[w] for w in others])):
            adapted = self._adapt(first, group, decided, own)
            plans |= adapted
            if len(adapted) < len(group):
                return
            for w in group:
                for key, number in self.problem.decisions(w, plans[w]).items():
                    decided.setdefault(key, number)
        costs = self.costs(plans)
        if max(costs.values()) < inf:
            self.found.kept_musd[first] = costs
        self._offer(plans)

    def _adapt(self, first: str, group: list[str], decided: dict[Key, float], own: Plans) -> Plans:
        """Plans of scenarios that keep what is decided; those that were found."""
        plans: Plans = {}
        tasks, searched = [], []
        for w in group:
            compiled = self.problem.committed(w, decided)
            if w in own and _fits(compiled, own[w]):
                plans[w] = own[w]
                continue
            searched.append(w)
            tasks.append((f"first decisions of scenario {first}, then {w}", compiled, w))
        workers = self._workers(len(tasks))
        results = side_by_side(
            self.crew,
            [
                self._task(
                    stage,
                    compiled,
                    lambda: replace(
                        self.options,
                        time_limit=self._time(self._ends[1]),
                        threads=self.options.threads // workers,
                    ),
                    [own[w]] if w in own else [],
                )
                for stage, compiled, w in tasks
            ],
            workers,
            _ends_all,
        )
        for w, result in zip(searched, results, strict=False):
            if result.status == "infeasible":
                self.found.kept_musd[first] = None
            if result.x is not None:
                plans[w] = result.x
        return plans

    def _together(self) -> None:
        """All scenarios in one model, from the best plan so far."""
        found = self.found
        if self.inst.risk.measure == "regret" and len(found.best_musd) < len(self.scenarios):
            missing = next(w for w in self.scenarios if w not in found.best_musd)
            found.reasons = (f"regrets are not known: no plan of scenario {missing} alone",)
            return
        compiled = self.problem.together(found.best_musd)
        hints = [self.problem.joined(compiled, found.plans)] if found.plans else []
        options = replace(self.options, time_limit=self._time(1.0))
        task = self._task("all scenarios together", compiled, lambda: options, hints, found.bound)
        result = task(self.crew)
        if result.bound is not None and (found.bound is None or result.bound > found.bound):
            found.bound = result.bound
        if result.x is not None:
            self._offer(self.problem.split(compiled, result.x))
        elif result.status == "infeasible" and found.plans is None:
            found.infeasible = True
            found.reasons = (
                "each scenario has a plan, but not all of them with the same first decisions",
                *result.reasons,
            )
        elif found.plans is None:
            found.reasons = result.reasons

    def _learn(self, plans: Plans) -> None:
        """Keep what the scenarios cost at least."""
        for w, musd in self.costs(plans).items():
            if musd < inf:
                self.found.best_musd[w] = min(musd, self.found.best_musd.get(w, musd))

    def _offer(self, plans: Plans) -> None:
        """Note a plan of the whole, and what its scenarios cost at least; keep the best."""
        self._learn(plans)
        if max(self.costs(plans).values()) == inf:
            return
        self._offered.append(plans)
        self.found.plans = min(self._offered, key=self.measure)

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

    def _task(
        self,
        stage: str,
        compiled: CompiledModel,
        options: Callable[[], Options],
        hints: Sequence[Floats],
        bound: float | None = None,
    ) -> Task:
        """An ordinary search, told of as a stage of this one; options as of when it begins."""
        is_whole = compiled.model is self.problem.model

        def tell(news: News) -> None:
            objective = self.measure(self.found.plans) if self.found.plans else None
            whole = (news.objective, news.bound) if is_whole else (objective, self.found.bound)
            seconds = time.monotonic() - self._began
            words = f"{stage}: {news.stage}" if is_whole else stage
            if self._on_progress is not None:
                with self._lock:
                    self._on_progress(News(seconds, *whole, words))

        def run(crew: Crew) -> Result:
            result = search(crew, compiled, options(), hints=hints, bound=bound, tell=tell)
            self.found.interrupted |= result.interrupted
            return result

        return run


def _ends_all(result: Result) -> bool:
    """True if no other search matters any more."""
    return result.interrupted or result.status == "infeasible"


def _fits(compiled: CompiledModel, x: Floats) -> bool:
    """True if a plan lies within the bounds of a problem."""
    matrix = compiled.matrix
    numbers = np.where(matrix.whole, np.round(x), x)
    slack = np.where(matrix.whole, 0.0, SLACK * np.maximum(1.0, np.abs(x)))
    return bool(((numbers >= matrix.lower - slack) & (numbers <= matrix.upper + slack)).all())
