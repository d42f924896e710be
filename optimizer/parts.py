"""A model's components as arrays, each compiled once; together they make the matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_array

from optimizer.matrix import Flags, Floats

Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Bounds:
    """What the variables of one component may be."""

    lower: Floats
    upper: Floats
    whole: Flags

    @classmethod
    def of(cls, component: Any) -> "Bounds":
        """The bounds of a component's variables, in their order."""
        rows = [(*v.bounds, not v.is_continuous()) for v in component.values()]
        lower, upper, whole = zip(*rows, strict=True) if rows else ((), (), ())
        return cls(np.array(lower, float), np.array(upper, float), np.array(whole, bool))


@dataclass(frozen=True)
class Rows:
    """The rows of one constraint component, or an objective as one row.

    Attributes:
        sources: the constraint, or the objective, behind each row.
        kinds: −1 where `rhs` is the least value of the row, 1 where it is the most, 0 where both.
        rhs: the right-hand sides; of an objective, the offset.
        entries: the coefficients; columns are positions among all variables of the model.
    """

    sources: list[Any]
    kinds: NDArray[np.int_]
    rhs: Floats
    entries: csr_array


class Parts:
    """The parts of one model.

    They hold for the model that was compiled first and for every one with the same variable
    objects. Where a component of such a model is not the same, its part must be taken out first.
    """

    def __init__(self) -> None:
        self.variables: list[Any] = []
        self.bounds: dict[str, Bounds] = {}
        self.rows: dict[str, Rows] = {}
        self._position: dict[int, int] = {}
        self._starts: Positions = np.empty(0, np.intp)

    def complete(self, m: pyo.ConcreteModel) -> tuple[Rows, list[Rows]]:
        """Compile what has no part yet; return the objective and the constraints, as declared."""
        components = list(m.component_objects(pyo.Var))
        if not self.variables:
            self.variables = [v for component in components for v in component.values()]
            self._position = {id(v): position for position, v in enumerate(self.variables)}
            self._starts = np.cumsum([0, *(len(component) for component in components)])
        for component in components:
            if component.name not in self.bounds:
                self.bounds[component.name] = Bounds.of(component)
        compiled = list(m.component_objects((pyo.Objective, pyo.Constraint), active=True))
        if any(component.name not in self.rows for component in compiled):
            self._compile(m, compiled)
        (objective,) = (self.rows[c.name] for c in compiled if c.ctype is pyo.Objective)
        return objective, [self.rows[c.name] for c in compiled if c.ctype is pyo.Constraint]

    def columns(self, objective: Rows) -> Positions:
        """All variables, component by component: as the objective first names them, then others."""
        starts = self._starts
        owners = np.searchsorted(starts, objective.entries.indices, side="right") - 1
        named = owners[np.sort(np.unique(owners, return_index=True)[1])]
        order = dict.fromkeys([*named, *range(len(starts) - 1)])
        return np.concatenate([np.arange(starts[i], starts[i + 1]) for i in order])

    def _compile(self, m: pyo.ConcreteModel, components: list[Any]) -> None:
        """Compile the components without a part; the others are out of the model meanwhile."""
        others = [component for component in components if component.name in self.rows]
        for component in others:
            component.deactivate()
        try:
            form = LinearStandardFormCompiler().write(m, mixed_form=True)
        finally:
            for component in others:
                component.activate()
        positions = np.array([self._position[id(v)] for v in form.columns], np.int32)
        objectives = [(objective, 0) for objective in form.objectives]
        self._split(objectives, form.c_offset, form.c.tocsr(), positions)
        self._split(form.rows, form.rhs, form.A.tocsr(), positions)
        for component in components:
            self.rows.setdefault(component.name, self._rows([], [], csr_array((0, 0)), positions))

    def _split(
        self,
        rows: Sequence[tuple[Any, int]],
        rhs: Sequence[float],
        matrix: csr_array,
        positions: NDArray[np.int32],
    ) -> None:
        """Give each component its rows."""
        first = 0
        for name, group in groupby(rows, key=lambda row: row[0].parent_component().name):
            own = list(group)
            last = first + len(own)
            self.rows[name] = self._rows(own, rhs[first:last], matrix[first:last], positions)
            first = last

    def _rows(
        self,
        rows: list[tuple[Any, int]],
        rhs: Sequence[float],
        matrix: csr_array,
        positions: NDArray[np.int32],
    ) -> Rows:
        entries = csr_array(
            (matrix.data, positions[matrix.indices], matrix.indptr),
            shape=(len(rows), len(self.variables)),
        )
        kinds = np.array([kind for _, kind in rows], int)
        return Rows([source for source, _ in rows], kinds, np.array(rhs, float), entries)
