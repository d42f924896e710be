"""What is known of least costs, and what one says of the other.

Where a change is proven to add no more than an amount (`relaxing`), each plan of the instance gives
one of the changed instance, and each bound of the changed instance is one of the instance.
"""

from collections.abc import Mapping
from math import inf, isfinite, nan
from typing import NamedTuple


class Known(NamedTuple):
    """The least cost of an instance lies between `bound` and `cost` [MUSD].

    Attributes:
        bound: no plan costs less; −inf where nothing is known.
        cost: that of the best plan; inf without one.
    """

    bound: float
    cost: float


def shared(
    base: Known, changed: Mapping[str, Known], most: Mapping[str, float]
) -> tuple[Known, dict[str, Known]]:
    """The same of an instance and of changed ones, after each has learned from the others.

    Args:
        base: of the instance.
        changed: of changed instances, by name.
        most: what each change adds at most, proven; inf where nothing is [MUSD].
    """
    bounds = [one.bound - most[name] for name, one in changed.items()]
    base = Known(min(base.cost, max(base.bound, *bounds, -inf)), base.cost)
    return base, {
        name: Known(one.bound, max(one.bound, min(one.cost, base.cost + most[name])))
        for name, one in changed.items()
    }


def difference(base: Known, changed: Known, most: float) -> tuple[float, float, float]:
    """Cost of the changed plan less that of the base; and what the least costs may differ by.

    The least cost of an instance lies between its bound and its plan. So the difference of the two
    least costs is at least (bound of the changed − plan of the base), and at most (plan of the
    changed − bound of the base), or what is proven of the change itself. NaN where nothing is
    known.
    """
    low = changed.bound - base.cost
    high = min(changed.cost - base.bound, most)
    told = (changed.cost - base.cost, low, high)
    change, low, high = (amount if isfinite(amount) else nan for amount in told)
    return change, low, high
