"""Fast estimates: the prices of one linear program, applied to each lever's changed model.

With some of a plan's whole numbers fixed the rest is a linear program. Its duals bound the same
program with any other data from below (`dual_bound`); so the difference between the bounds of the
changed and the unchanged one is what the duals expect of a lever, through every row, coefficient
and cost that it touches, without a formula that is written down a second time. New decisions
count as far as the duals price them: where all rows that they stand in were there before.
"""

from collections.abc import Iterator, Sequence
from math import nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from optimizer.compiling import CompiledModel
from optimizer.errors import SolveError
from optimizer.highs import Crew, Job
from optimizer.matrix import Flags, Floats, Matrix
from optimizer.plan.plan import Plan
from optimizer.reuse import ModelKeeper
from optimizer.search.bound import dual_bound
from optimizer.starts import Decisions, decisions_of, hint_of
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


class _Prices:
    """The duals of a plan's linear program with some of its whole numbers fixed."""

    def __init__(self, crew: Crew, base: CompiledModel, x: Floats, fixed: Flags) -> None:
        problem = _held(base.matrix, x, fixed)
        outcome = crew.run(Job(problem.relaxed(), method="simplex"))
        if outcome.status != "optimal" or outcome.row_duals is None:
            raise SolveError(f"the linear program of the plan was not solved: {outcome.message}")
        self.duals = outcome.row_duals
        self.bound = dual_bound(problem, self.duals)


def estimates(inst: Instance, plan: Plan, levers: Sequence[Lever]) -> Iterator[Estimate]:
    """For each lever what the duals at a plan expect of it; unknown for rules without an amount.

    Raises SolveError if the solver fails, and InstanceError if changes cannot be made.
    """
    keeper, decisions = ModelKeeper(), decisions_of(plan)
    base = keeper.compiled(inst)
    x = _values(base, decisions)
    rows, columns = _Names(base.constraints), _Names(base.variables)
    with Crew() as crew:
        built = _Prices(crew, base, x, base.matrix.whole)
        sites = _Prices(crew, base, x, _yes_or_no(base))
    for lever in levers:
        if lever.size is None:
            yield UNKNOWN
            continue
        changed = keeper.compiled(inst.with_changes(lever.changes))
        now = _values(changed, decisions)
        known = rows.find(changed.constraints)
        unpriced = _unpriced(base.matrix, changed.matrix, known, columns.find(changed.variables))
        yield Estimate(
            _difference(built, changed, now, changed.matrix.whole | unpriced, known),
            _difference(sites, changed, now, _yes_or_no(changed) | unpriced, known),
        )


def _difference(
    prices: _Prices, changed: CompiledModel, x: Floats, fixed: Flags, known: Places
) -> float:
    duals = np.where(known >= 0, prices.duals[known], 0.0)
    return dual_bound(_held(changed.matrix, x, fixed), duals) - prices.bound


def _unpriced(base: Matrix, changed: Matrix, rows: Places, columns: Places) -> Flags:
    """The variables that nothing is known of: new ones in a new row, and those that were fixed."""
    new = columns < 0
    stands_in = changed.rows.astype(bool).astype(int)
    in_new_row = stands_in.T @ (rows < 0).astype(int) > 0
    was_fixed = ~new & (base.upper[columns] == base.lower[columns])
    unpriced: Flags = (new & in_new_row) | was_fixed
    return unpriced


def _values(compiled: CompiledModel, decisions: Decisions) -> Floats:
    """The plan's whole numbers as those of a model."""
    hint = hint_of(compiled, decisions)
    return np.zeros(len(compiled.variables)) if hint is None else hint


def _held(matrix: Matrix, x: Floats, fixed: Flags) -> Matrix:
    """The problem with some variables fixed, as far as their bounds allow."""
    at = np.clip(x, matrix.lower, matrix.upper)
    return matrix.with_bounds(np.where(fixed, at, matrix.lower), np.where(fixed, at, matrix.upper))


def _yes_or_no(compiled: CompiledModel) -> Flags:
    return np.array([variable.is_binary() for variable in compiled.variables])


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
