"""Levers: limits that a planner could move, each with the changes that move it by a step."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from models.problems import did_you_mean


@dataclass(frozen=True)
class Step:
    """How far a lever is moved.

    Attributes:
        amount: how far, above 0 [unit of the lever; relative: ratio].
        relative: True if the amount is a part of what the limit is now.
    """

    amount: float
    relative: bool = False

    def in_words(self, unit: str) -> str:
        """'10 MW' or '5 %'."""
        return f"{100 * self.amount:g} %" if self.relative else f"{self.amount:g} {unit}"


@dataclass(frozen=True)
class Lever:
    """One limit, or one rule, and what moves it.

    Attributes:
        kind: the kind of limit, as in the table of limits; or energisation, latency, residency.
        at: which one: a site, a pool, a workload, 'jurisdiction/data class' …
        path: where it stands in the instance.
        move: what is done to it, in words ('10 MW more', '3 months earlier', 'lifted').
        size: size of the step in `unit`; None where a rule is lifted.
        unit: unit of the step.
        changes: the changes that do it, as for `Instance.with_changes`; plain data.
    """

    kind: str
    at: str
    path: str
    move: str
    size: float | None
    unit: str
    changes: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What tells it from all others."""
        place = f" {self.at}" if self.at else ""
        return f"{self.kind.replace('_', ' ')}{place}: {self.move}"

    @property
    def sets(self) -> str:
        """The options of the command line that make the changes."""
        return " ".join(f"--set {_quoted(f'{p}={_text(v)}')}" for p, v in self.changes.items())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _quoted(text: str) -> str:
    plain = all(ch.isalnum() or ch in "._-=+:/" for ch in text)
    return text if plain else "'" + text.replace("'", "'\\''") + "'"


def read_steps(texts: Iterable[str], defaults: Mapping[str, Step]) -> dict[str, Step]:
    """The steps of 'site_power=20' and 'budget=10%', over the defaults of all kinds.

    Raises ValueError for an unknown kind, for a step that is no number above 0, and for months
    that are not whole.
    """
    out = dict(defaults)
    for text in texts:
        kind, equals, amount = (part.strip() for part in text.partition("="))
        if not equals:
            raise ValueError(f"takes KIND=AMOUNT, for example site_power=20; not '{text}'")
        if kind not in defaults:
            known = ", ".join(sorted(defaults))
            raise ValueError(
                f"no limit is called '{kind}'; there are: {known}.{did_you_mean(kind, defaults)}"
            )
        out[kind] = _step(kind, amount, absolute_only=not defaults[kind].relative)
    return out


def _step(kind: str, text: str, *, absolute_only: bool) -> Step:
    relative = text.endswith("%")
    try:
        amount = float(text.removesuffix("%"))
    except ValueError:
        amount = 0.0
    if not (isfinite(amount) and amount > 0):
        raise ValueError(f"the step of {kind} must be a number above 0 or a share in %: '{text}'")
    if kind == "energisation" and (relative or amount != int(amount)):
        raise ValueError(f"the step of {kind} must be whole months, not '{text}'")
    if not (relative or absolute_only):
        raise ValueError(f"the step of {kind} must be a share in %, for example 10%; not '{text}'")
    return Step(amount / 100 if relative else amount, relative)
