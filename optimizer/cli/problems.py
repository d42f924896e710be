"""Problems of an instance, printed: a headline for each file, then a line for each problem."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from models.problems import Problem
from optimizer.cli import console
from optimizer.cli.endings import Ending


def refuse(found: Sequence[Problem], as_json: bool) -> Ending:
    """Tell what is wrong with the input."""
    if as_json:
        say_json(found)
    console.err(in_words(found, "problem"))
    return Ending.BAD_INPUT


def refuse_in_words(message: str, as_json: bool, option: str = "") -> Ending:
    """Tell in one line what is wrong with an option or a folder."""
    if as_json:
        say_json([Problem((option,) if option else (), message)])
    console.err(f"{option}: {message}" if option else message)
    return Ending.BAD_INPUT


def warn(found: Sequence[Problem], most: int | None = None) -> None:
    """Tell warnings; only so many, if there is a limit."""
    if not found:
        return
    console.err(in_words(found[:most], "warning", len(found)))
    if most is not None and len(found) > most:
        console.err(f"  and {len(found) - most} more; `buildplan check` lists them")


def in_words(found: Sequence[Problem], kind: str, count: int | None = None) -> str:
    """One headline for each file, and one indented line for each problem, places aligned."""
    lines: list[str] = []
    files = [(file or "input", list(group)) for file, group in groupby(found, lambda one: one.file)]
    for file, group in files:
        number = count if count is not None and len(files) == 1 else len(group)
        lines.append(f"{file}: {number} {kind}{'' if number == 1 else 's'}")
        places = [f"{one.line}:{one.column}" if one.line else "" for one in group]
        width = max(len(place) for place in places)
        for place, one in zip(places, group, strict=True):
            lead = f"  {place:>{width}}  " if width else "  "
            lines.append(f"{lead}{_line(one)}")
    return "\n".join(lines)


def as_dicts(found: Iterable[Problem]) -> list[dict[str, Any]]:
    """The problems as plain data, for JSON."""
    return [
        {
            "file": one.file,
            "line": one.line,
            "column": one.column,
            "path": _path(one),
            "message": one.message,
            "severity": one.severity,
        }
        for one in found
    ]


def say_json(found: Iterable[Problem]) -> None:
    """Write the problems of bad input as one JSON object."""
    console.out_json({"status": "invalid", "problems": as_dicts(found)})


def say_failed(message: str) -> None:
    """Write as one JSON object that there is no plan because something failed."""
    console.out_json({"status": "unknown", "verified": False, "reasons": [message]})


def _path(problem: Problem) -> str:
    return ".".join(str(part) for part in problem.path)


def _line(problem: Problem) -> str:
    path = _path(problem)
    return " ".join(f"{path + ': ' if path else ''}{problem.message}".split("\n"))
