"""Rows to add to a problem."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from optimizer.matrix import Floats, Matrix


@dataclass(frozen=True)
class Cuts:
    """rows · x ≤ most, for every plan x of a problem; `rows` is (cuts × variables)."""

    rows: csr_array
    most: Floats

    def __len__(self) -> int:
        return len(self.most)

    def added_to(self, matrix: Matrix) -> Matrix:
        """The problem with these rows below its own: the same plans, a smaller relaxation."""
        return matrix.with_rows(self.rows, self.most)


def joined(parts: Sequence[Cuts]) -> Cuts:
    """All rows of some parts, one part below the other."""
    rows = csr_array(vstack([part.rows for part in parts], format="csr"))
    return Cuts(rows, np.concatenate([part.most for part in parts]))
