"""Reading figures of `plan.json` without trusting them."""

import math
from collections.abc import Mapping
from typing import Any

from optimizer.verify.findings import Findings, amount


def number(value: object) -> float | None:
    """A finite number, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def section(claim: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A part of the claim with names for keys; empty if there is none."""
    part = claim.get(name)
    return part if isinstance(part, Mapping) else {}


def compare(
    findings: Findings, family: str, name: str, *, told: object, found: float, unit: str = ""
) -> None:
    """Note where the claim gives no number or another one than the one recomputed."""
    figure = number(told)
    if figure is None:
        findings.add(family, f"the plan gives no number for {name}")
        return
    findings.equal(
        family,
        figure,
        found,
        lambda: (
            f"the plan gives {name} as {amount(figure, unit)}; recomputed it is "
            f"{amount(found, unit)}"
        ),
    )
