"""The relaxation with cuts, first of a part of the problem, then of the whole, each step warm."""

from collections.abc import Callable

import highspy
import numpy as np

from optimizer.cuts import Cuts, Links, joined
from optimizer.matrix import Flags, Floats, Matrix

ROUNDS = 8
"""Most rounds of cuts on the part, and again on the whole."""

FEWEST = 5
"""A round with fewer new cuts is the last."""

DUAL, PRIMAL = 1, 4
"""Simplex methods, as HiGHS numbers them."""


def tighten(
    prepared: Callable[[Matrix], highspy.Highs], matrix: Matrix, kept: Flags, relaxed: Floats
) -> tuple[highspy.Highs, Cuts] | None:
    """Solve the relaxation of a problem with all cuts that its solutions violate.

    The part with the variables `kept` is a fraction of the whole, and its relaxation, started from
    nothing by interior point, takes a tenth of the time. Its basis, where all other variables are
    0, is one of the whole, from where the simplex method has a short way.

    Args:
        prepared: gives a solver with a problem loaded.
        matrix: the problem, with its whole-number variables.
        kept: variables of the part.
        relaxed: a solution of the relaxation without cuts.

    Returns the solver after the last solve, and the cuts, which are the last of its rows; None if
    there are none.
    """
    links = Links(matrix)
    relaxation = matrix.relaxed()
    cuts = [links.separate(relaxed)]
    if not len(cuts[0]):
        return None
    columns = np.flatnonzero(kept)
    solver = prepared(cuts[0].added_to(relaxation).only(columns))
    solver.run()
    solver.setOptionValue("solver", "simplex")
    position = np.full(len(kept), -1)
    position[columns] = np.arange(len(columns))
    cuts += _rounds(solver, links, columns, position)
    basis = solver.getBasis()
    if not basis.valid:
        return solver, joined(cuts)
    whole = prepared(joined(cuts).added_to(relaxation))
    whole.setBasis(_widened(basis, columns, len(kept)))
    whole.setOptionValue("solver", "simplex")
    whole.setOptionValue("presolve", "off")
    whole.setOptionValue("simplex_strategy", PRIMAL)
    whole.run()
    whole.setOptionValue("simplex_strategy", DUAL)
    everything = np.arange(len(kept))
    cuts += _rounds(whole, links, everything, everything)
    return whole, joined(cuts)


def _rounds(
    solver: highspy.Highs, links: Links, columns: np.ndarray, position: np.ndarray
) -> list[Cuts]:
    """Cut off one solution after the other, as long as they are optimal and violate enough."""
    added = []
    for _ in range(ROUNDS):
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            break
        x = np.zeros(len(position))
        x[columns] = np.array(solver.getSolution().col_value)
        cuts = links.separate(x)
        if len(cuts) < FEWEST:
            break
        _append(solver, cuts, position)
        added.append(cuts)
        solver.run()
    return added


def _append(solver: highspy.Highs, cuts: Cuts, position: np.ndarray) -> None:
    """Add cuts to a loaded problem that knows only variables with a position."""
    places = position[cuts.rows.indices]
    known = places >= 0
    owner = np.repeat(np.arange(len(cuts)), np.diff(cuts.rows.indptr))[known]
    starts = np.searchsorted(owner, np.arange(len(cuts)))
    solver.addRows(
        len(cuts),
        np.full(len(cuts), -highspy.kHighsInf),
        cuts.most,
        int(known.sum()),
        starts.astype(np.int32),
        places[known].astype(np.int32),
        cuts.rows.data[known],
    )


def _widened(basis: highspy.HighsBasis, columns: np.ndarray, count: int) -> highspy.HighsBasis:
    """The basis of the whole problem from that of a part: all other variables are at 0."""
    wide = highspy.HighsBasis()
    status = [highspy.HighsBasisStatus.kLower] * count
    for column, one in zip(columns.tolist(), basis.col_status, strict=True):
        status[column] = one
    wide.col_status, wide.row_status = status, list(basis.row_status)
    wide.valid = True
    return wide
