"""The search: each scenario alone, plans that keep one's first decisions, all scenarios together.

Each scenario alone bounds the whole: a risk measure never falls when costs rise, so that the
measure of the scenarios' bounds is a bound. Keeping the first decisions of one scenario's plan and
adapting in the others gives plans of the whole; the best is where all scenarios together start.
Too large for that, they are searched alone once more, at the prices of what is shared.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import inf

from models.scenarios import reference
from models.uncertainty.risk import measured
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.search import Result, is_large
from optimizer.states import moved
from optimizer.uncertain.found import (
    ALONE,
    APART_GAP,
    AT_PRICES,
    KEPT,
    REGRET_GAP,
    TIED,
    TOO_LARGE,
    Found,
    Plans,
    fits,
)
from optimizer.uncertain.problem import Key
from optimizer.uncertain.running import Running
from optimizer.uncertain.side_by_side import Task
from optimizer.uncertain.tying import Tied, at_prices, tie


class Search(Running):
    """The stages; `run` goes through them."""

    def run(self) -> Found:
        """Search until the plan is good enough, proven not to exist, or the time is up."""
        found = self.found
        if self._earlier is not None:
            found.best_musd |= self._earlier.found.best_musd
            found.bound_musd |= self._earlier.found.bound_musd
        if self.options.method == "monolith" and self.inst.risk.measure != "regret":
            self._together()
            return found
        own = self._own = self._bound_alone() if self._is_hedged else self._alone()
        if found.infeasible or found.interrupted:
            return found
        if len(found.bound_musd) == len(self.scenarios):
            best = found.best_musd if len(found.best_musd) == len(self.scenarios) else None
            if best or self.inst.risk.measure != "regret":
                bound = measured(self.inst, found.bound_musd, best or {})
                self.raise_bound(bound, "each scenario alone")
        for w in self._candidates(own):
            self._keep(w, own)
            if found.interrupted:
                return found
        if self.problem.model is None:
            self._tie()
            if self._is_hedged and found.plans is None and not found.interrupted:
                own = self._own = self._alone()
                for w in self._candidates(own):
                    self._keep(w, own)
            found.reasons += (TOO_LARGE,) if not self._good_enough() else ()
        elif not (self._good_enough() or (found.plans and self._is_past(1.0))):
            self._together()
        return found

    @property
    def _is_hedged(self) -> bool:
        """True if the first decisions are to be those of all scenarios tied, not of one alone.

        So it is where scenarios are too large to be solved alone for nothing but their bounds.
        """
        apart = self.problem.model is None and self.inst.risk.measure == "expected"
        return apart and all(is_large(len(one.variables)) for one in self.problem.alone.values())

    def _bound_alone(self) -> Plans:
        """The bound of each scenario as if it were certain, and what guides a search; no plan."""
        return self._each_alone(
            self.options.gap,
            ALONE,
            lambda w, stage, options: self._bounding(stage, self.problem.alone[w], options),
        )

    def _alone(self) -> Plans:
        """The plan of each scenario, as if it were certain; those that were found."""
        gap = self.options.gap
        if self.inst.risk.measure == "regret":
            gap *= REGRET_GAP
        elif self.problem.model is None:
            gap *= APART_GAP

        def task(w: str, stage: str, options: Callable[[], Options]) -> Task:
            compiled, bound = self.problem.alone[w], self.found.bound_musd.get(w)
            known, guide = self._known(w), self._guides.get(w)
            return self._task(stage, compiled, options, known, bound, guide)

        return self._each_alone(gap, self._ends[0], task)

    def _each_alone(
        self, gap: float, until: float, task: Callable[[str, str, Callable[[], Options]], Task]
    ) -> Plans:
        """Run a task for each scenario, side by side; notes what was found."""
        workers = self._workers(len(self.scenarios))
        tasks = []
        for i, w in enumerate(self.scenarios):
            turns = -(-(len(self.scenarios) - i) // workers)
            options = partial(self._options, gap, workers, until, turns)
            tasks.append(task(w, f"scenario {w} alone", options))
        own, bounds = self._gathered(self.scenarios, self._side_by_side(tasks, workers))
        self.found.bound_musd |= bounds
        return own

    def _known(self, w: str) -> list[Floats]:
        """What a plan of a scenario was with fewer contingency states, or else in known plans."""
        if self._earlier is not None and w in self._earlier._own:
            before, after = self._earlier.problem.alone[w], self.problem.alone[w]
            return [moved(self._earlier._own[w], before, after)]
        return [h for start in self.starts if (h := self.problem.hint(w, start)) is not None]

    def _gathered(
        self, names: Sequence[str], results: Sequence[Result]
    ) -> tuple[Plans, dict[str, float]]:
        """Plans and bounds of scenarios; notes what they cost, or that one has no plan."""
        own: Plans = {}
        bounds: dict[str, float] = {}
        for w, result in zip(names, results, strict=True):
            if result.status == "infeasible":
                self.found.infeasible = True
                self.found.reasons = (f"scenario {w} alone has no plan",)
                return own, bounds
            if result.bound is not None:
                bounds[w] = result.bound
            if result.guide is not None:
                self._guides[w] = result.guide
            if result.x is not None:
                own[w] = result.x
                self._learn({w: result.x})
        return own, bounds

    def _candidates(self, own: Plans) -> Iterator[str]:
        """Whose first decisions to keep: the likeliest scenario's, then others' while it pays."""
        first = reference(self.inst)
        for w in (first, *(w for w in self.scenarios if w != first)):
            over = self.found.interrupted or w not in own
            if not over and (w == first or not (self._good_enough() or self._is_past(KEPT))):
                yield w

    def _keep(self, first: str, own: Plans, tied: Tied | None = None) -> None:
        """The plan of the whole that makes the first decisions of one scenario's own plan.

        `tied` says at which prices it was made, and guides others to theirs.
        """
        decided = self.problem.impossible()
        plans: Plans = {}
        others = [w for w in self.scenarios if w != first]
        # Where all that is shared is decided by then, the others do not depend on each other.
        at_once = all(first in one.scenarios for one in self.problem.shared if one.possible)
        for group in ([first], *([others] if at_once else [[w] for w in others])):
            adapted = self._adapt(first, group, decided, own, tied)
            plans |= adapted
            if len(adapted) < len(group):
                return
            for w in group:
                for key, number in self.problem.decisions(w, plans[w]).items():
                    decided.setdefault(key, number)
        self._offer(plans)
        costs = self.costs(plans)
        if max(costs.values()) < inf and own is self._own:
            self.found.kept_musd[first] = costs

    def _adapt(
        self,
        first: str,
        group: list[str],
        decided: dict[Key, float],
        own: Plans,
        tied: Tied | None,
    ) -> Plans:
        """Plans of scenarios that keep what is decided; those that were found."""
        problems = {w: self.problem.committed(w, decided) for w in group}
        plans = {w: own[w] for w, one in problems.items() if w in own and fits(one, own[w])}
        searched = [w for w in group if w not in plans]
        workers = self._workers(len(searched))
        options = partial(self._options, self.options.gap, workers, self._ends[1], 1)
        tasks = [
            self._task(
                f"first decisions of scenario {first}, then {w}",
                problems[w],
                options,
                [own[w]] if w in own else [],
                self._least(w, decided, tied),
                guide=self._guides.get(w),
            )
            for w in searched
        ]
        results = self._side_by_side(tasks, workers)
        for w, result in zip(searched, results, strict=True):
            if result.status == "infeasible" and own is self._own:
                self.found.kept_musd[first] = None
            if result.x is not None:
                plans[w] = result.x
        return plans

    def _least(self, w: str, decided: Mapping[Key, float], tied: Tied | None) -> float | None:
        """A bound on what a scenario costs after what is decided."""
        bound = self.found.bound_musd.get(w)
        if tied is None:
            return bound
        least = tied.least(self.problem, w, decided)
        return max((one for one in (bound, least) if one is not None), default=None)

    def _tie(self) -> None:
        """A better bound where scenarios are not searched together: prices on shared decisions."""
        if self.inst.risk.measure != "expected" or self._good_enough() or self._is_past(1.0):
            return
        if self._guides.keys() != self.problem.alone.keys():
            return
        stage = "relaxations of all scenarios, tied"
        self._say(stage)
        time_left = self._time(TIED if self._is_hedged else 1.0)
        threads = self.options.threads
        tied = tie(self.crew, self.problem, self._guides, time_left, threads)
        if tied is None:
            return
        self.raise_bound(tied.bound, stage)
        if self._good_enough():
            return
        self._guides = dict(tied.guides)
        own = self._at_prices(tied)
        for w in own:
            if not (self._good_enough() or self.found.interrupted or self._is_past(1.0)):
                self._keep(w, own, tied)

    def _at_prices(self, tied: Tied) -> Plans:
        """Plans of scenarios that pay for what they decide first, and the bound of them all.

        Of large scenarios only the likeliest, whose first decisions are kept.
        """
        names = [reference(self.inst)] if self._is_hedged else self.scenarios
        workers = self._workers(len(names))
        until = AT_PRICES if self._is_hedged else 1.0
        options = partial(self._options, self.options.gap * APART_GAP, workers, until, 1)
        tasks = [
            self._task(
                f"scenario {w} at prices",
                at_prices(self.problem, w, tied.prices[w]),
                options,
                self._known(w),
                tied.alone[w],
                guide=tied.guides[w],
            )
            for w in names
        ]
        own, bounds = self._gathered(names, self._side_by_side(tasks, workers))
        p = {w: self.inst.scenarios[w].probability for w in self.scenarios}
        known = {**tied.alone, **bounds}
        self.raise_bound(sum(p[w] * known[w] for w in p), "scenarios at prices")
        return own

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
        [result] = self._side_by_side([task], 1)
        self.raise_bound(result.bound, f"all scenarios together: {result.grounds.stage}")
        if result.x is not None:
            self._offer(self.problem.split(compiled, result.x))
        elif result.status == "infeasible" and found.plans is None:
            found.infeasible = True
            found.reasons = (
                "each scenario has a plan, but not all of them with the same first decisions",
            )
        elif found.plans is None:
            found.reasons = result.reasons
