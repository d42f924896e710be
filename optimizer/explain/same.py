"""One model's solution as another's, and a model with columns that it has no variable for."""

from dataclasses import replace

import numpy as np
import pyomo.environ as pyo

from optimizer.compiling import CompiledModel
from optimizer.matrix import Floats, Matrix


def carried(known: CompiledModel, x: Floats, other: CompiledModel) -> Floats:
    """The whole numbers of a solution, for the variables of the same names in another model.

    Where limits give way, more may be decided than the other model has room for, without use: there
    it is the most that has.
    """
    values = {
        _key(variable): value
        for variable, value, whole in zip(
            known.variables, x[: len(known.variables)], known.matrix.whole, strict=True
        )
        if whole and value > 0
    }
    out = np.zeros(len(other.variables))
    for column in np.flatnonzero(other.matrix.whole):
        out[column] = values.get(_key(other.variables[column]), 0.0)
    return np.clip(out, other.matrix.lower, other.matrix.upper)


def with_more_columns(compiled: CompiledModel, matrix: Matrix) -> CompiledModel:
    """A model with a matrix that has further columns and rows at its ends."""
    m = pyo.ConcreteModel()
    m.gives_way = pyo.Var()
    columns = len(matrix.cost) - len(compiled.variables)
    rows = len(matrix.row_lower) - len(compiled.constraints)
    return replace(
        compiled,
        matrix=matrix,
        variables=compiled.variables.also([m.gives_way] * columns),
        constraints=compiled.constraints.also([m.gives_way] * rows),
    )


def _key(variable: object) -> tuple[str, object]:
    return variable.parent_component().name, variable.index()  # type: ignore[attr-defined]
