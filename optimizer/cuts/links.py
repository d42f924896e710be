"""Links: what is used in part needs a whole of what makes it possible.

Reads  x_f with 0 ≤ x_f ≤ upper_f, and a set Z of whole variables of which one is above 0 if x_f is
Adds   (Λ1) x_f / upper_f ≤ Σ_{z∈Z} x_z / step_z

With Z empty, x_f must be 0. For flows, Z is an open site, at the latest date by which what serves
could be ordered; the halls in use at a site that has none at first; or its units in service.
"""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.cuts.cuts import Cuts
from optimizer.cuts.implied import Group, Needs, forced, sides
from optimizer.cuts.lattice import steps
from optimizer.matrix import Floats, Matrix

VIOLATED = 1e-3
"""A link that is violated by less is not worth a row [ratio]."""

SMALLEST = 1e-4
"""Variables that can hardly be above 0 get no links, which would have tiny coefficients."""


class Links:
    """All links of a problem; found once, looked at for each solution.

    `wanted` are variables whose links are found even if they cannot be used in part.
    """

    def __init__(self, matrix: Matrix, wanted: Collection[int] = ()) -> None:
        self.upper = matrix.upper
        self.step = steps(matrix)
        found = sides(matrix)
        needs = Needs(found, self.step)
        choices = forced(matrix, self.step, found)
        inner = {column for side in found for column in side.sources}
        self._given: set[tuple[int, Group]] = set()
        self._rows: list[tuple[NDArray[np.intp], tuple[Group, ...]]] = []
        for side in found:
            ends = [
                c for c in side.users if c in wanted or (c not in inner and self._is_partial(c))
            ]
            if ends and not side.is_balance:
                groups = needs.of(side.sources) + tuple((c,) for c in choices.get(side.row, ()))
                if groups:
                    self._rows.append((np.array(ends), tuple(dict.fromkeys(groups))))

    def _is_partial(self, column: int) -> bool:
        return bool(self.step[column] == 0 and self.upper[column] >= SMALLEST)

    def separate(self, x: Floats, violated: float = VIOLATED) -> Cuts:
        """The links that a solution violates and that were not given out before.

        Of all sets that a variable needs, only the one with the least in the solution is used. A
        variable with a step of ∞ is 0 in every plan and stands in no link.
        """
        parts = np.where(self.step > 0, x / np.where(self.step > 0, self.step, 1.0), x)
        rows: list[tuple[int, Group]] = []
        for ends, groups in self._rows:
            share = x[ends] / self.upper[ends]
            if share.max() <= violated:
                continue
            amounts = [parts[list(group)].sum() for group in groups]
            least = int(np.argmin(amounts))
            for end in ends[share > amounts[least] + violated].tolist():
                if (end, groups[least]) not in self._given:
                    self._given.add((end, groups[least]))
                    rows.append((end, groups[least]))
        return self._cuts(rows)

    def every(self, wanted: Collection[int]) -> Cuts:
        """All links of some variables."""
        return self._cuts(
            [
                (end, group)
                for ends, groups in self._rows
                for end in ends.tolist()
                if end in wanted
                for group in groups
            ]
        )

    def _cuts(self, links: Sequence[tuple[int, Group]]) -> Cuts:
        starts, columns, factors = [0], [], []
        for end, needed in links:
            group = [c for c in needed if np.isfinite(self.step[c])]
            scale = max(1.0, self.upper[end])
            columns += [end, *group]
            weights = [self.upper[end] / scale / self.step[c] for c in group]
            factors += [1.0 / scale, *(-weight for weight in weights)]
            starts.append(len(columns))
        shape = len(links), len(self.upper)
        arrays = np.array(factors, dtype=float), np.array(columns, dtype=np.int64), np.array(starts)
        return Cuts(csr_array(arrays, shape=shape), np.zeros(len(links)))
