"""One more plan: within the cost that is allowed, by a rule for its sites, and leaning."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.instance import Instance
from models.objectives import COST, OBJECTIVES
from optimizer.account import Times
from optimizer.alternatives.differ import Different, choice, chosen_columns
from optimizer.alternatives.looking import Task, look_for
from optimizer.alternatives.nearby import Ground
from optimizer.alternatives.rule import Rule
from optimizer.compiling import CompiledModel
from optimizer.goals import Found, Proof, aimed, search_goals
from optimizer.highs import Crew
from optimizer.matrix import Floats
from optimizer.options import Options
from optimizer.outcome import plan_of
from optimizer.own import OwnFamily, compile_with
from optimizer.plan.plan import Plan
from optimizer.search import Grounds, Guide, News, Result, polish, proven, search
from optimizer.search.incumbent import NO_GAP, scale
from optimizer.starts import Decisions, decisions_of, hint_of

DIFFERENCE = "difference"
"""Leaning to plans that differ in as many sites as possible from those before."""


@dataclass(frozen=True)
class Look:
    """A look for a plan by a rule.

    Attributes:
        rule: what the plan had to do.
        compiled: the model with the rule.
        found: what was found; infeasible where it is proven that there is no plan.
        times: when it was.
    """

    rule: Rule
    compiled: CompiledModel
    found: Found
    times: Times


@dataclass
class Search:
    """What the searches for all plans have in common; the model is built once for all of them.

    Attributes:
        crew: the solvers.
        own: the user's families.
        inst: the instance.
        options: how to solve.
        most: most that a plan may cost [MUSD].
        first: the plan of least cost; its bound is that of the instance.
        lean: what plans are best at within that cost; None: the first plan found will do.
        tell: is told of stages.
    """

    crew: Crew
    own: tuple[OwnFamily, ...]
    inst: Instance
    options: Options
    most: float
    first: Plan
    lean: str | None
    tell: Callable[[News], None] | None

    @property
    def bound(self) -> float | None:
        """No plan of the instance costs less [MUSD]."""
        return self.first.bound_musd

    @cached_property
    def compiled(self) -> CompiledModel:
        """The model, which knows what is chosen."""
        return compile_with((*self.own, choice()), self.inst)

    @cached_property
    def _ground(self) -> Ground:
        evidence = self.first.evidence
        return Ground.of(self.compiled, evidence.grounds.row_duals if evidence else None)

    @cached_property
    def _known(self) -> list[Floats]:
        """The plans found so far as arrays."""
        compiled = self.compiled
        hint = _hint(compiled, decisions_of(self.first))
        exact = polish(self.crew, compiled.matrix, hint, self.options.threads)
        return [hint if exact is None else exact]

    def next_plan(self, rule: Different) -> Plan:
        """A plan by a rule; without one, what is known instead: infeasible or unknown."""
        look = self.look(rule, self.crew, self.options, tell=self.tell)
        if look.found.result.x is not None and not look.found.result.interrupted:
            look = replace(look, found=self._leaning(look.compiled, rule, look.found))
            look.times.solved = time.monotonic()
        return self.plan(look)

    def look(
        self,
        rule: Rule,
        crew: Crew,
        options: Options,
        *,
        tell: Callable[[News], None] | None = None,
        guide: Guide | None = None,
    ) -> Look:
        """Look for a plan by a rule within the cost; looks may run side by side.

        Args:
            rule: what the plan shall do.
            crew: the solvers.
            options: time limit, threads, seed.
            tell: is told of stages.
            guide: see `look_for`.
        """
        times = Times(0.0, time.monotonic())
        compiled = rule.added_to(self.compiled)
        times.built = time.monotonic()
        task = Task(rule, compiled, self._ground, self._known, self.bound, self.most)
        result = look_for(crew, task, options, tell, guide)
        times.solved = time.monotonic()
        return Look(rule, compiled, self._within(compiled, result), times)

    def plan(self, look: Look) -> Plan:
        """The plan of a look, checked, from which others may start; else what is known instead."""
        found = look.found
        if found.result.x is not None:
            self._known.append(found.result.x)
        # Its own relaxation has the rule in it, and bounds no other plan.
        result = replace(found.result, grounds=Grounds("the instance, without the rule"))
        found = replace(found, result=result)
        plan = plan_of(self.own, self.inst, look.compiled, self.options, found, look.times)
        return plan if plan.objective_musd is None else _checked(plan, look.rule)

    @property
    def _money(self) -> str:
        return OBJECTIVES[self.inst.objective][-1]

    def _within(self, compiled: CompiledModel, result: Result) -> Found:
        """The result as far as it is within the cost; its bound is that of the instance.

        Without a plan so cheap it is infeasible if none can be, by the bound or by the rule. What
        differs from the most by the solver's tolerances alone is within it, and refutes nothing.
        """
        x, bound = result.x, result.bound
        most = self.most + NO_GAP * scale(self.most)
        if x is not None and compiled.matrix.value(x) <= most:
            return Found(result, {self._money: self._proof(compiled, x)})
        none = result.status == "infeasible" or (bound is not None and bound > most)
        gone = replace(result, status="infeasible" if none else "unknown", x=None, reasons=())
        return Found(gone, {self._money: Proof(bound, reached=False)})

    def _proof(self, compiled: CompiledModel, x: Floats) -> Proof:
        reached = proven(compiled.matrix.value(x), self.bound, self.options.gap)
        return Proof(self.bound, reached)

    def _leaning(self, compiled: CompiledModel, rule: Different, found: Found) -> Found:
        """A plan within the cost that is best at what is leaned to; else the one there is."""
        x = found.result.x
        if self.lean is None or x is None:
            return found
        if self.lean in (COST, DIFFERENCE):
            model = aimed(compiled, self._money, {self._money: self.most})
            if self.lean == DIFFERENCE:
                model = _most_different(model, rule)
            better = search(self.crew, model, self.options, hints=[x], tell=self.tell)
            if better.x is None:
                return found
            return Found(better, {self._money: self._proof(compiled, better.x)})
        goals = (self.lean, self._money)
        most: Mapping[str, float] = {self._money: self.most}
        aside = search_goals(
            self.crew, compiled, self.options, goals, most=most, hints=[x], tell=self.tell
        )
        if aside.result.x is None:
            return found
        money = {self._money: self._proof(compiled, aside.result.x)}
        return replace(aside, proofs={**aside.proofs, **money})


def _checked(plan: Plan, rule: Rule) -> Plan:
    """The plan, refused if it breaks the rule, which no instance and so no checker knows of."""
    broken = tuple(rule.broken(plan.tables))
    return replace(plan, verified=False, violations=(*plan.violations, *broken)) if broken else plan


def _most_different(model: CompiledModel, rule: Different) -> CompiledModel:
    """The model whose cost counts, for each site, how many of the plans before chose it.

    That is minimised in place of money: what was chosen often is left, what never was is taken
    (Hop, Skip and Jump).
    """
    cost = np.zeros(len(model.variables))
    for site, column in chosen_columns(model).items():
        cost[column] = sum(1 if site in one else -1 for one in rule.earlier)
    return replace(model, matrix=replace(model.matrix, cost=cost, offset=0.0))


def _hint(compiled: CompiledModel, decisions: Decisions) -> Floats:
    """A known plan's whole numbers, with the sites that it chooses."""
    hint = hint_of(compiled, decisions)
    if hint is None:
        return np.zeros(len(compiled.variables))
    chosen = {s for s, _, _, units in decisions.get("orders", ()) if units}
    for site, column in chosen_columns(compiled).items():
        hint[column] = float(site in chosen)
    return hint
