"""A model's components as arrays, each compiled once; together they make the matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import coo_array, csr_array

from models.wide import Positions, WideConstraint, WideVar
from optimizer.behind import Behind, Source
from optimizer.matrix import Flags, Floats
from optimizer.rows import Rows
from optimizer.wide_rows import Sums, is_sum, rows_of


@dataclass(frozen=True)
class Bounds:
    """What the variables of one component may be."""

    lower: Floats
    upper: Floats
    whole: Flags

    @classmethod
    def of(cls, component: Any) -> "Bounds":
        """The bounds of a component's variables, in their order."""
        if isinstance(component, WideVar) and not component.is_made:
            nothing = np.zeros(len(component))
            return cls(nothing, component.upper, nothing.astype(bool))
        rows = [
            (v.value, v.value, False) if v.fixed else (*v.bounds, not v.is_continuous())
            for v in component.values()
        ]
        lower, upper, whole = zip(*rows, strict=True) if rows else ((), (), ())
        return cls(np.array(lower, float), np.array(upper, float), np.array(whole, bool))


class Parts:
    """The parts of one model.

    They hold for the model that was compiled first and for every one with the same variable
    objects. Where a component of such a model is not the same, its part must be taken out first.
    """

    def __init__(self) -> None:
        self.variables = Behind([])
        self.bounds: dict[str, Bounds] = {}
        self.rows: dict[str, Rows] = {}

    def complete(self, m: pyo.ConcreteModel) -> tuple[Rows, list[Rows], Positions, Sums]:
        """Compile what has no part yet.

        Returns the objective and the constraints, as declared; the variables in the order of the
        columns: component by component, as the objective first names them, then others; and those
        that have no column, because a sum stands for them.
        """
        components = list(m.component_objects(pyo.Var))
        if not self.variables.sources:
            self.variables = Behind([Source.of(component) for component in components])
        for component in components:
            if component.name not in self.bounds:
                self.bounds[component.name] = Bounds.of(component)
        active = list(m.component_objects((pyo.Objective, pyo.Constraint), active=True))
        named = [component for component in active if is_sum(component, self.variables)]
        sums_of = set(map(id, named))
        active = [component for component in active if id(component) not in sums_of]
        if any(component.name not in self.rows for component in active):
            self._compile(m, active, named)
        sums = Sums(named, self.variables)
        (objective,) = (self.rows[one.name] for one in active if one.ctype is pyo.Objective)
        constraints = [self.rows[one.name] for one in active if one.ctype is pyo.Constraint]
        return (
            sums.put_into(objective),
            [sums.put_into(rows) for rows in constraints],
            sums.order(objective),
            sums,
        )

    def _compile(
        self, m: pyo.ConcreteModel, components: list[Any], named: list[WideConstraint]
    ) -> None:
        """Compile the components without a part; all others are out of the model meanwhile."""
        new = [component for component in components if component.name not in self.rows]
        wide = [one for one in new if isinstance(one, WideConstraint) and not one.is_made]
        others = [component for component in components if component.name in self.rows]
        others += wide + named
        for component in others:
            component.deactivate()
        try:
            form = LinearStandardFormCompiler().write(m, mixed_form=True)
        finally:
            for component in others:
                component.activate()
        positions = self.variables.find(form.columns).astype(np.int32)
        objectives = [(objective, 0) for objective in form.objectives]
        self._split(objectives, form.c_offset, form.c.tocsr(), positions)
        self._split(form.rows, form.rhs, form.A.tocsr(), positions)
        for component in wide:
            self.rows[component.name] = rows_of(component, self.variables)
        for component in new:
            if component.name not in self.rows:
                nothing = coo_array((0, len(self.variables)))
                source = Source(component, 0, [])
                self.rows[component.name] = Rows(source, np.empty(0, int), np.empty(0), nothing)

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
        found = matrix.tocoo()
        shape = len(rows), len(self.variables)
        entries = coo_array((found.data, (found.row, positions[found.col])), shape)
        kinds = np.array([kind for _, kind in rows], int)
        sources = [source for source, _ in rows]
        source = Source(sources[0].parent_component(), len(rows), sources)
        return Rows(source, kinds, np.array(rhs, float), entries)
