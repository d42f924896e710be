"""Reserve: how many of n units may be at work, so that enough of them are up often enough."""

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.instance import Instance


@lru_cache(maxsize=256)
def reserve_steps(availability: float, target: float, most: int) -> tuple[int, ...]:
    """The numbers of units, up to a most, with which the reserve grows by one [units].

    Of n units that are each up with a probability, independently, the largest k may be at work
    with P(at least k are up) ≥ target; the other n − k are the reserve. Exact: both figures count
    as the decimals that they are written as.
    """
    up, asked = Fraction(str(availability)), Fraction(str(target))
    p, q = up.numerator, up.denominator
    # Times q^n: P(at least k of n are up), P(k − 1 of n are up), for k one above what may work.
    k, tail, below, whole = 1, 0, 1, 1
    steps = []
    for n in range(1, most + 1):
        tail = q * tail + p * below
        below = below * (q - p) * n // (n - k + 1)
        whole *= q
        if tail < asked * whole:
            steps.append(n)
            continue
        # One more may work: P(k of n are up), from that of k − 1.
        here = below * (n - k + 1) * p // (k * (q - p)) if q > p else (whole if k == n else 0)
        k, tail, below = k + 1, tail - here, here
    return tuple(steps)


def reserve_units(inst: "Instance", u: str, k: str, units: int) -> int:
    """Of units of a type in service, those that may not be at work on a workload [units]."""
    target = inst.workloads[k].availability_target
    if target is None:
        return 0
    return len(reserve_steps(inst.unit_types[u].availability, target, units))


def as_strict(inst: "Instance", k: str) -> tuple[str, ...]:
    """The workloads whose target is as high as that of one, or higher; it is one of them."""
    target = inst.workloads[k].availability_target
    return tuple(
        other
        for other, workload in inst.workloads.items()
        if target is not None and (workload.availability_target or 0.0) >= target
    )


def targets(inst: "Instance") -> tuple[str, ...]:
    """For each target that there is, the first workload that has it."""
    first: dict[float, str] = {}
    for k, workload in inst.workloads.items():
        if workload.availability_target is not None:
            first.setdefault(workload.availability_target, k)
    return tuple(first.values())
