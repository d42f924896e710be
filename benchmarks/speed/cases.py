"""What is solved: generated instances of rising size, two tight regimes, and growth one by one."""

from typing import NamedTuple

from benchmarks.expressible import expressible
from benchmarks.generated import Size, generated
from models.instance import Instance
from optimizer import read_instance

SIZES = {
    "southgate": Size(6, 7, 10),
    "quarter": Size(20, 23, 8),
    "half": Size(40, 46, 16),
    "six-continents": Size(80, 93, 16),
    "twice": Size(160, 186, 16),
}
"""Sizes by name: that of southgate, parts of six-continents, six-continents, and twice its sites
and regions."""

EXPRESSIBLE = {"expressible-small": Size(8, 10, 6), "expressible-quarter": Size(20, 23, 8)}
"""Sizes of instances that PyPSA has words for."""

LIMITS_S = {
    **{"southgate": 30, "quarter": 45, "half": 90, "six-continents": 150, "twice": 180},
    **{"expressible-small": 30, "expressible-quarter": 45},
    **{"shipped-southgate": 30, "shipped-six-continents": 300},
}
"""Time for one solve of a size, unless it is asked for [s]."""

TIGHT = ("quarter",)
"""Sizes that are also solved with power scarce, and with money scarce."""

SHIPPED = ("shipped-southgate", "shipped-six-continents")

PATIENT = {"shipped-six-continents": 1300}
"""Time that rivals get on what takes ours longest: seven to ten times the usual 127 to 174 [s]."""

GROWTH_BASE = Size(10, 12, 8)
GROWTH_STEPS = 3
GROWTH_S = 60


class Case(NamedTuple):
    """An instance to be solved: what it is drawn with, and how long a solve may take.

    `gap` ends a solve [ratio]; `time_s` does so too [s]; `growth` says which dimension has grown.
    """

    name: str
    size: Size
    regime: str
    seed: int
    gap: float
    time_s: float
    growth: str = ""

    def instance(self) -> Instance:
        """The instance itself."""
        if self.name in SHIPPED:
            return read_instance(f"instances/{self.name.removeprefix('shipped-')}")
        if self.name in EXPRESSIBLE:
            return expressible(self.size, self.seed, self.regime)
        return generated(self.size, self.seed, self.regime)


def cases(names: list[str], seeds: int) -> list[Case]:
    """Cases of these sizes, the small ones first; shipped instances have no seed."""
    found = []
    for name in names:
        time_s = LIMITS_S[name]
        if name in SHIPPED:
            found.append(Case(name, Size(0, 0, 0), "shipped", 0, 0.01, time_s))
            continue
        size = (SIZES | EXPRESSIBLE)[name]
        for regime in ("even", "power", "money") if name in TIGHT else ("even",):
            found += [Case(name, size, regime, seed, 0.01, time_s) for seed in range(1, seeds + 1)]
    return found


def growing(seeds: int, steps: int = GROWTH_STEPS) -> list[Case]:
    """The base, then each dimension doubled again and again while the others stay; to 2 %."""
    found = []
    for factor in (2**step for step in range(steps)):
        for dimension in Size._fields if factor > 1 else ("base",):
            size = GROWTH_BASE
            if factor > 1:
                size = size._replace(**{dimension: getattr(size, dimension) * factor})
            name = "x".join(map(str, size))
            found += [
                Case(name, size, "even", seed, 0.02, GROWTH_S, dimension)
                for seed in range(1, seeds + 1)
            ]
    return found
