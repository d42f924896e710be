"""Rows that add variables up, as arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyomo.environ as pyo
from pyomo.core.base.constraint import ConstraintData, IndexedConstraint
from pyomo.core.expr.numeric_expr import LinearExpression

from models.wide.made import Made
from models.wide.tuples import Positions
from models.wide.variable import Floats


@dataclass(frozen=True)
class Addends:
    """What the variables of one component add to rows.

    Attributes:
        variable: the component.
        rows: the position of the row that each variable stands in, in their order; −1: in none.
        factors: what each is multiplied by; one number for all.
    """

    variable: Any
    rows: Positions
    factors: Floats | float = 1.0

    def entries(self) -> tuple[Positions, Positions, Floats]:
        """Positions of row and of variable, and factor, where there is one."""
        factors = np.broadcast_to(np.asarray(self.factors, float), self.rows.shape)
        used = (self.rows >= 0) & (factors != 0)
        if used.all():
            return self.rows, np.arange(len(used)), factors
        places = np.flatnonzero(used)
        return self.rows[places], places, factors[places]


class WideConstraint(Made, IndexedConstraint):  # type: ignore[misc]
    """An indexed Constraint: Σ addends ≤ or = right, for each index.

    Args:
        index: the index of the rows, a Pyomo set.
        left: returns the addends.
        sense: how left and right compare.
        right: returns the right-hand side of a row, a number or an expression, given its index.
        defines: the component whose variables are the right-hand sides, each where no other is:
            a name for what stands on the left. On the way to the solver the sum stands for it, in
            all rows and in the objective.

    Attributes:
        addends: what `left` returned.
        sense, defines: as given.
        rhs: right-hand sides, 0 where they are expressions.
        expressions: right-hand sides that are expressions, by position of the row.
    """

    def __init__(
        self,
        index: Any,
        left: Callable[[], Sequence[Addends]],
        sense: Literal["<=", "=="],
        right: Callable[..., Any],
        defines: Any = None,
        **words: Any,
    ) -> None:
        self._left, self._right = left, right
        self.sense, self.defines = sense, defines
        super().__init__(index, **words)

    def construct(self, _: None = None) -> None:
        """Find the addends and the right-hand sides."""
        if self._constructed:
            return
        self._constructed = True
        for index in self._anonymous_sets or ():
            index.construct()
        self.addends = tuple(self._left())
        self.rhs: Floats = np.zeros(len(self))
        self.expressions: dict[int, Any] = {}
        for row, index in enumerate(self.index_set()):
            right = self._right(*index) if isinstance(index, tuple) else self._right(index)
            if isinstance(right, float | int):
                self.rhs[row] = right
            elif not right.is_potentially_variable():
                self.rhs[row] = pyo.value(right)
            else:
                self.expressions[row] = right
        del self._left, self._right

    def activate(self) -> None:
        """As of any Constraint."""
        self._turn(True)

    def deactivate(self) -> None:
        """As of any Constraint."""
        self._turn(False)

    def _turn(self, active: bool) -> None:
        if self.is_made:
            super().activate() if active else super().deactivate()
        else:
            self._active = active

    def _make(self) -> dict[Any, ConstraintData]:
        parts: list[tuple[list[float], list[Any]]] = [([], []) for _ in range(len(self))]
        for one in self.addends:
            variables = list(one.variable.values())
            for row, place, factor in zip(*(a.tolist() for a in one.entries()), strict=True):
                parts[row][0].append(factor)
                parts[row][1].append(variables[place])
        made = {}
        for row, index in enumerate(self.index_set()):
            factors, variables = parts[row]
            left = LinearExpression(constant=0, linear_coefs=factors, linear_vars=variables)
            right = self.expressions.get(row, float(self.rhs[row]))
            made[index] = one_row = ConstraintData(
                left <= right if self.sense == "<=" else left == right, component=self
            )
            one_row._index = index
            one_row._active = self.active
        return made


def spans(addends: Sequence[Addends], count: int) -> tuple[Floats, Floats]:
    """The least and the most that each of `count` rows can add up to, by bounds of wide variables.

    The variables of the addends are none below 0.
    """
    least, most = np.zeros(count), np.zeros(count)
    for one in addends:
        rows, places, factors = one.entries()
        ends = factors * one.variable.upper[places]
        np.add.at(least, rows, np.minimum(ends, 0.0))
        np.add.at(most, rows, np.maximum(ends, 0.0))
    return least, most
