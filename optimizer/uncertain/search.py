"""The search: each scenario alone, plans that keep one's first decisions, all scenarios together.

Each scenario alone bounds the whole: a risk measure never falls when costs rise, so that the
measure of the scenarios' bounds is a bound. Keeping the first decisions of one scenario's plan and
adapting in the others gives plans of the whole; the best is where all scenarios together start.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.scenarios import reference
from models.uncertainty.risk import measured
from optimizer.compiling import CompiledModel
from optimizer.highs import Crew
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search import News, Result, proven, search
from optimizer.starts import Decisions
from optimizer.uncertain.problem import Problem

ALONE, KEPT = 0.35, 0.6
"""Parts of the time limit after which the scenarios alone, and kept first decisions, must end."""

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
    ) -> None:
        self.crew, self.problem, self.options, self.starts = crew, problem, options, starts
        self.inst = problem.inst
        self.scenarios = sorted(
            problem.alone, key=lambda w: self.inst.scenarios[w].probability, reverse=True
        )
        self.found = Found()
        self._offered: list[Plans] = []
        self._on_progress = on_progress
        self._began = time.monotonic()

    def run(self) -> Found:
        """Search until the plan is good enough, proven not to exist, or the time is up."""
        found = self.found
        own = self._alone()
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
        if not (self._good_enough() or (found.plans and self._is_past(1.0))):
            self._together()
        return found

    def costs(self, plans: Plans) -> dict[str, float]:
        """What a plan of the whole costs in each scenario [MUSD]."""
        return {w: self.problem.alone[w].matrix.value(x) for w, x in plans.items()}

    def measure(self, plans: Plans) -> float:
        """The risk measure of a plan of the whole, as far as the best costs are known [MUSD]."""
        return measured(self.inst, self.costs(plans), self.found.best_musd)

    def _alone(self) -> Plans:
        """The plan of each scenario, as if it were certain; those that were found."""
        own: Plans = {}
        gap = self.options.gap
        for i, w in enumerate(self.scenarios):
            hints = [h for start in self.starts if (h := self.problem.hint(w, start)) is not None]
            share = self._time(ALONE, len(self.scenarios) - i)
            options = replace(self.options, time_limit=share)
            if self.inst.risk.measure == "regret":
                options = replace(options, gap=gap * REGRET_GAP)
            result = self._search(f"scenario {w} alone", self.problem.alone[w], options, hints)
            if result.status == "infeasible":
                self.found.infeasible = True
                self.found.reasons = (f"scenario {w} alone has no plan",)
                return own
            if result.bound is not None:
                self.found.bound_musd[w] = result.bound
            if result.x is not None:
                own[w] = result.x
                self._learn({w: result.x})
            if self.found.interrupted:
                return own
        return own

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
        for w in (first, *(w for w in self.scenarios if w != first)):
            compiled = self.problem.committed(w, decided)
            if w in own and _fits(compiled, own[w]):
                plans[w] = own[w]
            else:
                options = replace(self.options, time_limit=self._time(KEPT))
                stage = f"first decisions of scenario {first}, then {w}"
                hints = [own[w]] if w in own else []
                result = self._search(stage, compiled, options, hints)
                if result.status == "infeasible":
                    self.found.kept_musd[first] = None
                if result.x is None:
                    return
                plans[w] = result.x
            for key, number in self.problem.decisions(w, plans[w]).items():
                decided.setdefault(key, number)
        self.found.kept_musd[first] = self.costs(plans)
        self._offer(plans)

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
        result = self._search("all scenarios together", compiled, options, hints, found.bound)
        if result.bound is not None and (found.bound is None or result.bound > found.bound):
            found.bound = result.bound
        if result.x is not None:
            self._offer(self.problem.split(compiled, result.x))
        elif result.status == "infeasible" and found.plans is None:
            found.infeasible = True
            found.reasons = (
                "each scenario has a plan, but not all of them with the same first decisions",
            )
        elif found.plans is None:
            found.reasons = result.reasons

    def _learn(self, plans: Plans) -> None:
        """Keep what the scenarios cost at least."""
        for w, musd in self.costs(plans).items():
            self.found.best_musd[w] = min(musd, self.found.best_musd.get(w, musd))

    def _offer(self, plans: Plans) -> None:
        """Note a plan of the whole, and what its scenarios cost at least; keep the best."""
        self._learn(plans)
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

    def _search(
        self,
        stage: str,
        compiled: CompiledModel,
        options: Options,
        hints: Sequence[Floats],
        bound: float | None = None,
    ) -> Result:
        """An ordinary search, told of as a stage of this one."""
        is_whole = compiled.model is self.problem.model

        def tell(news: News) -> None:
            objective = self.measure(self.found.plans) if self.found.plans else None
            whole = (news.objective, news.bound) if is_whole else (objective, self.found.bound)
            seconds = time.monotonic() - self._began
            words = f"{stage}: {news.stage}" if is_whole else stage
            if self._on_progress is not None:
                self._on_progress(News(seconds, *whole, words))

        result = search(self.crew, compiled, options, hints=hints, bound=bound, tell=tell)
        self.found.interrupted |= result.interrupted
        return result


def _fits(compiled: CompiledModel, x: Floats) -> bool:
    """True if a plan lies within the bounds of a problem."""
    matrix = compiled.matrix
    numbers = np.where(matrix.whole, np.round(x), x)
    slack = np.where(matrix.whole, 0.0, SLACK * np.maximum(1.0, np.abs(x)))
    return bool(((numbers >= matrix.lower - slack) & (numbers <= matrix.upper + slack)).all())
