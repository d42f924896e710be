"""What can be wrong with an instance, and the error that lists all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Path = tuple[str | int, ...]
"""Where in the instance: keys of tables and fields, and positions in list tables."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (an error) or worth a second look (a warning)."""

    path: Path
    message: str
    severity: Literal["error", "warning"] = "error"
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: " if self.line else ""
        where = where or (f"{self.file}: " if self.file else "")
        path = ".".join(str(part) for part in self.path)
        return f"{where}{path + ': ' if path else ''}{self.message}"


class InstanceError(ValueError):
    """The instance cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def unknown_name(kind: str, name: object, known: Iterable[str]) -> str:
    """A message for a name that is not defined, with the names that are and the nearest one."""
    names = sorted(known)
    shown = ", ".join(names[:8]) + (f" … ({len(names)} in all)" if len(names) > 8 else "")
    text = f"no {kind} is called '{name}'; known: {shown or 'none'}."
    return text + did_you_mean(name, names)


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """' Did you mean …?' with the nearest known name, or nothing where none is near."""
    nearest = get_close_matches(str(name), list(known), n=1, cutoff=0.5)
    return f" Did you mean '{nearest[0]}'?" if nearest else ""
