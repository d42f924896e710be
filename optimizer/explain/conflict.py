"""A smallest set of limits that cannot hold together (after Junker's QuickXplain)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from optimizer.compiling import CompiledModel
from optimizer.explain.limit import Limit
from optimizer.explain.probes import OutOfTime, Probes
from optimizer.explain.softened import Cell

T = TypeVar("T")


@dataclass(frozen=True)
class Conflict:
    """Limits that cannot hold together.

    Attributes:
        cells: the limits with the scenarios and periods in which they matter.
        minimal: True if it is proven that without any one of them the rest can hold.
        whole: True if they could hold if units and halls came in parts: it is whole numbers that
            stand in the way.
    """

    cells: tuple[Cell, ...]
    minimal: bool
    whole: bool

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits, each once."""
        return tuple(dict.fromkeys(limit for limit, _, _ in self.cells))


def find_conflict(probes: Probes, plain: Callable[[], CompiledModel]) -> Conflict | None:
    """A smallest set of limits that cannot hold together; None if all can.

    First by the relaxation, where each question is cheap and its multipliers leave few limits to
    ask for; then in whole numbers, for what is left. Raises OutOfTime if it is not even known
    whether they can. A conflict without limits is not minimal if there was no time to find them.

    Args:
        probes: asks the solver.
        plain: makes the model of the instance as it is; a large one is asked for any plan where
            the relaxation can keep all limits.
    """
    everything = probes.soft.limits
    found, fractional, known, minimal = everything, False, False, True
    try:
        pulling = probes.pulling()
        if pulling and not probes.can_hold(pulling):
            fractional = True
            found = pulling
            found = smallest(pulling, probes.can_hold)
        probes.whole = True
        if not fractional and probes.has_plan(plain):
            return None
        known = True
        found = smallest(found, probes.can_hold)
        cells = _cells_of(probes, found)
        found_cells = smallest(cells, probes.can_hold)
    except OutOfTime:
        if not (fractional or known):
            raise
        minimal = False
        found_cells = () if found is everything else _cells_of(probes, found)
    return Conflict(tuple(found_cells), minimal, not fractional)


def smallest(items: Sequence[T], can_hold: Callable[[Iterable[T]], bool]) -> tuple[T, ...]:
    """A smallest part of items that cannot hold together; all of them cannot.

    Smallest: without any one of its items the rest can hold. Of several such parts it finds one of
    the first items. Where few items are in conflict, it asks a number of questions that grows with
    their number and the logarithm of all.
    """

    def among(kept: tuple[T, ...], new: bool, left: Sequence[T]) -> tuple[T, ...]:
        if new and not can_hold(kept):
            return ()
        if len(left) == 1:
            return tuple(left)
        middle = len(left) // 2
        first, last = tuple(left[:middle]), tuple(left[middle:])
        of_last = among((*kept, *first), bool(first), last)
        of_first = among((*kept, *of_last), bool(of_last), first)
        return (*of_first, *of_last)

    found = among((), False, items) if items else ()
    # Of several, one alone can hold, and so can none; of one this is not yet known.
    return () if len(found) == 1 and not can_hold(()) else found


def _cells_of(probes: Probes, limits: Iterable[Limit]) -> tuple[Cell, ...]:
    wanted = frozenset(limits)
    cells = dict.fromkeys(
        cell for give in probes.soft.gives for cell in give.cells if cell[0] in wanted
    )
    return tuple(sorted(cells, key=lambda cell: (cell[2], cell[1])))
