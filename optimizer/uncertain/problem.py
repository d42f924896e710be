"""The compiled problem: scenarios alone, and all of them together, with the same variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyomo.environ as pyo

from models.instance import Instance
from models.standing import with_futures, with_states
from models.uncertainty.sharing import DECISIONS, Shared, shared_decisions
from optimizer.compiling import CompiledModel, compile_model
from optimizer.matrix import Floats
from optimizer.own import OwnFamily, build_with, compile_with
from optimizer.starts import Decisions, hint_of, of_scenario

States = frozenset[str]
"""States of contingencies; each stands for all that take away the same."""

Key = tuple[str, tuple[str, ...]]
"""A decision: its variable and its index."""

SPARE = 4e-7
"""Relative room around an amount in MW that is decided already: less than the checker's tolerance,
and enough that the solver's rounding in one scenario does not leave another without a plan."""


@dataclass(frozen=True)
class Problem:
    """An instance with scenarios, as a model and as arrays.

    Attributes:
        inst: the instance.
        model: the model of all scenarios; None where it would be too large.
        alone: the compiled block of each scenario; its variables are the model's own.
        shared: the decisions that scenarios share.
        states: by scenario, the contingency states in its model; absent where all are.
    """

    inst: Instance
    model: pyo.ConcreteModel | None
    alone: Mapping[str, CompiledModel]
    shared: Sequence[Shared]
    states: Mapping[str, States]

    def together(self, best_musd: Mapping[str, float]) -> CompiledModel:
        """All scenarios in one; regrets count from `best_musd`. Not where they are too large."""
        assert self.model is not None
        if self.inst.risk.measure == "regret":
            for w, musd in best_musd.items():
                self.model.best_musd[w] = musd
        return compile_model(self.model, self.inst)

    def committed(self, w: str, decided: Mapping[Key, float]) -> CompiledModel:
        """A scenario with the shared decisions that are made already."""
        compiled = self.alone[w]
        lower, upper = compiled.matrix.lower.copy(), compiled.matrix.upper.copy()
        for key, column in self.columns[w].items():
            if key in decided:
                spare = 0.0 if compiled.matrix.whole[column] else SPARE * max(1.0, decided[key])
                lower[column] = np.clip(decided[key] - spare, lower[column], upper[column])
                upper[column] = np.clip(decided[key] + spare, lower[column], upper[column])
        return replace(compiled, matrix=compiled.matrix.with_bounds(lower, upper))

    def decisions(self, w: str, x: Floats) -> dict[Key, float]:
        """The shared decisions in a plan of a scenario; those that it cannot share are 0."""
        columns = self.columns[w]
        numbers = np.where(self.alone[w].matrix.whole, np.round(x), x)
        found: dict[Key, float] = {}
        for one in self.shared:
            key = one.name, one.index
            if w in one.scenarios:
                column = columns.get(key) if one.possible else None
                found[key] = 0.0 if column is None else float(numbers[column])
        return found

    def impossible(self) -> dict[Key, float]:
        """The decisions that one of the scenarios that would share them does not have: all 0."""
        return {(one.name, one.index): 0.0 for one in self.shared if not one.possible}

    def load(self, plans: Mapping[str, Floats]) -> None:
        """Write plans of all scenarios into the model."""
        for w, x in plans.items():
            self.alone[w].load(x)

    def joined(self, compiled: CompiledModel, plans: Mapping[str, Floats]) -> Floats:
        """Plans of all scenarios as a hint to the whole: values of its whole-number variables."""
        self.load(plans)
        return np.nan_to_num(compiled.values())

    def split(self, compiled: CompiledModel, x: Floats) -> dict[str, Floats]:
        """The plans of the scenarios in a solution of the whole."""
        for one in self.alone.values():
            one.load(np.zeros(len(one.variables)))
        compiled.load(x)
        return {w: one.values() for w, one in self.alone.items()}

    def hint(self, w: str, start: Decisions) -> Floats | None:
        """What a known plan decides, as numbers of a scenario; None if it decides nothing."""
        return hint_of(self.alone[w], of_scenario(start, w))

    @cached_property
    def columns(self) -> dict[str, dict[Key, int]]:
        """By scenario, positions of the shared decisions among its variables."""
        found: dict[str, dict[Key, int]] = {w: {} for w in self.alone}
        for w, compiled in self.alone.items():
            wanted = {(one.name, one.index) for one in self.shared if w in one.scenarios}
            for column in compiled.variables.named(*DECISIONS).tolist():
                variable = compiled.variables[column]
                key = variable.parent_component().local_name, variable.index()
                if key in wanted:
                    found[w][key] = column
        return found


def build_problem(
    inst: Instance,
    own: Sequence[OwnFamily] = (),
    states: Mapping[str, States] | None = None,
    *,
    apart: bool = False,
) -> Problem:
    """Build the model of an instance with scenarios, and compile the block of each.

    With `apart` each stands in a model of its own. `own` are further families, in each block;
    `states` the contingency states of the scenarios that do not have all.
    """
    states = states or {}
    futures = {
        w: with_states(future, states[w]) if w in states else future
        for w, future in inst.scenario_instances.items()
    }
    alone = {}
    if apart:
        for w, future in futures.items():
            alone[w] = compile_with(own, future)
        blocks = {w: compiled.model for w, compiled in alone.items()}
        return Problem(inst, None, alone, shared_decisions(blocks, inst), states)
    m = build_with(own, with_futures(inst, futures))
    for w, future in futures.items():
        block = m.scenario[w]
        block.net_present_cost.activate()
        alone[w] = compile_model(block, future)
        block.net_present_cost.deactivate()
    return Problem(inst, m, alone, shared_decisions(m.scenario, inst), states)
