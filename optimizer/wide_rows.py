"""Rows that stand in arrays already, and sums that stand for variables."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import coo_array, csr_array

from models.wide import Positions, WideConstraint, spans
from optimizer.behind import Behind, Source
from optimizer.matrix import Floats
from optimizer.rows import Rows

ROUNDING = 1e-9
"""By so much two sums of the same numbers may differ [ratio]."""

KINDS = {"<=": 1, "==": 0}


def is_sum(component: Any, variables: Behind) -> bool:
    """True for rows that say what variables are names for, and all there is to say of these.

    Where a name was bound more tightly, or fixed, or its row was changed, both are as any other.
    """
    if not isinstance(component, WideConstraint) or component.defines is None:
        return False
    least, most = spans(component.addends, len(component.index_set()))
    names = zip(component.defines.values(), least, most, strict=True)
    return all(_is_free(*one) for one in names) and (
        not component.is_made or _is_unchanged(component, variables)
    )


def _is_free(name: Any, least: float, most: float) -> bool:
    """True if a variable can be all that lies between two ends."""
    spare = ROUNDING * max(1.0, abs(least), abs(most))
    low, high = name.bounds
    return (
        not name.fixed
        and (low is None or low <= least + spare)
        and (high is None or high >= most - spare)
    )


def _is_unchanged(component: WideConstraint, variables: Behind) -> bool:
    """True if the rows of a component, as objects, say what its arrays say."""
    rows = list(component.values())
    if len(rows) != len(component.index_set()) or not all(
        row.active and row.equality for row in rows
    ):
        return False
    told = rows_of(component, variables)
    found, constants = _linear([row.body - row.upper for row in rows], variables)
    return bool((constants == 0).all() and abs(found.tocsr() - told.entries.tocsr()).nnz == 0)


def rows_of(component: WideConstraint, variables: Behind) -> Rows:
    """The rows of a component; `variables` are all of the model."""
    row, column, factor = _left(component, variables)
    rhs = component.rhs.copy()
    if component.expressions:
        rows = np.fromiter(component.expressions, np.intp)
        right, rhs[rows] = _linear(list(component.expressions.values()), variables)
        row = np.concatenate([row, rows[right.row]])
        column = np.concatenate([column, right.col])
        factor = np.concatenate([factor, -right.data])
    kinds = np.full(len(rhs), KINDS[component.sense])
    entries = coo_array((factor, (row, column)), (len(component), len(variables)))
    return Rows(Source.of(component), kinds, rhs, entries)


def _left(component: WideConstraint, variables: Behind) -> tuple[Positions, Positions, Floats]:
    """Rows, columns and factors of the addends."""
    parts = [
        (rows, places + variables.start(one.variable), factors)
        for one in component.addends
        for rows, places, factors in (one.entries(),)
    ]
    rows, columns, factors = zip(*parts, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(factors)


def _linear(expressions: Sequence[Any], variables: Behind) -> tuple[coo_array, Floats]:
    """Linear expressions as rows over the variables, and their constants."""
    aside = pyo.ConcreteModel()
    aside.pad = pyo.Var()  # a row of nothing but numbers would be left out
    aside.row = pyo.Constraint(
        range(len(expressions)), rule=lambda m, i: m.pad + expressions[i] == 0
    )
    form = LinearStandardFormCompiler().write(aside, mixed_form=True)
    found = form.A.tocsr().tocoo()
    places = variables.find(form.columns)[found.col]
    known = places >= 0
    shape = len(expressions), len(variables)
    entries = coo_array((found.data[known], (found.row[known], places[known])), shape)
    return entries, -np.array(form.rhs, float)


class Sums:
    """The variables that are names for sums, with the sums.

    Args:
        components: the constraints that say so.
        variables: all variables of the model.
    """

    def __init__(self, components: Sequence[WideConstraint], variables: Behind) -> None:
        self._variables = variables
        sizes = [len(one) for one in components]
        firsts = np.cumsum([0, *sizes], dtype=np.intp)
        self.names: Positions = np.concatenate(
            [
                np.empty(0, np.intp),
                *(np.arange(len(one)) + variables.start(one.defines) for one in components),
            ]
        )
        self._number = np.full(len(variables), -1)
        self._number[self.names] = np.arange(len(self.names))
        parts = [_left(one, variables) for one in components]
        rows = [part[0] + first for part, first in zip(parts, firsts, strict=False)]
        none = np.empty(0, np.intp)
        where = np.concatenate([none, *rows]), np.concatenate([none, *(p[1] for p in parts)])
        factors = np.concatenate([np.empty(0), *(part[2] for part in parts)])
        self._sums = csr_array((factors, where), (len(self.names), len(variables)))

    def put_into(self, rows: Rows) -> Rows:
        """The rows with the sums in place of their names."""
        entries = rows.entries
        named = self._number[entries.col] >= 0
        if not named.any():
            return rows
        names = coo_array(
            (entries.data[named], (entries.row[named], self._number[entries.col[named]])),
            (len(rows.rhs), len(self.names)),
        )
        kept = (entries.row[~named], entries.col[~named])
        others = coo_array((entries.data[~named], kept), entries.shape)
        whole = csr_array(others.tocsr() + names.tocsr() @ self._sums)
        whole.eliminate_zeros()
        return replace(rows, entries=whole.tocoo())

    def values(self, values: Floats) -> Floats:
        """What the names are where all variables have these values."""
        sums: Floats = self._sums @ values
        return sums

    def order(self, objective: Rows) -> Positions:
        """All variables but names: component by component, as the objective first names them."""
        starts, owners = self._variables.starts, self._variables.owners
        order: dict[int, None] = {}
        for owner in dict.fromkeys(owners[objective.entries.col].tolist()):
            if (number := self._number[starts[owner]]) >= 0:
                begin, end = self._sums.indptr[[number, number + 1]]
                summed = np.zeros(len(starts) - 1, bool)
                summed[owners[self._sums.indices[begin:end]]] = True
                order |= dict.fromkeys(np.flatnonzero(summed).tolist())
            else:
                order[owner] = None
        order |= dict.fromkeys(range(len(starts) - 1))
        places = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in order])
        kept: Positions = places[self._number[places] < 0]
        return kept
