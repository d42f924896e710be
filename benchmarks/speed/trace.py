"""How a solve came along: plans and bounds with the time at which they were known.

Beside the time on the clock stands that of processors, of this process and all below it: on a
machine that others use, too, it says more.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.processes import processor_s
from optimizer.search.incumbent import refutes, relative_gap

STEPS = (0.05, 0.02, 0.01)
"""Gaps whose time is of interest [ratio]."""


@dataclass
class Trace:
    """The best plan and bound so far, and when which gap was proven [s].

    Attributes:
        lead_s: time that had passed when the clock of this trace began [s].
        lead_cpu_s: the same of processors [s].
        proven_by: the bound that proved a gap [MUSD].
    """

    lead_s: float = 0.0
    lead_cpu_s: float = 0.0
    objective: float | None = None
    bound: float | None = None
    first_s: float | None = None
    to_s: dict[str, float] = field(default_factory=dict)
    cpu_to_s: dict[str, float] = field(default_factory=dict)
    proven_by: dict[str, float] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    cpu_began: float = field(default_factory=processor_s)

    def hear(self, objective: float | None, bound: float | None) -> None:
        """Take what is known now: the cost of the best plan, and the bound; None: none.

        A bound that is told no more, or is lower than before, did not hold: what it proved is taken
        back, and counts once it is proven again.
        """
        now = self.lead_s + time.monotonic() - self.began
        if objective is not None and (self.objective is None or objective < self.objective):
            self.objective = objective
            if self.first_s is None:
                self.first_s = now
        if self.bound is not None and (bound is None or refutes(bound, self.bound)):
            self._take_back(bound)
        if bound is not None and (self.bound is None or bound > self.bound):
            self.bound = bound
        gap = self.gap
        for step in STEPS if gap is not None else ():
            if gap <= step * (1 + 1e-9) and f"{step:.0%}" not in self.to_s:
                self.to_s[f"{step:.0%}"] = now
                used = processor_s() - self.cpu_began
                self.cpu_to_s[f"{step:.0%}"] = self.lead_cpu_s + used
                self.proven_by[f"{step:.0%}"] = self.bound

    def _take_back(self, bound: float | None) -> None:
        """Forget the bound, and times that it was needed for."""
        self.bound = None
        for step, needed in list(self.proven_by.items()):
            if bound is None or needed > bound:
                for known in (self.to_s, self.cpu_to_s, self.proven_by):
                    del known[step]

    @property
    def gap(self) -> float | None:
        """(objective − bound) / |objective| [ratio]."""
        return relative_gap(self.objective, self.bound)

    def figures(self) -> dict[str, Any]:
        """What a table needs of it."""
        return {
            "first_s": self.first_s,
            "to_s": self.to_s,
            "cpu_to_s": self.cpu_to_s,
            "objective_musd": self.objective,
            "bound_musd": self.bound,
            "gap": self.gap,
        }
