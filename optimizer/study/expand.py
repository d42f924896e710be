"""From a study file's definition to its cases, before they are tried on the instance."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models.problems import Problem
from optimizer.study import draws, grid
from optimizer.study.case import Lever
from optimizer.study.definition import BASE, StudyFile
from optimizer.study.drafts import Draft
from optimizer.study.named import Resolved, resolve
from optimizer.study.parts import Part

MOST = 20_000
"""Most cases of a study."""


@dataclass
class Expansion:
    """The cases of a study, the levers of its parts, and what is wrong with the rest."""

    drafts: list[Draft]
    levers: dict[str, tuple[Lever, ...]]
    problems: list[Problem]


def expand(spec: StudyFile, order: Iterable[str], broken: Collection[str]) -> Expansion:
    """The cases of a study, its parts in the given order, those in `broken` left out.

    Those of a part with problems are given as far as they go, so that they can be tried, too.
    """
    named, problems = resolve(spec.cases, broken)
    out = Expansion([Draft(BASE, BASE, (), {})] if spec.base else [], {}, problems)
    if found := _too_many(spec):
        out.problems.append(found)
        return out
    if spec.tornado and not spec.base:
        out.problems.append(Problem(("base",), "must be true: a tornado compares with the base."))
    unknown = {name for name in (*spec.cases, *broken) if name not in named}
    for name in order:
        part = _part(name, spec, named, unknown)
        out.problems += part.problems
        out.drafts += part.drafts
        if part.levers:
            out.levers[name] = part.levers
    return out


def _part(name: str, spec: StudyFile, named: Resolved, unknown: Collection[str]) -> Part:
    if name == "cases":
        return Part([Draft(one, "cases", changes, {}) for one, changes in named.items()])
    if name == "sweep" and spec.sweep:
        return grid.sweep(spec.sweep, named, unknown)
    if name == "sample" and spec.sample:
        return draws.sample(spec.sample)
    if name == "tornado" and spec.tornado:
        return grid.tornado(spec.tornado)
    if name == "morris" and spec.morris:
        return draws.morris(spec.morris)
    return Part()


def _too_many(spec: StudyFile) -> Problem | None:
    """A problem of the largest part if there are more cases than a study may have."""
    counts = _counts(spec)
    total = sum(counts.values()) + spec.base
    if total <= MOST:
        return None
    largest = max(counts, key=lambda part: counts[part])
    return Problem((largest,), f"the study has {total:,} cases; the most is {MOST:,}.")


def _counts(spec: StudyFile) -> dict[str, int]:
    grids = spec.sweep if isinstance(spec.sweep, tuple) else (spec.sweep or {},)
    return {
        "cases": len(spec.cases),
        "sweep": sum(math.prod(map(len, axes.values())) for axes in grids if axes),
        "sample": spec.sample.size if spec.sample else 0,
        "tornado": 2 * len(spec.tornado or ()),
        "morris": spec.morris.trajectories * (len(spec.morris.levers) + 1) if spec.morris else 0,
    }
