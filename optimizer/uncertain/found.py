"""What is known of an instance with scenarios while it is searched."""

from dataclasses import dataclass, field

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.matrix import Floats
from optimizer.search import Result

ALONE, KEPT = 0.35, 0.6
"""Parts of the time limit after which the scenarios alone, and kept first decisions, must end."""

ALONE_APART = 0.6
"""The first of them where scenarios are not looked at together: kept decisions have the rest."""

APART_GAP = 0.6
"""Scenarios that are not looked at together are solved alone to so much of the gap, so that there
is something left for what is not known at first [ratio]."""

TIED, AT_PRICES = 0.45, 0.7
"""Parts of the time limit after which prices on shared decisions, and plans made at them, must be
there where scenarios are large."""

TOO_LARGE = "all scenarios together are too large to be searched in one model"

REGRET_GAP = 0.1
"""Regrets are differences of costs: scenarios alone are solved to so much of the gap [ratio]."""

SLACK = 1e-7
"""Relative deviation from a bound that the solver leaves [ratio]."""

Plans = dict[str, Floats]
"""A plan of the whole: the values of the variables of each scenario."""


@dataclass
class Found:
    """What is known so far.

    Attributes:
        best_musd: the least cost found of each scenario, whatever is decided in others [MUSD].
        bound_musd: no plan of a scenario costs less [MUSD].
        plans: the best plan of the whole.
        bound: no plan of the whole measures less [MUSD].
        bound_from: the stage that proved it, in words.
        kept_musd: by scenario, the costs of keeping its first decisions [MUSD]; None where some
            scenario has no plan then.
        reasons: why there is no plan, or why that is not known.
        infeasible: True if no plan exists.
        interrupted: True if the caller was interrupted.
    """

    best_musd: dict[str, float] = field(default_factory=dict)
    bound_musd: dict[str, float] = field(default_factory=dict)
    plans: Plans | None = None
    bound: float | None = None
    bound_from: str = ""
    kept_musd: dict[str, dict[str, float] | None] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    infeasible: bool = False
    interrupted: bool = False


def fits(compiled: CompiledModel, x: Floats) -> bool:
    """True if a plan lies within the bounds of a problem."""
    matrix = compiled.matrix
    numbers = np.where(matrix.whole, np.round(x), x)
    slack = np.where(matrix.whole, 0.0, SLACK * np.maximum(1.0, np.abs(x)))
    return bool(((numbers >= matrix.lower - slack) & (numbers <= matrix.upper + slack)).all())


def ends_all(result: Result) -> bool:
    """True if no other search matters any more."""
    return result.interrupted or result.status == "infeasible"
