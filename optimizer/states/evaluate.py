"""What a plan can do in each contingency state: small problems, whatever its own model has.

States that lose nothing that the plan has share one answer. What is served where is read from the
solutions when it is asked for, which takes longer than solving.
"""

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from threading import Event

import numpy as np

from models.instance import Instance
from models.standing import Fleet, lossless
from optimizer.compiling import CompiledModel
from optimizer.highs import Crew
from optimizer.matrix import Floats
from optimizer.plan.decisions import Tables
from optimizer.plan.resilience import tables_of
from optimizer.states.problem import Answer, Places, Problem, Solved

DUST = 1e-9
"""Fewer units are none."""

TOLERANCE = 1e-6
"""What is missing of what must be served without fail, and still counts as served [Mtok/s]."""


@dataclass(frozen=True)
class Evaluation:
    """A plan's contingency states, answered; by the first of those that take away the same.

    Attributes:
        inst: the instance.
        fleet: what the plan has.
        answers: by state.
        wanted: by state, what it is without its loss, and the places that it loses.
        solved: by places lost, the solution of all states that lose them.
    """

    inst: Instance
    fleet: Fleet
    answers: Mapping[str, Answer]
    wanted: Mapping[str, tuple[str, Places]]
    solved: Mapping[Places, Solved]

    @cached_property
    def musd(self) -> Mapping[str, float]:
        """What each state costs, with all that take away the same [MUSD]."""
        costs: dict[str, float] = defaultdict(float)
        for e, state in self.inst.contingency_states.items():
            first = self.inst.twins[e]
            if first in self.answers:
                costs[first] += state.probability * self.answers[first].musd
        return costs

    @property
    def cost(self) -> float:
        """What all states cost; infinite if something that may not be missing is [MUSD]."""
        if any(answer.unserved_mtok_s > TOLERANCE for answer in self.answers.values()):
            return np.inf
        return sum(self.musd.values())

    def ranks(self, but: frozenset[str]) -> dict[str, tuple[float, float]]:
        """What is not served [Mtok/s], and what is missing costs [MUSD], where any; not `but`."""
        ranks = {
            e: (max(0.0, answer.unserved_mtok_s - TOLERANCE), self.musd[e])
            for e, answer in self.answers.items()
            if e not in but
        }
        return {e: rank for e, rank in ranks.items() if rank > (0.0, 0.0)}

    def worst(self, but: frozenset[str], most: int) -> list[str]:
        """The states that cost most, those first in which too little is served; not `but`."""
        ranks = self.ranks(but)
        return sorted(ranks, key=lambda e: ranks[e], reverse=True)[:most]

    def tables(self) -> Tables:
        """The tables of flows, purchases and work of every state."""
        if not self.wanted:
            return tables_of(self.inst, {})
        problem = Problem(lossless(self.inst, self.fleet).inst, self.fleet)
        found = {lost: problem.evidence(solved) for lost, solved in self.solved.items()}
        return tables_of(self.inst, {e: found[lost][b] for e, (b, lost) in self.wanted.items()})


def fleet_of(compiled: CompiledModel, x: Floats) -> Fleet:
    """What a plan has built and where models are, read from the values of its variables.

    A site that trains has the models at hand, whether or not the plan serves them there.
    """
    found: dict[str, dict[tuple[str, ...], float]] = {
        name: {} for name in ("online", "order", "raise_level", "holds", "trains")
    }
    numbers = np.where(compiled.matrix.whole, np.round(x), x)
    for column in compiled.variables.named(*found).tolist():
        variable = compiled.variables[column]
        name = variable.parent_component().local_name
        if numbers[column] > DUST or name == "holds":
            found[name][variable.index()] = float(numbers[column])
    held = {fst: max(one, found["trains"].get(fst, 0.0)) for fst, one in found["holds"].items()}
    return Fleet(found["online"], found["order"], found["raise_level"], held)


def own_cost(compiled: CompiledModel, x: Floats) -> float:
    """What the contingency states that a model has cost in a solution of it [MUSD]."""
    theirs = compiled.variables.named("contingency_shortfall")
    return float(compiled.matrix.cost[theirs] @ x[theirs])


def evaluate(crew: Crew, inst: Instance, fleet: Fleet, threads: int) -> Evaluation:
    """Answer every contingency state of an instance for a fleet, as many at once as `crew` can.

    If one fails, or on KeyboardInterrupt, those in work are stopped.

    Raises SolveError if the solver leaves one without an answer.
    """
    asking = dict.fromkeys(e for _, e in inst.asked_mtok_s if inst.twins[e] == e)
    if not asking:
        return Evaluation(inst, fleet, {}, {}, {})
    base = lossless(inst, fleet)
    problem = Problem(base.inst, fleet)
    wanted = {}
    for e in asking:
        loss, b = inst.losses[inst.contingency_states[e].contingency], base.state_of[e]
        wanted[e] = b, problem.places[b].intersection((*loss.sites, *loss.offers))
    by_loss: dict[Places, dict[str, None]] = defaultdict(dict)
    for b, lost in wanted.values():
        by_loss[lost][b] = None
    stop = Event()
    with ThreadPoolExecutor(crew.at_once(threads)) as pool:
        try:
            tasks = {
                lost: pool.submit(problem.solve, crew, lost, list(bs), stop.is_set)
                for lost, bs in by_loss.items()
            }
            for task in as_completed(tasks.values()):
                task.result()  # the first that fails ends them all
            solved = {lost: task.result() for lost, task in tasks.items()}
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    found = {lost: problem.answers(one) for lost, one in solved.items()}
    answers = {e: found[lost][b] for e, (b, lost) in wanted.items()}
    return Evaluation(inst, fleet, answers, wanted, solved)
