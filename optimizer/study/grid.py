"""Sweeps and tornados: cases on a grid, and one lever at a time."""

from collections.abc import Collection, Mapping
from itertools import product
from typing import Any

from models.problems import Path, Problem, unknown_name
from optimizer.study.case import Lever
from optimizer.study.definition import BASE, CASES, TornadoLever
from optimizer.study.drafts import Draft, Setting, lever, of_options, of_values
from optimizer.study.faults import faults
from optimizer.study.named import Resolved
from optimizer.study.parts import Part

Axes = Mapping[str, Any]
"""A grid as a study file holds it: values or options by lever."""


def sweep(grids: Axes | tuple[Axes, ...], named: Resolved, unknown: Collection[str]) -> Part:
    """The cases of one grid, or of several; `unknown` are named cases with problems of their own.

    The last lever of a grid varies fastest.
    """
    out = Part()
    levers: dict[str, Lever] = {}
    several = isinstance(grids, tuple)
    for number, axes in enumerate(grids if isinstance(grids, tuple) else (grids,), start=1):
        where: Path = ("sweep", number - 1) if several else ("sweep",)
        settings = {
            name: _cases(values, named, unknown, (*where, name), out.problems)
            if name == CASES
            else _axis(name, values, (*where, name))
            for name, values in axes.items()
        }
        out.problems += faults(settings, where)
        for name, axis in settings.items():
            if axis:
                first = levers.setdefault(name, lever(axis))
                levers[name] = Lever(name, first.low, axis[-1].level)
        title = "sweep" if number == 1 else f"sweep-{number}"
        for chosen in product(*settings.values()):
            text = ",".join(f"{one.lever}={one.label}" for one in chosen)
            out.drafts.append(Draft.of_settings(f"{title}/{text}", "sweep", chosen))
    out.levers = tuple(levers.values())
    return out


def tornado(ends: Mapping[str, TornadoLever | tuple[Any, Any]]) -> Part:
    """Two cases for each lever: its low and its high end."""
    out = Part()
    settings: dict[str, list[Setting]] = {}
    for name, given in ends.items():
        where = ("tornado", name)
        if isinstance(given, TornadoLever):
            options = {"low": given.low, "high": given.high}
            settings[name] = of_options(name, options, where)
        else:
            settings[name] = of_values(name, given, where)
            low, high = (one.level for one in settings[name])
            if not isinstance(low, str) and not isinstance(high, str) and low > high:
                out.problems.append(Problem(where, "gives the high end first; write [low, high]."))
        for end, one in zip(("low", "high"), settings[name], strict=True):
            out.drafts.append(Draft.of_settings(f"tornado/{name}={end}", "tornado", [one]))
    out.problems += faults(settings, ("tornado",), shared=True)
    out.levers = tuple(lever(axis) for axis in settings.values())
    return out


def _axis(name: str, values: Any, where: Path) -> list[Setting]:
    if isinstance(values, Mapping):
        return of_options(name, values, where)
    return of_values(name, values, where)


def _cases(
    names: Any, named: Resolved, unknown: Collection[str], where: Path, problems: list[Problem]
) -> list[Setting]:
    """The settings of the axis that lists named cases."""
    if isinstance(names, Mapping):
        problems.append(Problem(where, "must be a list of named cases."))
        return []
    out = []
    for position, name in enumerate(map(str, names)):
        if name in named or name == BASE:
            out.append(Setting(CASES, name, named.get(name, ())))
        elif name not in unknown:
            known = (BASE, *named, *unknown)
            problems.append(Problem((*where, position), unknown_name("case", name, known)))
    return out
