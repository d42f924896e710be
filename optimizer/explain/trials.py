"""Trying out a repair, and leaving out of it what it does not need."""

import time
from collections.abc import Callable, Mapping, Sequence

from models.instance import Instance
from models.problems import InstanceError
from optimizer.explain.changes import Change, change_of
from optimizer.explain.limit import Limit
from optimizer.explain.probes import LEAST_S, USED, Probes
from optimizer.matrix import Floats

STEPS = (1.0, 1.02, 1.2)
"""Factors of the amounts that are tried, should the exact ones not be enough."""

Works = Callable[[Instance, Floats, float], bool]
"""Whether an instance has a plan; a solution in which its limits gave way is known. A large one is
searched for so long [s]."""

Changes = tuple[Change, ...]


def working(
    probes: Probes, inst: Instance, works: Works, x: Floats, worth: Mapping[Limit, float]
) -> Changes:
    """The changes by which limits give way as in a solution, in round numbers, if they work.

    None of them can be left out, as far as that is found in time: halves of them, the dearer one
    first, then halves of those that need something. None at all if they do not work.

    Args:
        probes: the solver, and the model in which limits can give way.
        inst: the instance.
        works: tells whether an instance has a plan.
        x: the solution.
        worth: the limits that give way, and what that is worth [MUSD].
    """

    def tried(changes: Sequence[Change], longest: float = LEAST_S) -> bool:
        sets = {path: value for change in changes for path, value in change.sets.items()}
        try:
            changed = inst.with_changes(sets)
        except InstanceError:
            return False
        return works(changed, x, longest)

    soft = probes.soft
    soft.compiled.load(x[: len(soft.compiled.variables)])
    gives = {
        limit: [give for give in soft.gives if limit in give.limits and x[give.column] > USED]
        for limit in worth
    }
    found: Changes = ()
    for factor in STEPS:
        needed = [change_of(soft, inst, limit, gives[limit], x, factor) for limit in worth]
        every = tuple(change for change in needed if change is not None)
        rules = tuple(change for change in every if change.amount is None)
        some = factor == STEPS[0] and 0 < len(rules) < len(every)
        # Rules are waived as a whole, which can do more than was needed.
        if some and probes.may_do(_limits(rules), worth, x, factor) and tried(rules):
            found = rules
        elif tried(every):
            found = every
        if found or len(rules) == len(every):
            break
    until = time.monotonic() + LEAST_S
    chunks = [_dearest_first(found, worth)]
    while chunks and (left := until - time.monotonic()) > 0:
        chunk = chunks.pop(0)
        rest = tuple(change for change in found if not any(path in change.sets for path in chunk))
        if rest and probes.may_do(_limits(rest), worth, x, factor) and tried(rest, left):
            found = rest
        elif len(chunk) > 1:
            chunks[:0] = [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
    return found


def _limits(changes: Sequence[Change]) -> frozenset[Limit]:
    return frozenset(change.limit for change in changes)


def _dearest_first(changes: Sequence[Change], worth: Mapping[Limit, float]) -> list[str]:
    """A path of each change, once; the changes that set it go together."""
    sums: dict[str, float] = {}
    for change in changes:
        path = next(iter(change.sets))
        sums[path] = sums.get(path, 0.0) + worth[change.limit]
    return sorted(sums, key=lambda path: -sums[path])
