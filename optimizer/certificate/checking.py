"""A certificate against the plan, its tables and what the checker found."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.certificate import FILE, exact, files
from optimizer.verify import Verification, Violation

FAMILY = "certificate"

AGAIN = 1e-9
"""Deviations found on another machine may be larger by so much [their own unit]."""


def check_certificate(
    folder: Path,
    claim: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    checked: Verification,
) -> list[Violation]:
    """What is wrong with the certificate in a plan's folder; a folder without one has nothing."""
    try:
        told = files.read_certificate(folder)
    except ValueError as error:
        return [_wrong(str(error))]
    if told is None:
        return []
    messages = [*files.changed_files(folder, told), *_other_figures(told, claim)]
    messages += [*_other_cost(told, tables), *_other_deviations(told, checked)]
    return [_wrong(message) for message in messages]


def _wrong(message: str) -> Violation:
    return Violation(FAMILY, message, 1.0)


def _section(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def _other_figures(told: Mapping[str, Any], claim: Mapping[str, Any]) -> Iterator[str]:
    """What plan.json and the certificate do not say alike."""
    objective, bound = _section(told, "objective"), _section(told, "bound")
    for what, certified, written in (
        ("status", told.get("status"), claim.get("status")),
        ("options", told.get("options"), claim.get("options")),
        ("versions", told.get("versions"), claim.get("versions")),
        (
            "hash of the instance",
            _section(told, "instance").get("sha256"),
            claim.get("instance_sha256"),
        ),
        ("objective", objective.get("told_musd"), claim.get("objective_musd")),
        ("bound", bound.get("musd"), claim.get("bound_musd")),
        ("gap", bound.get("gap"), claim.get("gap")),
    ):
        if certified != written:
            yield f"plan.json and {FILE} do not give the same {what}: {written} and {certified}"


def _other_cost(told: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    try:
        cost = exact.told(exact.exact_cost(tables))
    except ValueError as error:
        yield f"the cost cannot be summed up: {error}"
        return
    certified = _section(told, "objective").get("exact_cost_musd")
    if cost != certified:
        yield f"the table of cash sums to {cost} MUSD exactly, {FILE} says {certified}"


def _other_deviations(told: Mapping[str, Any], checked: Verification) -> Iterator[str]:
    """Families that deviate by more than the certificate says."""
    for family, entry in _section(told, "deviations").items():
        certified = entry.get("largest") if isinstance(entry, Mapping) else None
        found = checked.largest.get(family, 0.0)
        if not isinstance(certified, int | float) or found > 2 * certified + AGAIN:
            yield f"{family} deviates by {found:.3g}, {FILE} says {certified}"
