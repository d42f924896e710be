"""A bound from duals alone: valid for any duals, however inexact."""

import numpy as np

from optimizer.matrix import Floats, Matrix


def dual_bound(matrix: Matrix, row_duals: Floats) -> float:
    """The Lagrangian bound of row duals: no plan costs less.

    Σ_i (y_i > 0: y_i · row_lower_i; y_i < 0: y_i · row_upper_i)
      + Σ_j min over lower_j ≤ x_j ≤ upper_j of (c_j − y · a_j) · x_j, with y_i := 0 where its row
    has no such side. Every variable has finite bounds, so the minimum is finite; what rounding
    may have added is taken off.
    """
    side = np.where(row_duals > 0, matrix.row_lower, matrix.row_upper)
    duals = np.where(np.isfinite(side), row_duals, 0.0)
    from_rows = duals * np.where(np.isfinite(side), side, 0.0)
    reduced = matrix.cost - matrix.rows.T @ duals
    from_columns = np.minimum(reduced * matrix.lower, reduced * matrix.upper)
    magnitude = np.abs(from_rows).sum() + np.abs(from_columns).sum()
    return float(from_rows.sum() + from_columns.sum() + matrix.offset - 1e-12 * magnitude)
