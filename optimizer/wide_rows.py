"""Rows that stand in arrays already, and sums that stand for variables."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import coo_array, csr_array

from models.wide import WideConstraint
from optimizer.behind import Behind, Positions, Source
from optimizer.matrix import Floats
from optimizer.rows import Rows

KINDS = {"<=": 1, "==": 0}


def is_sum(component: Any) -> bool:
    """True for rows that say what variables stand for."""
    return isinstance(component, WideConstraint) and component.defines is not None


def rows_of(component: WideConstraint, variables: Behind) -> Rows:
    """The rows of a component; `variables` are all of the model."""
    entries, rhs = _left(component, variables), component.rhs.copy()
    if component.expressions:
        rows = np.fromiter(component.expressions, np.intp)
        right, constants = _linear(list(component.expressions.values()), variables)
        right = right.tocoo()
        shape = entries.shape
        entries = csr_array(entries - csr_array((right.data, (rows[right.row], right.col)), shape))
        rhs[rows] = constants
    kinds = np.full(len(rhs), KINDS[component.sense])
    return Rows(Source.of(component), kinds, rhs, entries)


def _left(component: WideConstraint, variables: Behind) -> csr_array:
    """What the addends are, row by row."""
    rows, columns, factors = [], [], []
    for one in component.addends:
        row, place, factor = one.entries()
        rows.append(row)
        columns.append(variables.start(one.variable) + place)
        factors.append(factor)
    shape = len(component), len(variables)
    entries = np.concatenate(factors), (np.concatenate(rows), np.concatenate(columns))
    return csr_array(coo_array(entries, shape))


def _linear(expressions: Sequence[Any], variables: Behind) -> tuple[csr_array, Floats]:
    """Linear expressions as rows over the variables, and their constants."""
    aside = pyo.ConcreteModel()
    aside.pad = pyo.Var()  # a row of nothing but numbers would be left out
    aside.row = pyo.Constraint(
        range(len(expressions)), rule=lambda m, i: m.pad + expressions[i] == 0
    )
    form = LinearStandardFormCompiler().write(aside, mixed_form=True)
    found = form.A.tocoo()
    places = variables.find(form.columns)[found.col]
    known = places >= 0
    shape = len(expressions), len(variables)
    entries = coo_array((found.data[known], (found.row[known], places[known])), shape)
    return csr_array(entries), -np.array(form.rhs, float)


class Sums:
    """The variables that are names for sums, with the sums.

    Args:
        components: the constraints that say so.
        variables: all variables of the model.
    """

    def __init__(self, components: Sequence[WideConstraint], variables: Behind) -> None:
        self._variables = variables
        self._is_name = np.zeros(len(variables), bool)
        size = len(variables)
        self._sums = csr_array((size, size))
        for one in components:
            names = np.arange(len(one)) + variables.start(one.defines)
            self._is_name[names] = True
            left = _left(one, variables).tocoo()
            self._sums += csr_array((left.data, (names[left.row], left.col)), (size, size))

    def put_into(self, rows: Rows) -> Rows:
        """The rows with the sums in place of their names."""
        entries = rows.entries
        named = self._is_name[entries.indices]
        if not named.any():
            return rows
        names, others = entries.copy(), entries.copy()
        names.data = np.where(named, entries.data, 0.0)
        others.data = np.where(named, 0.0, entries.data)
        whole = csr_array(others + names @ self._sums)
        whole.eliminate_zeros()
        return replace(rows, entries=whole)

    def values(self, values: Floats) -> tuple[Positions, Floats]:
        """The names' positions, and what they are where all variables have these values."""
        names = np.flatnonzero(self._is_name)
        return names, (self._sums @ values)[names]

    def order(self, objective: Rows) -> Positions:
        """All variables but names: component by component, as the objective first names them."""
        starts, owners = self._variables.starts, self._variables.owners
        order: dict[int, None] = {}
        for owner in dict.fromkeys(owners[objective.entries.indices].tolist()):
            if self._is_name[starts[owner]]:
                summed = self._sums[starts[owner] : starts[owner + 1]].indices
                order |= dict.fromkeys(owners[summed].tolist())
            else:
                order[owner] = None
        order |= dict.fromkeys(range(len(starts) - 1))
        places = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in order])
        kept: Positions = places[~self._is_name[places]]
        return kept
