"""Fast estimates: the duals of one linear program, applied to each lever's changed model.

With some of a plan's whole numbers fixed the rest is a linear program. At its solution x and duals
y a small change of the data changes its cost by what it changes the Lagrangian y · b + (c − y · A)
x by (the envelope theorem): through every row, coefficient and cost that a lever touches, without
a formula that is written down a second time. New decisions count as far as the duals price them:
where all rows that they stand in were there before. Bounds of whole numbers count where they
hold them back; those of other variables do not, because they are drawn from rows, which say the
same and have a price.
"""

from collections.abc import Callable, Iterator, Sequence
from math import nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
from optimizer.values.lever import Lever

Places = NDArray[np.intp]


class Estimate(NamedTuple):
    """What duals expect a lever to change the cost by; NaN where they say nothing [MUSD].

    `built`: with all that is built fixed, so that only operation reacts. `sites`: with decisions of
    yes or no fixed (which sites are open, above all), and units and halls free, also in parts.
    """

    built: float
    sites: float


UNKNOWN = Estimate(nan, nan)

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

        def at(reduced: Floats) -> Floats:
            new = np.where(counts & (reduced < 0), changed.upper, changed.lower)
            old = np.where(self.full[columns], changed.upper, self.x[columns])
            return np.where(columns >= 0, old, new)

        duals = np.where(rows >= 0, self.duals[rows], 0.0)
        return _lagrangian(changed, duals, at) - self.cost


def _lagrangian(matrix: Matrix, duals: Floats, at: Callable[[Floats], Floats]) -> float:
    """y · b + (c − y · A) x, with the side b of each row that its dual y pays for."""
    side = np.where(duals > 0, matrix.row_lower, matrix.row_upper)
    paid = np.isfinite(side)
    y = np.where(paid, duals, 0.0)
    reduced = matrix.cost - matrix.rows.T @ y
    return float(y @ np.where(paid, side, 0.0) + reduced @ at(reduced) + matrix.offset)


def estimates(inst: Instance, plan: Plan, levers: Sequence[Lever]) -> Iterator[Estimate]:
    """For each lever what the duals at a plan expect of it.

    Unknown for rules without an amount, and for levers that cannot be moved so far. Raises
    SolveError if the solver fails.
    """
    keeper = ModelKeeper()
    base = keeper.compiled(inst)
    hint = hint_of(base, decisions_of(plan))
    x = np.zeros(len(base.variables)) if hint is None else hint
    rows, columns = _Names(base.constraints), _Names(base.variables)
    with Crew() as crew:
        built = _Program(crew, base.matrix, x, base.matrix.whole)
        sites = _Program(crew, base.matrix, x, _yes_or_no(base))
    for lever in levers:
        moved = None if lever.size is None else _moved(inst, lever)
        if moved is None:
            yield UNKNOWN
            continue
        changed = keeper.compiled(moved)
        known, places = rows.find(changed.constraints), columns.find(changed.variables)
        priced = _priced(changed.matrix, known)
        yield Estimate(
            built.expects(changed.matrix, known, places, priced & ~changed.matrix.whole),
            sites.expects(changed.matrix, known, places, priced & ~_yes_or_no(changed)),
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


class _Names:
    """Where the rows or the variables of a model stand, by name."""

    def __init__(self, components: Sequence[Any]) -> None:
        self.components = components
        self.position = {_key(one): n for n, one in enumerate(components)}

    def find(self, components: Sequence[Any]) -> Places:
        """For each row or variable of another model its position in this one; −1 for a new one."""
        known, count = self.components, len(self.components)
        return np.array(
            [
                n if n < count and one is known[n] else self.position.get(_key(one), -1)
                for n, one in enumerate(components)
            ],
            dtype=np.intp,
        )


def _key(component: Any) -> tuple[str, object]:
    return component.parent_component().local_name, component.index()
