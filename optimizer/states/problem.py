"""The contingency states of a fleet as one problem, which falls apart by state.

The family of contingencies is built once for the plan's fleet, with numbers in place of units in
service, and without any place lost. A state that loses places is the same problem without the
variables at these places.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from models import sets
from models.build import collector_paused
from models.families import contingencies, contingency_holding, contingency_limits
from models.families.costs import contingency_shortfall
from models.instance import Instance
from models.standing import Fleet
from optimizer.compiling import CompiledModel, compile_model
from optimizer.errors import SolveError
from optimizer.highs import Crew, Job
from optimizer.matrix import Flags, Floats, Matrix
from optimizer.plan.resilience import Evidence, evidence_of

DEAR = 100.0
"""How many times the dearest priced token one that may not be missing costs."""

Places = frozenset[str]


@dataclass(frozen=True)
class Answer:
    """The best that a fleet can do in a state.

    Attributes:
        musd: cost of what is missing at a price, with a weight of 1 [MUSD].
        unserved_mtok_s: what is missing though it must be served without fail [Mtok/s].
    """

    musd: float
    unserved_mtok_s: float


@dataclass(frozen=True)
class Solved:
    """States without some places, solved.

    Attributes:
        states: their names.
        columns: the variables that are not 0.
        values: their values.
    """

    states: list[str]
    columns: NDArray[np.intp]
    values: Floats


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


class Problem:
    """The states without any loss, as one problem that falls apart by state.

    Attributes:
        places: by state, the sites and offers that serve something in it.
    """

    def __init__(self, inst: Instance, fleet: Fleet) -> None:
        """`inst` has the states in which no place is lost, see `models.standing.lossless`."""
        compiled = self.compiled = _compiled(inst, fleet)
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

    def solve(
        self, crew: Crew, lost: Places, states: list[str], should_stop: Callable[[], bool]
    ) -> Solved:
        """The states without some places, in one go.

        Raises SolveError if that is stopped, or the solver cannot be told what to solve.
        """
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
        try:
            outcome = crew.run(Job(part, method="simplex"), None, should_stop)
        except OSError as error:
            why = error.strerror or str(error)
            raise SolveError(f"the solver could not be given contingencies: {why}") from error
        if outcome.status != "optimal" or outcome.x is None:
            raise SolveError(f"the solver left contingencies without an answer: {outcome.message}")
        used = outcome.x != 0
        return Solved(states, np.flatnonzero(columns)[used], outcome.x[used])

    def answers(self, solved: Solved) -> dict[str, Answer]:
        """What a solution says, state by state."""
        x = self._expanded(solved)
        size = len(self._names)
        strict = np.where(self._strict, x, 0.0)
        musd = np.bincount(self._state, np.where(self._strict, 0.0, self._elastic.cost) * x, size)
        unserved = np.bincount(self._state, strict, size) + self._overdrawn
        return {
            b: Answer(float(musd[i]), float(unserved[i]))
            for i, b in enumerate(self._names)
            if b in solved.states
        }

    def evidence(self, solved: Solved) -> Mapping[str, Evidence]:
        """Flows, purchases and work of a solution, state by state."""
        self.compiled.load(self._expanded(solved))
        return evidence_of(self.compiled.model, self.compiled.inst)

    def _expanded(self, solved: Solved) -> Floats:
        x = np.zeros(len(self._place))
        x[solved.columns] = solved.values
        return x
