"""What a plan must reach: demand that must be served, floors, commitments; each may be missed.

The relaxation in which everything that is asked for may be missed, at a price of 1 for missing all
of it, tells what no plan can reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from models.instance import Instance
from models.problems import Path
from optimizer.compiling import CompiledModel
from optimizer.matrix import Matrix
from optimizer.screening.finding import Kind


@dataclass(frozen=True)
class Ask:
    """Something that a plan must reach.

    Attributes:
        kind: of what kind the finding is if it cannot.
        path: where it stands in the instance.
        words: what must be reached, before the period.
        unit: its unit.
        period: when; '' for the whole horizon.
        amount: how much [its unit].
        column: the column of the elastic problem that says how much is missing.
        served: the stream and the state that must be served; None for anything else.
    """

    kind: Kind
    path: Path
    words: str
    unit: str
    period: str
    amount: float
    column: int
    served: tuple[str, str] | None = None


def elastic(compiled: CompiledModel) -> tuple[Matrix, list[Ask]]:
    """The relaxation in which every ask may be missed, without cost, and the asks."""
    matrix, inst, m = compiled.matrix.relaxed(), compiled.inst, compiled.model
    matrix = replace(matrix, cost=np.zeros_like(matrix.cost), offset=0.0)
    column = {id(v): place for place, v in enumerate(compiled.variables)}
    rows = {id(row): place for place, row in enumerate(compiled.constraints)}
    upper, added, asks = matrix.upper.copy(), _Added(matrix), []
    for ask, variable in _raised(m, inst):
        place = column.get(id(variable))
        if place is not None and upper[place] == 0:
            upper[place] = ask.amount
            asks.append(replace(ask, column=place))
    for ask, row, balance in _missed(m, inst):
        if id(row) not in rows:
            continue
        at = rows[id(row)]
        # A least is relieved by more on its side, a balance by less of what has the least.
        sign = 1.0 if balance is None else -np.sign(matrix.rows[at, column[id(balance)]])
        asks.append(replace(ask, column=added.column(at, float(sign), ask.amount)))
    return added.matrix(replace(matrix, upper=upper)), asks


class _Added:
    """Columns that are added to a matrix, each with one entry."""

    def __init__(self, matrix: Matrix) -> None:
        self.first = len(matrix.cost)
        self.entries: list[tuple[int, float]] = []
        self.most: list[float] = []

    def column(self, row: int, entry: float, most: float) -> int:
        """Add a column; return its position."""
        self.entries.append((row, entry))
        self.most.append(most)
        return self.first + len(self.most) - 1

    def matrix(self, matrix: Matrix) -> Matrix:
        """The matrix with the columns."""
        if not self.most:
            return matrix
        many = len(self.most)
        at, entries = zip(*self.entries, strict=True)
        shape = (matrix.rows.shape[0], many)
        more = csc_array((np.array(entries), (np.array(at), np.arange(many))), shape=shape)
        return matrix.with_columns(more, np.array(self.most))


def _raised(m: Any, inst: Instance) -> Iterator[tuple[Ask, Any]]:
    """Demand that must be served, with the variable of its shortfall."""
    first: dict[str, int] = {}
    for place, row in enumerate(inst.demand):
        first.setdefault(f"{row.region}/{row.workload}/{row.data_class}", place)
    for j, o in m.DEMANDS:
        amount = m.groups[j].demand_mtok_s[o]
        path: Path = ("demand", first[j])
        words = _named(m.groups[j].members)
        t = inst.states[o].period
        ask = Ask("unserved demand", path, words, "Mtok/s", t, amount, -1, (j, o))
        yield ask, m.shortfall[j, o]
    for key, row in m.contingency_demand_balance.items():
        amount, state = float(row.upper), inst.contingency_states[key[1]]
        words = f"what is protected of {key[0]} in contingency {state.contingency}"
        asked = Ask("unserved demand", ("protection",), words, "Mtok/s", state.period, amount, -1)
        yield asked, m.contingency_shortfall[key]


def _missed(m: Any, inst: Instance) -> Iterator[tuple[Ask, Any, Any]]:
    """Floors and commitments: the row that is relieved, and in a balance what it makes less of."""
    for f, t in m.SERVING_FLOORS:
        least = m.within[f, t].lb
        if least:
            words = f"the share of its demand that {f} serves itself"
            ask = Ask("hopeless floor", ("sufficiency", f), words, "Mtok/s", t, least, -1)
            yield ask, m.within_balance[f, t], m.within[f, t]
    for f, t in m.HOSTING_FLOORS:
        least = m.hosted_mw[f, t].lb
        if least:
            words = f"the power that {f} hosts"
            ask = Ask("hopeless floor", ("sufficiency", f), words, "IT MW", t, least, -1)
            yield ask, m.hosted_balance[f, t], m.hosted_mw[f, t]
    for s, x, n, t in m.COMMITMENTS:
        many = float(inst.committed[s, x, n, t])
        words = f"what is committed at {s}: {x} {n}".rstrip()
        ask = Ask("commitment", ("commitments",), words, "in number", t, many, -1)
        yield ask, m.commitment_minimum[s, x, n, t], None


def _named(members: tuple[str, ...]) -> str:
    more = len(members) - 1
    return members[0] + (f" and {more} streams like it" if more else "")
