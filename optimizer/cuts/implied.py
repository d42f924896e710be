"""What must be there for a variable to be above 0: read off the rows whose right side is 0.

A row Σ a_i x_i ≤ Σ b_k y_k with a, b > 0 and x, y ≥ 0 says: if all y are 0, all x are 0. So
tokens need units at work, those need units in service, those need halls and an open site.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from optimizer.matrix import Floats, Matrix

WIDEST = 60
"""Sets of more variables are not followed: their sum is far above 1 wherever one is needed."""

Group = tuple[int, ...]


@dataclass(frozen=True)
class Side:
    """One reading of a row: any of `users` above 0 needs one of `sources` above 0."""

    row: int
    users: Group
    sources: Group
    is_balance: bool


def sides(matrix: Matrix) -> list[Side]:
    """All readings of the rows of a problem as needs; balances have two."""
    rows = csr_array(matrix.rows)
    found = []
    for sign, most in ((1, matrix.row_upper), (-1, -matrix.row_lower)):
        for row in np.flatnonzero(np.isfinite(most) & (most <= 0)).tolist():
            span = slice(rows.indptr[row], rows.indptr[row + 1])
            columns, factors = rows.indices[span], sign * rows.data[span]
            if (matrix.lower[columns] < 0).any():
                continue
            alive = matrix.upper[columns] > 0
            users = tuple(columns[(factors > 0) & alive].tolist())
            sources = tuple(columns[(factors < 0) & alive].tolist())
            if users:
                balance = bool(matrix.row_lower[row] == matrix.row_upper[row])
                found.append(Side(row, users, sources, balance))
    return found


class Needs:
    """Sets of whole variables of which one at least must be above 0, for any of some others."""

    def __init__(self, found: list[Side], step: Floats) -> None:
        self.step = step
        self.sources = [side.sources for side in found]
        self.uses: dict[int, list[int]] = defaultdict(list)
        for number, side in enumerate(found):
            if not side.is_balance:
                for column in side.users:
                    self.uses[column].append(number)
        self._known: dict[Group, tuple[Group, ...]] = {}

    def of(self, group: Group) -> tuple[Group, ...]:
        """All such sets for a group of variables, itself included if it is whole."""
        if group in self._known:
            return self._known[group]
        self._known[group] = ()
        if not group or len(group) > WIDEST:
            return ()
        found = [group] if all(self.step[column] > 0 for column in group) else []
        for sources in self._next(group):
            found += self.of(sources)
        self._known[group] = tuple(dict.fromkeys(found))
        return self._known[group]

    def _next(self, group: Group) -> list[Group]:
        """What rows that hold the whole group ask for; else what one row of each asks for."""
        rows = [set(self.uses.get(column, ())) for column in group]
        shared = set.intersection(*rows)
        if shared:
            return sorted({self.sources[row] for row in shared})
        if not all(rows):
            return []
        return [tuple(sorted({y for one in rows for y in self.sources[min(one)]}))]


def forced(matrix: Matrix, step: Floats, found: list[Side]) -> dict[int, list[int]]:
    """For each row that is a need: the yes-or-no variables that are 1 if any of its users is used.

    Follows balances, too: what is in service was ordered, and the site was open by then.
    """
    sources_of = defaultdict(list)
    for number, side in enumerate(found):
        for column in side.sources:
            sources_of[column].append(number)
    answers: dict[int, list[int]] = defaultdict(list)
    for choice in np.flatnonzero((step == 1) & (matrix.lower == 0) & (matrix.upper == 1)).tolist():
        reached, todo = {choice}, [choice]
        missing: dict[int, int] = {}
        while todo:
            for number in sources_of.get(todo.pop(), ()):
                side = found[number]
                missing[number] = missing.get(number, len(side.sources)) - 1
                if missing[number] == 0:
                    answers[side.row].append(choice)
                    new = [c for c in side.users if c in sources_of and c not in reached]
                    reached.update(new)
                    todo += new
    return answers
