"""A smaller problem: the variables that a good plan is likely to use, by their reduced cost."""

from dataclasses import dataclass

import numpy as np

from optimizer.matrix import Flags, Floats, Matrix


@dataclass(frozen=True)
class Restriction:
    """A problem without some of its variables, which are 0 in it.

    Every plan of the smaller problem is a plan of the whole one; its bound is not.
    """

    matrix: Matrix
    kept: Flags

    @property
    def is_whole(self) -> bool:
        """True if nothing is left out, so that a bound holds for the whole problem."""
        return bool(self.kept.all())

    def expand(self, x: Floats) -> Floats:
        """A solution of the whole problem from one of the smaller."""
        whole = np.zeros(len(self.kept))
        whole[self.kept] = x
        return whole

    def shrink(self, x: Floats) -> Floats:
        """The part of a solution that the smaller problem knows."""
        return x[self.kept]


def everything(matrix: Matrix) -> Restriction:
    """The whole problem, with nothing left out."""
    return Restriction(matrix, np.ones(len(matrix.cost), dtype=bool))


def relative_reduced_cost(matrix: Matrix, row_duals: Floats) -> Floats:
    """Reduced cost of each variable over what it costs and earns at these duals [ratio]."""
    reduced: Floats = matrix.cost - matrix.rows.T @ row_duals
    scale: Floats = np.abs(matrix.cost) + abs(matrix.rows).T @ np.abs(row_duals)
    return reduced / np.maximum(scale, 1e-12)


def restrict(
    matrix: Matrix, optional: Flags, x: Floats, distance: Floats, within: float
) -> Restriction:
    """Keep what the relaxation uses, what is not optional, and what is nearly worth using.

    Args:
        matrix: the whole problem.
        optional: variables that a plan may leave at 0 as far as their bounds allow it.
        x: a solution of its relaxation.
        distance: relative reduced cost of each variable at duals of the relaxation [ratio].
        within: distance up to which an unused variable is kept [ratio].
    """
    used = x > matrix.lower + 1e-6 * np.maximum(1.0, matrix.upper)
    settled = matrix.lower > 0
    kept = used | settled | ~optional | (distance <= within)
    return keep(matrix, kept)


def widen(matrix: Matrix, restriction: Restriction, x: Floats) -> Restriction:
    """The restriction with everything that a plan uses as well."""
    kept = restriction.kept | (x > 1e-9)
    return restriction if (kept == restriction.kept).all() else keep(matrix, kept)


def keep(matrix: Matrix, kept: Flags) -> Restriction:
    """The problem with some of its variables only."""
    return Restriction(matrix.only(kept), kept)
