"""The elastic model as arrays: which column lets which limit give way, and by how much at most."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csc_array, hstack

from models.equivalence import StreamGroup
from models.instance import Instance
from models.uncertainty import blocks
from optimizer.compiling import CompiledModel, compile_model
from optimizer.explain.elastic import FAR, elastic, widens
from optimizer.explain.kinds import KINDS, limit_at, relief
from optimizer.explain.limit import Limit
from optimizer.explain.routes import Obstacle, obstacles, order_obstacles
from optimizer.explain.rows import GIVING
from optimizer.matrix import Floats, Matrix
from optimizer.own import OwnFamily, build_with

Cell = tuple[Limit, str, str]
"""A limit in a scenario (empty: the future is certain) and a period (empty: the horizon)."""


@dataclass(frozen=True)
class Give:
    """A column that lets limits give way: all of them must, for it to be more than 0.

    Attributes:
        column: its position in the matrix.
        limits: the limits; more than one where several forbid the same.
        at: the place of the row; of a share cap it names the holder, too.
        scenario: the scenario, or empty.
        period: the period, or empty.
        relief: by how much the row gives way with one unit of what is declared.
        gate: True for a decision that a rule forbids; False for an amount by which a limit is
            missed.
    """

    column: int
    limits: tuple[Limit, ...]
    at: str
    scenario: str
    period: str
    relief: float
    gate: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Its limits, in its scenario and period."""
        return tuple((limit, self.scenario, self.period) for limit in self.limits)


@dataclass(frozen=True)
class Softened:
    """A model in which limits can give way.

    Attributes:
        compiled: the model of the elastic instance.
        matrix: its arrays without cost, and with further columns at the end.
        gives: the columns that let limits give way; their upper bounds are the most.
        wide: False if law and dates of sale are taken as they are.
    """

    compiled: CompiledModel
    matrix: Matrix
    gives: tuple[Give, ...]
    wide: bool

    @property
    def limits(self) -> tuple[Limit, ...]:
        """All limits that can give way, kind by kind."""
        found = dict.fromkeys(limit for give in self.gives for limit in give.limits)
        order = list(KINDS)
        return tuple(sorted(found, key=lambda limit: order.index(limit.kind)))

    def holding(self, held: Set[Limit] | Set[Cell]) -> Matrix:
        """The problem of finding a plan that keeps some limits, or some cells, and no other."""
        upper = self.matrix.upper.copy()
        for give in self.gives:
            if not held.isdisjoint(give.limits) or not held.isdisjoint(give.cells):
                upper[give.column] = 0.0
        return replace(self.matrix, upper=upper)


def soften(inst: Instance, own: Sequence[OwnFamily] = ()) -> Softened:
    """Build and compile the model of an instance with limits that can give way."""
    wide = widens(inst, own)
    loose = elastic(inst, wide=wide)
    compiled = compile_model(build_with(own, loose, merge=not wide), loose)
    columns = _Columns(compiled.matrix)
    worlds = inst.scenario_instances or {"": inst}
    names = {id(block): w for w, block in zip(worlds, blocks(compiled.model, inst), strict=True)}
    gives = [
        *_missed(compiled, columns, names, worlds),
        *_short(compiled, columns, names, worlds),
        *(_gates(compiled, names, worlds) if wide else ()),
    ]
    return Softened(compiled, columns.matrix(), tuple(gives), wide)


class _Columns:
    """The columns of a matrix, and those that are added."""

    def __init__(self, matrix: Matrix) -> None:
        self.old = matrix
        self.upper = matrix.upper.copy()
        self.entries: list[Any] = []
        self.most: list[float] = []

    def split(self, column: int, free: float) -> int:
        """A column for what a variable is beyond `free`; the variable's own if that is 0."""
        if free <= 0:
            return column
        added = self.add(self.old.rows[:, [column]], max(0.0, self.upper[column] - free))
        self.upper[column] = min(free, self.upper[column])
        return added

    def slack(self, row: int, *, most: float | None = None) -> int:
        """A column by which a row is missed."""
        low, high = self.old.row_lower[row], self.old.row_upper[row]
        more = low > 0 if low == high else np.isfinite(low)
        shape = (self.old.rows.shape[0], 1)
        entry = csc_array(([1.0 if more else -1.0], ([row], [0])), shape=shape)
        return self.add(entry, abs(low) if low == high else FAR if most is None else most)

    def add(self, entries: Any, most: float) -> int:
        self.entries.append(entries)
        self.most.append(most)
        return len(self.upper) + len(self.most) - 1

    def matrix(self) -> Matrix:
        """The problem with the columns, without cost."""
        nothing: Floats = np.zeros(len(self.upper))
        loose = replace(self.old, cost=nothing, offset=0.0, upper=self.upper)
        if not self.most:
            return loose
        return loose.with_columns(hstack(self.entries, format="csc"), np.array(self.most))


_Names = dict[int, str]
_Worlds = dict[str, Instance]


def _missed(
    compiled: CompiledModel, columns: _Columns, names: _Names, worlds: _Worlds
) -> Iterator[Give]:
    """Limits whose families know what may be missed of them."""
    for column, variable in enumerate(compiled.variables):
        index = variable.index()
        component = variable.parent_component()
        if component.local_name != "excess" or not isinstance(index, tuple):
            continue
        kind, at, t = index
        w = names[id(component.parent_block())]
        inst = worlds[w]
        place = t or next(iter(inst.periods))
        limit = limit_at(kind, inst, at, place)
        if gives := relief(limit, inst, at, place):
            free = inst.most_excess(kind, at, t)
            yield Give(columns.split(column, free), (limit,), at, w, t, gives)


def _short(
    compiled: CompiledModel, columns: _Columns, names: _Names, worlds: _Worlds
) -> Iterator[Give]:
    """Limits that stand in rows of their own."""
    for row, constraint in enumerate(compiled.constraints):
        component = constraint.parent_component()
        if (find := GIVING.get(component.local_name)) is None:
            continue
        w = names.get(id(component.parent_block()))
        if w is None:
            continue
        inst = worlds[w]
        found, t = find(inst, constraint.index())
        if found is None:
            columns.slack(row)
        elif found:
            groups = component.parent_block().groups
            limits = tuple(_as_one(limit_at(kind, inst, at, t), groups) for kind, at in found)
            gives = relief(limits[0], inst, found[0][1], t)
            yield Give(columns.slack(row), limits, found[0][1], w, t, gives)


def _as_one(limit: Limit, groups: Mapping[str, StreamGroup]) -> Limit:
    """Demand with the streams that the model serves as one with it."""
    if limit.kind != "demand" or len(groups[limit.at].members) == 1:
        return limit
    return replace(limit, members=groups[limit.at].members)


def _gates(compiled: CompiledModel, names: _Names, worlds: _Worlds) -> Iterator[Give]:
    """Flows, purchases and orders that a rule forbids."""
    known: dict[tuple[str, str, str], tuple[Obstacle, ...]] = {}
    for column, variable in enumerate(compiled.variables):
        component = variable.parent_component()
        name = component.local_name
        if name not in ("flow", "rent", "order"):
            continue
        w = names[id(component.parent_block())]
        inst = worlds[w]
        if name == "order":
            s, u, t = variable.index()
            found = order_obstacles(inst, s, u, t)
        else:
            j, place, o = variable.index()
            t = inst.states[o].period
            if (w, j, place) not in known:
                known[w, j, place] = _of_route(inst, j, place, name)
            found = known[w, j, place]
            if name == "flow" and place in inst.raised_sites[j]:
                continue
        if found:
            limits = tuple(limit_at(kind, inst, at, t) for kind, at in found)
            yield Give(column, limits, found[0][1], w, t, 1.0, gate=True)


def _of_route(inst: Instance, j: str, place: str, name: str) -> tuple[Obstacle, ...]:
    stream = inst.streams[j]
    if name == "flow":
        return obstacles(inst, stream, inst.sites[place], inst.rtt_ms[stream.region, place])
    far = inst.rental_rtt_ms[stream.region, place]
    return obstacles(inst, stream, inst.rentals[place], far)
