"""A plan by rounding: whole numbers are fixed turn by turn, and the rest is solved again, warm."""

import highspy
import numpy as np
from numpy.typing import NDArray

from optimizer.highs.job import Arrays
from optimizer.matrix import Floats, Matrix

WHOLE = 1e-6
"""Values nearer than this to a whole number are whole."""

STOPPED = (highspy.HighsModelStatus.kInterrupt, highspy.HighsModelStatus.kTimeLimit)


def dive(solver: highspy.Highs, matrix: Matrix, extra: Arrays) -> None:
    """Fix all whole-number variables, one turn after the other; the solver has the result.

    Args:
        solver: has the problem's relaxation loaded.
        matrix: the problem.
        extra: for each variable `turn` (when it is fixed; −1: never), `up_from` (the part of a
            unit from which it is rounded up), `share` (the part of its turn's fractional
            variables that is fixed at once, the nearest to whole numbers first).
    """
    solver.run()
    solver.setOptionValue("solver", "simplex")
    descent = _Descent(solver, matrix)
    turn, up_from, share = extra["turn"], extra["up_from"], extra["share"]
    for now in range(int(turn.max(initial=-1)) + 1):
        open_ones = np.flatnonzero((turn == now) & matrix.whole)
        while len(open_ones) and descent.is_optimal:
            x = descent.x[open_ones]
            off = np.abs(x - np.round(x))
            fractional = np.flatnonzero(off > WHOLE)
            if not len(fractional):
                descent.fix(open_ones, np.round(x))
                break
            count = max(1, int(np.ceil(share[open_ones[0]] * len(fractional))))
            chosen = fractional[np.argsort(off[fractional], kind="stable")[:count]]
            floor = np.floor(x[chosen])
            up = x[chosen] - floor >= up_from[open_ones[chosen]]
            descent.fix(open_ones[chosen], floor + up)
            still = np.ones(len(open_ones), dtype=bool)
            still[chosen] = False
            open_ones = open_ones[still]


class _Descent:
    """Bounds that only get narrower, and the solution of the relaxation within them."""

    def __init__(self, solver: highspy.Highs, matrix: Matrix) -> None:
        self.solver = solver
        self.lower, self.upper = matrix.lower.copy(), matrix.upper.copy()
        self.x: Floats = np.zeros(len(matrix.cost))
        self.is_optimal = False
        self._read()

    def fix(self, columns: NDArray[np.intp], values: Floats) -> None:
        """Fix variables; where that leaves no solution, half of them, and at last the other way."""
        before = self.x
        if self._try(columns, values) or self.is_stopped:
            return
        self._bound(columns, self.lower[columns], self.upper[columns])
        if len(columns) > 1:
            middle = len(columns) // 2
            self.fix(columns[:middle], values[:middle])
            self.fix(columns[middle:], values[middle:])
            return
        x = before[columns]
        other = np.where(values > x, np.floor(x), np.ceil(x))
        if not self._try(columns, np.clip(other, self.lower[columns], self.upper[columns])):
            self._bound(columns, self.lower[columns], self.upper[columns])
            self.solver.run()
            self._read()

    def _try(self, columns: NDArray[np.intp], values: Floats) -> bool:
        self._bound(columns, values, values)
        self.solver.run()
        self._read()
        if self.is_optimal:
            self.lower[columns] = self.upper[columns] = values
        return self.is_optimal

    @property
    def is_stopped(self) -> bool:
        """True if the solver was interrupted or out of time: trying on would not help."""
        return self.solver.getModelStatus() in STOPPED

    def _bound(self, columns: NDArray[np.intp], lower: Floats, upper: Floats) -> None:
        self.solver.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def _read(self) -> None:
        self.is_optimal = self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if self.is_optimal:
            self.x = np.array(self.solver.getSolution().col_value)
