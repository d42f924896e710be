"""From the Pyomo model to arrays, once, without names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from scipy.sparse import csc_array

from models.build import collector_paused
from models.instance import Instance
from models.latency import distance_km
from models.uncertainty import blocks
from models.wide import WideVar
from optimizer.behind import Behind, Source
from optimizer.errors import SolveError
from optimizer.matrix import Flags, Floats, Matrix
from optimizer.parts import Parts
from optimizer.wide_rows import Sums

SMALLEST = 1e-9
"""Solvers drop smaller coefficients without a word; a model that has one is refused."""


@dataclass(frozen=True)
class Place:
    """Where and when the whole-number variables decide.

    Attributes:
        columns: the variables' positions in the matrix.
        site: position of the site of each; −1 where a decision has none.
        period: position of the period of each; −1 where a decision has none.
        unit: position of the unit type of each; −1 where a decision has none.
        distance_km: between sites, square.
        periods: number of periods.
        groups: for each way to group sites, the number of the group of each.
    """

    columns: NDArray[np.intp]
    site: NDArray[np.intp]
    period: NDArray[np.intp]
    unit: NDArray[np.intp]
    distance_km: Floats
    periods: int
    groups: dict[str, NDArray[np.intp]]


@dataclass(frozen=True)
class CompiledModel:
    """A Pyomo model as a matrix, with the variable behind each column and row behind each row.

    `sums` are the variables that have no column, because a sum stands for them.
    """

    model: pyo.ConcreteModel
    inst: Instance
    matrix: Matrix
    variables: Behind
    constraints: Behind
    sums: Sums

    def optional(self) -> Flags:
        """Which variables a plan may leave at 0: what is ordered, run and carried."""
        components = {id(var) for var in self.model.optional}
        return self.variables.where(lambda component: id(component) in components)

    def ever_open(self) -> NDArray[np.intp]:
        """Position of the variable that says whether a site is open at the end, for each site."""
        last = list(self.inst.periods)[-1]
        every = blocks(self.model, self.inst)
        ends = [block.is_open[s, last] for block in every for s in block.SITES]
        places = self.variables.find(ends)
        return np.sort(places[places >= 0])

    def place(self) -> Place:
        """Site, period and unit type of each whole-number variable, read off its index."""
        columns = np.flatnonzero(self.matrix.whole)
        indices = [_as_tuple(self.variables[column].index()) for column in columns]
        tables = self.inst.sites, self.inst.periods, self.inst.unit_types
        site, period, unit = _positions(indices, *tables)
        points = list(self.inst.sites.values())
        groups = {
            "jurisdiction": [one.jurisdiction for one in points],
            "operator": [one.operator for one in points],
            "continent": [self.inst.jurisdictions[one.jurisdiction].continent for one in points],
        }
        return Place(
            columns,
            site,
            period,
            unit,
            np.array([[distance_km(a, b) for b in points] for a in points]),
            len(self.inst.periods),
            {name: np.unique(of, return_inverse=True)[1] for name, of in groups.items()},
        )

    def load(self, x: Floats) -> None:
        """Write a solution into the model's variables."""
        places, starts = self.variables.places, self.variables.starts
        known, values = np.zeros(starts[-1], bool), np.zeros(starts[-1])
        known[places], values[places] = True, x
        names = self.sums.names
        known[names], values[names] = True, self.sums.values(values)
        for n, source in enumerate(self.variables.sources):
            part = slice(starts[n], starts[n + 1])
            _write(source, values[part], known[part])

    def values(self) -> Floats:
        """The values of the model's variables; not a number for one without."""
        levels = [_read(source) for source in self.variables.sources]
        return np.concatenate([np.empty(0), *levels])[self.variables.places]


def _write(source: Source, values: Floats, known: Flags) -> None:
    """Give a component's variables values, those that are known."""
    variables = source.component
    if isinstance(variables, WideVar):
        variables.load(values if known.all() else np.where(known, values, variables.levels()))
    else:
        for place in np.flatnonzero(known).tolist():
            source.objects[place].set_value(float(values[place]), skip_validation=True)


def _read(source: Source) -> Floats:
    """The values of a component's variables."""
    if isinstance(source.component, WideVar):
        return source.component.levels()
    return np.array([variable.value for variable in source.objects], float)


def _positions(
    indices: list[tuple[object, ...]], *tables: Iterable[str]
) -> Iterator[NDArray[np.intp]]:
    """For each table in turn, which of its names each index has; −1: none. No part counts twice."""
    left = [list(index) for index in indices]
    for table in tables:
        position: dict[object, int] = {name: i for i, name in enumerate(table)}
        found = np.full(len(left), -1)
        for n, parts in enumerate(left):
            part = next((part for part in parts if part in position), None)
            if part is not None:
                parts.remove(part)
                found[n] = position[part]
        yield found


def _as_tuple(index: object) -> tuple[object, ...]:
    return index if isinstance(index, tuple) else (index,)


def compile_model(
    m: pyo.ConcreteModel, inst: Instance, parts: Parts | None = None
) -> CompiledModel:
    """Turn a linear Pyomo model into arrays.

    Args:
        m: the model.
        inst: the instance that it was built from.
        parts: what is compiled of it already; what is missing is added there.

    Raises SolveError if a coefficient is not finite, or so small that solvers would drop it.
    """
    parts = parts or Parts()
    with collector_paused():
        compiled = _joined(m, inst, parts)
    _refuse_bad_numbers(compiled)
    return compiled


def _joined(m: pyo.ConcreteModel, inst: Instance, parts: Parts) -> CompiledModel:
    """The parts side by side, without the variables that no cost and no constraint mentions."""
    objective, constraints, columns, sums = parts.complete(m)
    cost = objective.entries.toarray().ravel()
    count = len(cost)
    entries = [part.entries for part in constraints]
    firsts = np.cumsum([0, *(one.shape[0] for one in entries)])
    row = np.concatenate([one.row + first for one, first in zip(entries, firsts, strict=False)])
    place = np.concatenate([one.col for one in entries])
    mentioned = (np.bincount(place, minlength=count) > 0) | (cost != 0)
    columns = columns[mentioned[columns]]
    column = np.full(count, -1, np.int32)
    column[columns] = np.arange(len(columns))
    data = np.concatenate([one.data for one in entries])
    rows = csc_array((data, (row, column[place])), (firsts[-1], len(columns)))
    kinds = np.concatenate([part.kinds for part in constraints])
    rhs = np.concatenate([part.rhs for part in constraints])
    bounds = parts.bounds.values()
    matrix = Matrix(
        cost=cost[columns],
        offset=float(objective.rhs[0]),
        rows=rows,
        row_lower=np.where(kinds <= 0, rhs, -np.inf),
        row_upper=np.where(kinds >= 0, rhs, np.inf),
        lower=np.concatenate([one.lower for one in bounds])[columns],
        upper=np.concatenate([one.upper for one in bounds])[columns],
        whole=np.concatenate([one.whole for one in bounds])[columns],
    )
    rows_behind = Behind([part.source for part in constraints])
    return CompiledModel(m, inst, matrix, parts.variables.at(columns), rows_behind, sums)


def _refuse_bad_numbers(compiled: CompiledModel) -> None:
    matrix = compiled.matrix
    data = matrix.rows.data
    bad = ~np.isfinite(data) | (np.abs(data) < SMALLEST)
    if bad.any():
        row = compiled.constraints[matrix.rows.indices[np.argmax(bad)]]
        raise SolveError(
            f"{row.name} has the coefficient {data[np.argmax(bad)]:g}, which solvers would drop or "
            "misread; check the units of what it reads"
        )
    for what, numbers in (("cost", matrix.cost), ("bound", matrix.lower), ("bound", matrix.upper)):
        if not np.isfinite(numbers).all():
            name = compiled.variables[int(np.argmin(np.isfinite(numbers)))].name
            raise SolveError(f"{name} has a {what} that is not a finite number")
