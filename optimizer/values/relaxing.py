"""What a change can add to the least cost at most, proven by laying one model over another.

Take any plan x of the first model as one of the second: what both know keeps its number, but for a
shift d, the same for every plan, of what need not be whole; what is new has one number, too. Row i
of the second model then has

    a'_i (x + d) = a_i x + (a'_i − a_i) x + a'_i d

where a_i x lies between the sides of the row in the first model, and (a'_i − a_i) x between its
least and its most over the bounds of x. Where all rows hold, whatever the plan, no least cost of
the second model is above that of the first by more than

    max over the bounds of (c' − c) x, plus c' d.

So a limit that gives way is proven to cost nothing, without solving anything. Where that is not
seen nothing is claimed. Only numbers are compared: names say which, but prove nothing.
"""

from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, sparray

from optimizer.highs import Crew, Job
from optimizer.matrix import Flags, Floats, Matrix

Places = NDArray[np.intp]

ROUNDING = 1e-9
"""Sides of rows that differ by less are the same, relative to the larger of 1 and the side."""

SOLVED = 1e-7
"""So far a row may be missed by shifts that were solved for, likewise."""

A_DOLLAR = 1e-6
"""A smaller amount is nothing [MUSD]."""


def adds_at_most(crew: Crew, base: Matrix, changed: Matrix, rows: Places, columns: Places) -> float:
    """Most that the least cost of a changed model is above that of the first [MUSD].

    Args:
        crew: solves for shifts.
        base: the first model, with finite bounds on all variables.
        changed: the other.
        rows: for each row of the other its place in the first; −1 for a new one.
        columns: likewise for each variable.

    Infinite where nothing is proven.
    """
    known = columns >= 0
    taken = changed.rows @ _selection(columns, len(base.cost))
    differs = taken - _selection(rows, len(base.row_lower)) @ base.rows
    least, most = _between(differs, base)
    low = np.where(rows >= 0, base.row_lower[rows] + least, -inf)
    high = np.where(rows >= 0, base.row_upper[rows] + most, inf)
    least, most = _between(taken, base)
    # What has to be made up for: the rows without any shift are `low` to `high`.
    below = changed.row_lower - np.maximum(low, least)
    above = changed.row_upper - np.minimum(high, most)
    lower = changed.lower - np.where(known, base.lower[columns], 0.0)
    upper = changed.upper - np.where(known, base.upper[columns], 0.0)
    fixed = changed.whole | (known & base.whole[columns])
    shift = np.where(known, 0.0, np.clip(0.0, changed.lower, changed.upper))
    found = _shifted(crew, replace(changed, lower=lower, upper=upper), below, above, fixed, shift)
    if found is None:
        return inf
    costs = _selection(columns, len(base.cost)).T @ changed.cost - base.cost
    dearer = np.maximum(costs * base.lower, costs * base.upper).sum()
    added = float(dearer + changed.cost @ found + changed.offset - base.offset)
    return 0.0 if abs(added) < A_DOLLAR else added


def _selection(places: Places, count: int) -> csr_array:
    """The matrix that takes rows by place; nothing for those at −1."""
    at = np.flatnonzero(places >= 0)
    return csr_array((np.ones(len(at)), (at, places[at])), shape=(len(places), count))


def _between(rows: sparray, bounds: Matrix) -> tuple[Floats, Floats]:
    """The least and the most of each row over the bounds of the variables."""
    matrix = csr_array(rows)
    up, down = matrix.maximum(0), matrix.minimum(0)
    least: Floats = up @ bounds.lower + down @ bounds.upper
    most: Floats = up @ bounds.upper + down @ bounds.lower
    return least, most


def _shifted(
    crew: Crew, among: Matrix, below: Floats, above: Floats, fixed: Flags, shift: Floats
) -> Floats | None:
    """Shifts of variables that lift each row by `below` at least and `above` at most.

    `among` has the bounds of the shifts; where one is fixed it stays as it is. None if there are no
    such shifts.
    """
    rows = csc_array(among.rows)
    needed = _missed(rows @ shift, below, above, ROUNDING)
    off = _missed(shift, among.lower, among.upper, ROUNDING)
    if (off & fixed).any() or (among.lower > among.upper + ROUNDING).any():
        return None
    if not (needed.any() or off.any()):
        return shift
    can = ~fixed & (among.upper > among.lower)
    columns, touched = _together(rows, needed, off, can)
    if not len(columns):
        return None
    moved = rows @ shift
    low, high = (below - moved)[touched], (above - moved)[touched]
    if (low > high + ROUNDING).any():
        return None
    problem = Matrix(
        cost=among.cost[columns],
        offset=0.0,
        rows=csc_array(csr_array(rows[:, columns])[touched]),
        row_lower=low,
        row_upper=np.maximum(low, high),
        lower=among.lower[columns] - shift[columns],
        upper=np.maximum(among.lower, among.upper)[columns] - shift[columns],
        whole=np.zeros(len(columns), dtype=bool),
    )
    outcome = crew.run(Job(problem, method="simplex"))
    if outcome.status != "optimal" or outcome.x is None:
        return None
    found = shift.copy()
    found[columns] += np.clip(outcome.x, problem.lower, problem.upper)
    missed = _missed(rows @ found, below, above, SOLVED)
    return None if missed.any() else found


def _together(rows: csc_array, needed: Flags, off: Flags, can: Flags) -> tuple[Places, Places]:
    """The variables that can be shifted, and the rows, that those in need are tied to.

    What shifts in one row shifts in all of its rows, and others have to make up for it there: money
    left over in one period is there in the next.
    """
    entries = rows.astype(bool).astype(np.int32)
    columns, touched = off, needed
    while True:
        more = (off | (can & (entries.T @ touched.astype(np.int32) > 0))) | columns
        wider = (entries @ more.astype(np.int32) > 0) | touched
        if (more == columns).all() and (wider == touched).all():
            return np.flatnonzero(columns), np.flatnonzero(touched)
        columns, touched = more, wider


def _missed(values: Floats, least: Floats, most: Floats, close: float) -> Flags:
    """Which values lie outside of two sides."""
    slack = close * np.maximum(1.0, np.abs(values))
    missed: Flags = (values < least - slack) | (values > most + slack)
    return missed
