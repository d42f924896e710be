"""What the checker finds: violations by family, and the tolerances that decide what is one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optimizer.verify.arrays import Bools, Floats

TOLERANCE = 1e-6
"""Accepted deviation, relative to the larger of 1 and the limit or figure it is measured against.

It is the feasibility tolerance of the solver: a row that the solver takes for satisfied may miss
its limit by so much, in the row's own unit. Whole numbers have no tolerance at all.
"""

ROUNDING = 1e-9
"""Accepted where a figure is rounded to whole units or compared with a limit of the instance:
the last digits of a division, not a freedom of the solver [ratio]."""

MOST_NAMED = 10
"""So many violations of one check are told one by one; the others are counted."""

FAMILIES: Mapping[str, str] = {
    "tables": "rows",
    "whole_numbers": "figures",
    "siting": "sites or MW",
    "orders": "units",
    "halls": "MW",
    "conversion": "MW",
    "lease": "MW",
    "rental": "Mtok/s",
    "capacity": "units",
    "retirement": "units",
    "supply": "units or MW",
    "power": "MW",
    "pipeline": "MW",
    "portability": "Mtok/s",
    "model_families": "Mtok/s",
    "grid_upgrades": "upgrades or MW",
    "network_options": "options or units",
    "clusters": "units",
    "commitments": "units",
    "throughput": "units or Mtok/s",
    "reserve": "units",
    "routes": "Mtok/s",
    "demand": "Mtok/s",
    "control_planes": "control planes",
    "origin": "units or Mtok/s",
    "sufficiency": "Mtok/s or MW",
    "concentration": "Mtok/s, MW or MUSD",
    "budget": "MUSD",
    "borrowing": "MUSD",
    "opex": "MUSD",
    "emissions": "tCO2 or m3",
    "efficiency": "Ttok",
    "water": "1000 m3",
    "contingencies": "Mtok/s or units",
    "cost": "MUSD",
    "coverage": "Ttok",
    "volume": "units or MUSD",
    "limits": "the limit's own",
    "soft_limits": "the limit's own",
    "kpi": "the figure's own",
    "goals": "the goal's own",
    "status": "claims",
}
"""The families a violation can belong to, in the order in which they are checked, and the unit of
their deviations; several where a family compares figures of several kinds."""

Message = Callable[..., str]
"""Tells one violation in words; it gets the position of the figure, one number per dimension."""


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with a plan."""

    family: str
    """The constraint family or the part of the plan, one of `FAMILIES`, or 'scenarios'."""

    message: str
    """What is wrong where, with amounts and units."""

    amount: float
    """Size of the violation, in its unit."""


@dataclass(frozen=True)
class Verification:
    """The outcome of checking one plan."""

    violations: tuple[Violation, ...]
    """Everything that is wrong; empty if the plan passed."""

    largest: Mapping[str, float]
    """The largest deviation per family, those within tolerance included, in its unit."""

    @property
    def passed(self) -> bool:
        """True if nothing is wrong."""
        return not self.violations


class Findings:
    """Collects violations while the checks run."""

    def __init__(self, families: Iterable[str] = FAMILIES) -> None:
        self._violations: list[Violation] = []
        self._largest = dict.fromkeys(families, 0.0)

    def add(self, family: str, message: str, amount: float = 1.0) -> None:
        """Note one violation."""
        self._violations.append(Violation(family, message, amount))
        self._largest[family] = max(self._largest[family], amount)

    def refuse(self, family: str, wrong: Bools, message: Message) -> None:
        """Note a violation of amount 1 wherever `wrong` is true."""
        self._report(family, np.asarray(wrong, dtype=float), np.zeros(()), message)

    def at_most(
        self, family: str, use: npt.ArrayLike, allowed: npt.ArrayLike, message: Message
    ) -> None:
        """Note where `use` is above `allowed`."""
        uses, limits = np.asarray(use, dtype=float), np.asarray(allowed, dtype=float)
        with np.errstate(invalid="ignore"):
            excess = np.asarray(uses - limits)
        self._report(family, excess, _tolerance(limits), message)

    def equal(
        self, family: str, told: npt.ArrayLike, found: npt.ArrayLike, message: Message
    ) -> None:
        """Note where the plan tells another figure than the one found by computing it anew."""
        claims, figures = np.asarray(told, dtype=float), np.asarray(found, dtype=float)
        with np.errstate(invalid="ignore"):
            distance = np.asarray(np.abs(claims - figures))
        self._report(family, distance, _tolerance(figures), message)

    def result(self) -> Verification:
        """All that was found."""
        return Verification(tuple(self._violations), dict(self._largest))

    def _report(self, family: str, excess: Floats, tolerance: Floats, message: Message) -> None:
        """A figure that is not a number counts as infinitely wrong."""
        amount = np.where(np.isnan(excess), np.inf, np.maximum(excess, 0.0))
        if not amount.size:
            return
        self._largest[family] = max(self._largest[family], float(amount.max()))
        # Written as "not within", so that a figure that is not a number cannot slip through.
        wrong = np.argwhere(~(excess <= tolerance))
        sizes = amount[tuple(wrong.T)] if amount.ndim else amount.reshape(1)[: len(wrong)]
        worst = np.argsort(-sizes, kind="stable")
        for i in worst[:MOST_NAMED]:
            text = message(*(int(position) for position in wrong[i]))
            self._violations.append(Violation(family, text, float(sizes[i])))
        if (others := worst[MOST_NAMED:]).size:
            text = f"and {others.size:,} more like the last one"
            self._violations.append(Violation(family, text, float(sizes[others[0]])))


def _tolerance(limit: Floats) -> Floats:
    return TOLERANCE * np.maximum(1.0, np.abs(limit))


def amount(value: float | Floats, unit: str = "") -> str:
    """A figure with its unit, with enough digits to see a small difference."""
    return f"{float(value):,.10g} {unit}".rstrip()
