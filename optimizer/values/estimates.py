"""Fast estimates: the duals of one linear program, applied to each lever's changed model.

With some of a plan's whole numbers fixed the rest is a linear program. At its solution x and duals
y a small change of the data changes its cost by what it changes the Lagrangian y · b + (c − y · A)
x by (the envelope theorem): through every row, coefficient and cost that a lever touches, without
a formula that is written down a second time. New decisions count as far as the duals price them:
where all rows that they stand in were there before; of those that the same row pays for, the best
one alone. Bounds of whole numbers count where they
hold them back; those of other variables do not, because they are drawn from rows, which say the
same and have a price.
"""

from collections.abc import Callable, Iterator, Sequence
from math import inf, nan
from typing import NamedTuple

import numpy as np

from models.instance import Instance
from models.problems import InstanceError
from optimizer.compiling import CompiledModel
from optimizer.errors import SolveError
from optimizer.highs import Crew, Job
from optimizer.matrix import Flags, Floats, Matrix
from optimizer.plan.plan import Plan
from optimizer.reuse import ModelKeeper
from optimizer.search import is_large
from optimizer.starts import decisions_of, hint_of
from optimizer.values.compared import Names, Proofs
from optimizer.values.lever import Lever
from optimizer.values.relaxing import Places


class Estimate(NamedTuple):
    """What duals expect a lever to change the cost by; NaN where they say nothing [MUSD].

    `built`: with all that is built fixed, so that only operation reacts. `sites`: with decisions of
    yes or no fixed (which sites are open, above all), and units and halls free, also in parts.
    `most` is proven: the least cost changes by no more (`relaxing`); infinite where nothing is.
    """

    built: float
    sites: float
    most: float


UNKNOWN = Estimate(nan, nan, inf)

LOOSE_WHOLE, LOOSE = 1e-5, 1e-4
"""How much looser bounds are, of whole numbers and of all others: relative to the larger of 1 and
the bound [ratio]."""

FULL = 1e-6
"""A number this near to its upper bound is at it."""


class _Program:
    """The linear program of a plan with some of its whole numbers fixed: solution and duals."""

    def __init__(self, crew: Crew, matrix: Matrix, x: Floats, fixed: Flags) -> None:
        # Where a row and a bound say the same, the row shall have the price.
        loose = np.where(matrix.whole, LOOSE_WHOLE, LOOSE) * np.maximum(1.0, matrix.upper)
        upper = matrix.upper + np.where(matrix.upper > matrix.lower, loose, 0.0)
        problem = matrix.with_bounds(np.where(fixed, x, matrix.lower), np.where(fixed, x, upper))
        # With all of them fixed little is left; otherwise simplex takes long on large problems.
        slow = is_large(len(x)) and not fixed[matrix.whole].all()
        outcome = crew.run(Job(problem.relaxed(), method="ipm" if slow else "simplex"))
        if outcome.status != "optimal" or outcome.x is None or outcome.row_duals is None:
            raise SolveError(f"the linear program of the plan was not solved: {outcome.message}")
        self.x, self.duals = outcome.x, outcome.row_duals
        self.full = matrix.whole & ~fixed & (self.x > upper - FULL)
        """The whole numbers that are held back by their upper bounds."""
        self.cost = _lagrangian(matrix, self.duals, lambda _: self.x)

    def expects(self, changed: Matrix, rows: Places, columns: Places, counts: Flags) -> float:
        """Change of its cost by other data, whose rows and columns stand in it at these places.

        Of the new columns only those that count are used, where that pays.
        """
        duals = np.where(rows >= 0, self.duals[rows], 0.0)

        def at(reduced: Floats) -> Floats:
            pays = _best(changed, duals, reduced, counts & (columns < 0) & (reduced < 0))
            new = np.where(pays, changed.upper, changed.lower)
            old = np.where(self.full[columns], changed.upper, self.x[columns])
            return np.where(columns >= 0, old, new)

        return _lagrangian(changed, duals, at) - self.cost


def _best(matrix: Matrix, duals: Floats, reduced: Floats, among: Flags) -> Flags:
    """Of the variables that the same row pays most for, the one that gains most.

    A stream that may go to ten new sites is served once.
    """
    places = np.flatnonzero(among)
    part = matrix.rows[:, places]
    column = np.repeat(np.arange(len(places)), np.diff(part.indptr))
    order = np.lexsort((-duals[part.indices] * part.data, column))
    told, first = np.unique(column[order], return_index=True)
    payer = -1 - np.arange(len(places))
    payer[told] = part.indices[order[first]]
    gain = reduced[places] * (matrix.upper - matrix.lower)[places]
    order = np.lexsort((gain, payer))
    _, first = np.unique(payer[order], return_index=True)
    best = np.zeros_like(among)
    best[places[order[first]]] = True
    return best


def _lagrangian(matrix: Matrix, duals: Floats, at: Callable[[Floats], Floats]) -> float:
    """y · b + (c − y · A) x, with the side b of each row that its dual y pays for."""
    side = np.where(duals > 0, matrix.row_lower, matrix.row_upper)
    paid = np.isfinite(side)
    y = np.where(paid, duals, 0.0)
    reduced = matrix.cost - matrix.rows.T @ y
    return float(y @ np.where(paid, side, 0.0) + reduced @ at(reduced) + matrix.offset)


def estimates(inst: Instance, plan: Plan, levers: Sequence[Lever]) -> Iterator[Estimate]:
    """For each lever what the duals at a plan expect of it, and what is proven.

    Duals expect nothing of rules without an amount; of levers that cannot be moved so far nothing
    is known. Raises SolveError if the solver fails.
    """
    keeper = ModelKeeper()
    base = keeper.compiled(inst)
    names, proofs = Names(base), Proofs(inst, base)
    with Crew() as crew:
        programs = None
        if any(lever.size is not None for lever in levers):
            hint = hint_of(base, decisions_of(plan))
            x = np.zeros(len(base.variables)) if hint is None else hint
            programs = (
                _Program(crew, base.matrix, x, base.matrix.whole),
                _Program(crew, base.matrix, x, _yes_or_no(base)),
            )
        for lever in levers:
            if (moved := _moved(inst, lever)) is None:
                yield UNKNOWN
                continue
            changed = keeper.compiled(moved)
            rows, columns = names.find(changed)
            most = proofs.adds_at_most(crew, moved, changed, rows, columns)
            if programs is None or lever.size is None:
                yield Estimate(nan, nan, most)
                continue
            built, sites = programs
            priced = _priced(changed.matrix, rows)
            yield Estimate(
                built.expects(changed.matrix, rows, columns, priced & ~changed.matrix.whole),
                sites.expects(changed.matrix, rows, columns, priced & ~_yes_or_no(changed)),
                most,
            )


def _moved(inst: Instance, lever: Lever) -> Instance | None:
    """The instance with a lever moved; None if it cannot be moved so far."""
    try:
        return inst.with_changes(lever.changes)
    except InstanceError:
        return None


def _yes_or_no(compiled: CompiledModel) -> Flags:
    return np.array([variable.is_binary() for variable in compiled.variables])


def _priced(matrix: Matrix, rows: Places) -> Flags:
    """The variables that stand in no new row, of which no dual is known."""
    stands_in = matrix.rows.astype(bool).astype(int)
    priced: Flags = stands_in.T @ (rows < 0).astype(int) == 0
    return priced
