"""How to solve: what the caller asks for, else the instance, else the machine."""

import os
from dataclasses import asdict, dataclass
from typing import Any, get_args

from models.entities.method import Method
from models.instance import Instance


@dataclass(frozen=True)
class Options:
    """Complete settings of one solve.

    Attributes:
        gap: relative gap at which a plan is good enough [ratio].
        time_limit: longest time for the search [s]; None: no limit.
        threads: cores to use.
        seed: seed of random choices.
        method: how to solve, see `optimizer.method`.
        method_why: why so, once it is chosen.
    """

    gap: float
    time_limit: float | None
    threads: int
    seed: int
    method: Method = "auto"
    method_why: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The settings by name, for plan.json."""
        return asdict(self)


def resolve(
    inst: Instance,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    method: Method | None = None,
) -> Options:
    """Fill in what the caller left open. Raises ValueError for values that make no sense."""
    asked = inst.solve
    options = Options(
        gap=asked.gap if gap is None else gap,
        time_limit=asked.time_limit_s if time_limit is None else time_limit,
        threads=(asked.threads or cores()) if threads is None else threads,
        seed=asked.seed if seed is None else seed,
        method=asked.method if method is None else method,
    )
    for name, value in (("gap", options.gap), ("time limit", options.time_limit)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise ValueError(f"{name} must be a number, but is {value!r}")
    for name, count in (("threads", options.threads), ("seed", options.seed)):
        if isinstance(count, bool) or not isinstance(count, int):
            raise ValueError(f"{name} must be a whole number, but is {count!r}")
    if options.method not in get_args(Method):
        names = ", ".join(get_args(Method))
        raise ValueError(f"method must be one of {names}, but is {options.method!r}")
    if not 0 <= options.gap < 1:
        raise ValueError(f"gap must be at least 0 and below 1, but is {options.gap:g}")
    if options.time_limit is not None and not options.time_limit > 0:
        raise ValueError(f"time limit must be above 0 s, but is {options.time_limit:g}")
    if not 1 <= options.threads <= 256:
        raise ValueError(f"threads must be between 1 and 256, but is {options.threads}")
    if not 0 <= options.seed <= 2_000_000_000:
        raise ValueError(f"seed must be between 0 and 2000000000, but is {options.seed}")
    return options


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
