"""What stands behind a plan, beside its own figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from optimizer.crosscheck.opinions import Opinion
from optimizer.matrix import Floats
from optimizer.search import Grounds


@dataclass(frozen=True)
class Evidence:
    """What a certificate tells of a plan that the plan itself does not.

    Attributes:
        largest: the largest deviation that the checker found, by family, in its unit.
        grounds: what the bound rests on.
        opinions: what second solvers say, if they were asked.
        why_no_duals: why no duals prove a bound again, in words; empty where they do.
    """

    largest: Mapping[str, float] = field(default_factory=dict)
    grounds: Grounds = field(default_factory=Grounds)
    why_no_duals: str = ""
    opinions: tuple[Opinion, ...] = ()
    limit_values: pd.DataFrame | None = None

    @property
    def row_duals(self) -> Floats | None:
        """Duals that prove the bound of the relaxation; None where there are none."""
        return None if self.why_no_duals else self.grounds.row_duals
