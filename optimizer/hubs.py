"""Hubs: routes with the same ends in common go through one place in the relaxation.

Streams that may use the same sites, each at one price for all of them, need no variable for each
pair: m streams and n sites are m routes to a hub and n routes from it, instead of m · n. What the
rows say stays the same, and the duals of the rows there were still price every route.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csc_array, hstack, vstack

from optimizer.matrix import Floats, Matrix

SLACK = 1e-9
"""An upper bound that is so much tighter than what rows imply is implied by them [ratio]."""


Hub = np.ndarray
"""The variables that stand for every pair of some rows on two sides (one side × the other)."""


@dataclass(frozen=True)
class Hubs:
    """A relaxation with hubs in place of variables.

    Attributes:
        matrix: the problem; its rows are those there were, then one a hub; its variables are those
            that are left, then those to and from each hub.
    """

    matrix: Matrix
    left: np.ndarray
    hubs: tuple[Hub, ...]

    def expand(self, x: Floats) -> Floats:
        """A solution of the problem as it was; each hub's routes are paired from the first on."""
        count = len(self.left) + sum(hub.size for hub in self.hubs)
        whole = np.zeros(count)
        whole[self.left] = x[: len(self.left)]
        at = len(self.left)
        for hub in self.hubs:
            m, n = hub.shape
            into = np.concatenate([[0.0], np.cumsum(np.maximum(x[at : at + m], 0.0))])
            out = np.concatenate([[0.0], np.cumsum(np.maximum(x[at + m : at + m + n], 0.0))])
            ends = np.minimum(into[1:, None], out[None, 1:])
            begins = np.maximum(into[:-1, None], out[None, :-1])
            whole[hub] = np.maximum(ends - begins, 0.0)
            at += m + n
        return whole

    def duals(self, row_duals: Floats) -> Floats:
        """The duals of the rows that there were."""
        return row_duals[: len(row_duals) - len(self.hubs)]


def with_hubs(matrix: Matrix) -> Hubs:
    """The relaxation of a problem with as many variables replaced by hubs as pays.

    A variable can be replaced if it has two coefficients, a lower bound of 0, and an upper bound
    that its rows imply. So the optimum stays, and duals of the rows that there were give the same
    bound by `dual_bound`.
    """
    matrix = replace(matrix, rows=matrix.rows.sorted_indices())
    columns = np.flatnonzero((np.diff(matrix.rows.indptr) == 2) & (matrix.lower == 0))
    columns = columns[matrix.upper[columns] * (1 + SLACK) >= _implied(matrix)[columns]]
    hubs, _ = min((_found(matrix, columns, side) for side in (0, 1)), key=lambda one: one[1])
    gone = np.zeros(len(matrix.cost), dtype=bool)
    for hub in hubs:
        gone[hub.ravel()] = True
    left = np.flatnonzero(~gone)
    return Hubs(_replaced(matrix, left, hubs), left, tuple(hubs))


def _found(matrix: Matrix, columns: np.ndarray, side: int) -> tuple[list[Hub], int]:
    """The hubs when variables of one row are taken together, and how many variables they save.

    `columns` can be replaced; `side` says which of their two rows: the first or the second. The
    saving is negative.
    """
    if not columns.size:
        return [], 0
    starts = matrix.rows.indptr
    first, second = starts[columns] + side, starts[columns] + 1 - side
    near, far = matrix.rows.indices[first], matrix.rows.indices[second]
    a, b = matrix.rows.data[first], matrix.rows.data[second]
    cost = matrix.cost[columns]
    order = np.lexsort((far, b, a, cost, near))
    keys = np.stack([near, cost, a, b])[:, order]
    far, columns = far[order], columns[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    begins = np.flatnonzero(fresh)
    alike: dict[tuple[bytes, float], list[np.ndarray]] = defaultdict(list)
    for begin, end in zip(begins, [*begins[1:], len(order)], strict=True):
        if end - begin > 1 and (np.diff(far[begin:end]) > 0).all():
            alike[far[begin:end].tobytes(), keys[3, begin]].append(columns[begin:end])
    found, saved = [], 0
    for members in alike.values():
        m, n = len(members), len(members[0])
        if m + n < m * n:
            found.append(np.stack(members))
            saved += m + n - m * n
    return found, saved


def _implied(matrix: Matrix) -> Floats:
    """The most that rows allow each variable of a lower bound of 0, all others at their best."""
    rows = matrix.rows
    column = np.repeat(np.arange(len(matrix.cost)), np.diff(rows.indptr))
    raises = rows.data > 0
    low = np.where(raises, rows.data * matrix.lower[column], rows.data * matrix.upper[column])
    high = np.where(raises, rows.data * matrix.upper[column], rows.data * matrix.lower[column])
    least = np.bincount(rows.indices, low, len(matrix.row_lower))
    most = np.bincount(rows.indices, high, len(matrix.row_lower))
    room = np.where(
        raises,
        matrix.row_upper[rows.indices] - (least[rows.indices] - low),
        matrix.row_lower[rows.indices] - (most[rows.indices] - high),
    )
    implied = np.full(len(matrix.cost), np.inf)
    np.minimum.at(implied, column, room / rows.data)
    return implied


def _replaced(matrix: Matrix, left: np.ndarray, hubs: list[Hub]) -> Matrix:
    """The problem with the variables that are left and those to and from each hub."""
    count = len(matrix.row_lower)
    starts, rows, data = matrix.rows.indptr, matrix.rows.indices, matrix.rows.data
    entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    cost, at = [matrix.cost[left]], 0
    for i, hub in enumerate(hubs):
        m, n = hub.shape
        one, other = hub[0, 0], hub[0, 1]
        side = int(rows[starts[one]] == rows[starts[other]])  # where the far row stands
        into, out = hub[:, 0], hub[0]
        numbers = np.arange(at, at + m + n)
        ends = np.concatenate([starts[into] + 1 - side, starts[out] + side])
        entries.append((rows[ends], numbers, data[ends]))
        balance = np.concatenate([np.ones(m), -np.ones(n)])
        entries.append((np.full(m + n, count + i), numbers, balance))
        cost.append(np.concatenate([matrix.cost[into], np.zeros(n)]))
        at += m + n
    zeros = np.zeros(len(hubs))
    rest = matrix.rows[:, left]
    if hubs:
        where, which, values = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        ways = coo_array((values, (where, which)), shape=(count + len(hubs), at))
        rest = hstack([vstack([rest, csc_array((len(hubs), len(left)))]), ways])
    return replace(
        matrix,
        cost=np.concatenate(cost),
        rows=csc_array(rest),
        row_lower=np.concatenate([matrix.row_lower, zeros]),
        row_upper=np.concatenate([matrix.row_upper, zeros]),
        lower=np.concatenate([matrix.lower[left], np.zeros(at)]),
        upper=np.concatenate([matrix.upper[left], np.full(at, np.inf)]),
        whole=np.zeros(len(left) + at, dtype=bool),
    )
