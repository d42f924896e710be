"""A bound from duals alone: valid for any duals, however inexact, and however they are rounded."""

from math import fsum, inf, nextafter

import numpy as np

from optimizer.matrix import Floats, Matrix

ROUNDOFF = float(np.finfo(np.float64).eps) / 2
"""Largest relative error of one operation on floating-point numbers [ratio]."""


def dual_bound(matrix: Matrix, row_duals: Floats) -> float:
    """The Lagrangian bound of row duals: no plan costs less.

    Σ_i (y_i > 0: y_i · row_lower_i; y_i < 0: y_i · row_upper_i)
      + Σ_j min over lower_j ≤ x_j ≤ upper_j of (c_j − y · a_j) · x_j, with y_i := 0 where its row
    has no such side. Every variable has finite bounds, so the minimum is finite.

    All that rounding may have added is taken off. A reduced cost of n coefficients is wrong by at
    most γ_{n+1} · (|c_j| + |y| · |a_j|), where γ_n = n·u / (1 − n·u) (Higham, Accuracy and
    Stability of Numerical Algorithms, §3.1); the magnitude is itself rounded, so that γ_{2n+8} is
    taken. Sums are rounded once, by `math.fsum`, and then down.
    """
    row_duals = np.where(np.isfinite(row_duals), row_duals, 0.0)
    side = np.where(row_duals > 0, matrix.row_lower, matrix.row_upper)
    duals = np.where(np.isfinite(side), row_duals, 0.0)
    from_rows = duals * np.where(np.isfinite(side), side, 0.0)
    columns = matrix.rows.T
    reduced = matrix.cost - columns @ duals
    operations = 2.0 * np.diff(matrix.rows.indptr) + 8.0
    error = operations * ROUNDOFF / (1.0 - operations * ROUNDOFF)
    error *= np.abs(matrix.cost) + np.abs(columns) @ np.abs(duals)
    from_columns = np.minimum(reduced * matrix.lower, reduced * matrix.upper)
    farthest = np.maximum(np.abs(matrix.lower), np.abs(matrix.upper))
    products = fsum(np.abs(from_rows)) + fsum(np.abs(from_columns))
    lost = fsum(error * farthest) + products * 2 * ROUNDOFF
    # The error's own rounding, and products too small for a floating-point number.
    lost = lost * (1 + 1e-9) + (len(from_rows) + len(from_columns)) * 1e-300
    total = fsum((*from_rows, *from_columns, matrix.offset, -lost))
    return nextafter(total, -inf)
