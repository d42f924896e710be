"""A mixed-integer problem in arrays, solved by scipy: nothing of the project in between."""

from itertools import product
from math import inf
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp


class Formulation(NamedTuple):
    """min cost·x + offset, rows·x ≤ limits, 0 ≤ x ≤ upper, the first `whole` of x whole."""

    cost: np.ndarray
    offset: float
    rows: np.ndarray
    limits: np.ndarray
    upper: np.ndarray
    whole: int

    def optimum(self) -> float:
        """The least cost, by branch and bound with and without presolve: either can miss it."""
        whole = np.arange(len(self.cost)) < self.whole
        found = (
            milp(
                self.cost,
                integrality=whole,
                bounds=Bounds(0, self.upper),
                constraints=LinearConstraint(self.rows, -np.inf, self.limits),
                options={"mip_rel_gap": 0.0, "presolve": presolve},
            )
            for presolve in (True, False)
        )
        return (
            min((float(one.fun) for one in found if one.x is not None), default=inf) + self.offset
        )

    def choices(self) -> int:
        """How many choices of whole numbers there are."""
        return int(np.prod(self.upper[: self.whole] + 1))

    def cheapest_choice(self) -> float:
        """The least cost: every choice of whole numbers, the rest by linear programming."""
        best = inf
        for choice in product(*(range(int(most) + 1) for most in self.upper[: self.whole])):
            fixed = np.array(choice, dtype=float)
            limits = self.limits - self.rows[:, : self.whole] @ fixed
            free = self.rows[:, self.whole :]
            without = ~free.any(axis=1)
            if (limits[without] < -1e-9).any():
                continue
            paid = float(self.cost[: self.whole] @ fixed) + self.offset
            found = linprog(
                self.cost[self.whole :],
                A_ub=free[~without],
                b_ub=limits[~without],
                bounds=[(0, most) for most in self.upper[self.whole :]],
            )
            if found.status == 0:
                best = min(best, paid + found.fun)
        return best
