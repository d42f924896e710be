"""What a plan can do in each contingency state: small problems, whatever its own model has.

The family of contingencies is built once for the plan's fleet, with numbers in place of units in
service, and without any place lost. A state that loses places is the same problem without the
variables at these places; states that lose nothing that the plan has share one answer.
"""

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyomo.environ as pyo

from models import sets
from models.build import collector_paused
from models.families import contingencies, contingency_holding, contingency_limits
from models.families.costs import contingency_shortfall
from models.instance import Instance
from models.standing import Fleet, lossless
from optimizer.compiling import CompiledModel, compile_model
from optimizer.errors import SolveError
from optimizer.highs import Crew, Job
from optimizer.matrix import Flags, Floats, Matrix
from optimizer.plan.decisions import Tables
from optimizer.plan.resilience import Evidence, evidence_of, tables_of

DUST = 1e-9
"""Fewer units are none."""

TOLERANCE = 1e-6
"""What is missing of what must be served without fail, and still counts as served [Mtok/s]."""

DEAR = 100.0
"""How many times the dearest priced token one that may not be missing costs."""

Places = frozenset[str]


@dataclass(frozen=True)
class Answer:
    """The best that a fleet can do in a state.

    Attributes:
        musd: cost of what is missing at a price, with a weight of 1 [MUSD].
        unserved_mtok_s: what is missing though it must be served without fail [Mtok/s].
        evidence: flows, purchases and work.
    """

    musd: float
    unserved_mtok_s: float
    evidence: Evidence


@dataclass(frozen=True)
class Evaluation:
    """A plan's contingency states, answered; by the first of those that take away the same.

    Attributes:
        inst: the instance.
        answers: by state.
    """

    inst: Instance
    answers: Mapping[str, Answer]

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
        return tables_of(self.inst, {e: one.evidence for e, one in self.answers.items()})


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

    Raises SolveError if the solver leaves one without an answer.
    """
    asking = dict.fromkeys(e for _, e in inst.asked_mtok_s if inst.twins[e] == e)
    if not asking:
        return Evaluation(inst, {})
    base = lossless(inst, fleet)
    problem = _Problem(_compiled(base.inst, fleet))
    wanted = {}
    for e in asking:
        loss, b = inst.losses[inst.contingency_states[e].contingency], base.state_of[e]
        wanted[e] = b, problem.places[b].intersection((*loss.sites, *loss.offers))
    by_loss: dict[Places, dict[str, None]] = defaultdict(dict)
    for b, lost in wanted.values():
        by_loss[lost][b] = None
    answers: dict[tuple[str, Places], Answer] = {}
    with ThreadPoolExecutor(crew.at_once(threads)) as pool:
        tasks = {
            lost: pool.submit(problem.solve, crew, lost, list(bs)) for lost, bs in by_loss.items()
        }
        try:
            for lost, task in tasks.items():
                found = problem.answers(task.result())
                answers |= {(b, lost): answer for b, answer in found.items()}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Evaluation(inst, {e: answers[key] for e, key in wanted.items()})


def _compiled(inst: Instance, fleet: Fleet) -> CompiledModel:
    """The families of contingencies alone, for a fleet of numbers."""
    m = pyo.ConcreteModel()
    with collector_paused():
        sets.add_to(m, inst, merge=True)
        m.online = defaultdict(float, fleet.online)
        m.order = defaultdict(float, fleet.ordered)
        m.raise_level = defaultdict(float, fleet.raised)
        m.RAISES = list(inst.control_plane_use)
        m.holds = dict(fleet.held)
        contingencies.add_to(m, inst)
        contingency_limits.add_to(m, inst)
        contingency_holding.add_to(m, inst)
        m.net_present_cost = pyo.Objective(expr=contingency_shortfall(m, inst))
    return compile_model(m, inst)


@dataclass(frozen=True)
class _Solved:
    states: list[str]
    columns: Flags
    x: Floats


class _Problem:
    """The states without any loss, as one problem that falls apart by state.

    Attributes:
        places: by state, the sites and offers that serve something in it.
    """

    def __init__(self, compiled: CompiledModel) -> None:
        self.compiled = compiled
        self._names = list(compiled.inst.contingency_states)
        number = {b: i for i, b in enumerate(self._names)}
        matrix = compiled.matrix
        kinds = [v.parent_component().local_name for v in compiled.variables]
        indices = [v.index() for v in compiled.variables]
        at = {"contingency_flow": 1, "contingency_rent": 1, "contingency_run": 0}
        self._place = [
            index[at[kind]] if kind in at else ""
            for kind, index in zip(kinds, indices, strict=True)
        ]
        self._state = np.array([number[index[-1]] for index in indices], int)
        found: dict[str, set[str]] = {b: set() for b in self._names}
        for index, place in zip(indices, self._place, strict=True):
            found[index[-1]].add(place)
        self.places = {b: frozenset(places) - {""} for b, places in found.items()}
        by_row = matrix.rows.tocsr()
        self._state_of_row = self._state[by_row.indices[by_row.indptr[:-1]]]
        missing = np.array([kind == "contingency_shortfall" for kind in kinds])
        self._strict: Flags = missing & (matrix.upper == 0)
        self._dear = DEAR * max(1.0, float(matrix.cost.max(initial=0.0)))
        # A late order that has left again before it came takes units away that are not there.
        short = np.minimum(matrix.row_upper, 0.0)
        self._overdrawn = np.zeros(len(self._names))
        np.subtract.at(self._overdrawn, self._state_of_row, short)
        upper, cost = matrix.upper.copy(), matrix.cost.copy()
        upper[self._strict] = matrix.row_upper.max(initial=0.0)
        cost[self._strict] = self._dear
        self._elastic = Matrix(
            cost,
            0.0,
            matrix.rows,
            matrix.row_lower,
            np.maximum(matrix.row_upper, 0.0),
            matrix.lower,
            upper,
            np.zeros(len(cost), bool),
        )

    def solve(self, crew: Crew, lost: Places, states: list[str]) -> _Solved:
        """The states without some places, in one go."""
        matrix = self._elastic
        chosen = np.isin(self._names, states)
        columns = chosen[self._state] & np.array([place not in lost for place in self._place])
        rows = np.flatnonzero(chosen[self._state_of_row])
        part = matrix.only(columns)
        part = replace(
            part,
            rows=part.rows[rows, :].tocsc(),
            row_lower=matrix.row_lower[rows],
            row_upper=matrix.row_upper[rows],
        )
        outcome = crew.run(Job(part, method="simplex"))
        if outcome.status != "optimal" or outcome.x is None:
            raise SolveError(f"the solver left contingencies without an answer: {outcome.message}")
        return _Solved(states, columns, outcome.x)

    def answers(self, solved: _Solved) -> dict[str, Answer]:
        """What a solution says, state by state."""
        x = np.zeros(len(self._place))
        x[solved.columns] = solved.x
        size = len(self._names)
        strict = np.where(self._strict, x, 0.0)
        musd = np.bincount(self._state, np.where(self._strict, 0.0, self._elastic.cost) * x, size)
        unserved = np.bincount(self._state, strict, size) + self._overdrawn
        self.compiled.load(x)
        found = evidence_of(self.compiled.model, self.compiled.inst)
        return {
            b: Answer(float(musd[i]), float(unserved[i]), found[b])
            for i, b in enumerate(self._names)
            if b in solved.states
        }
