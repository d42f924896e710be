"""A declared limit: what an instance says somewhere, and a planner could say otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from models.calendar import parse_day
from models.entities.base import ALWAYS
from models.problems import Path

if TYPE_CHECKING:
    from models.instance import Instance
    from models.origin import Mark


Part = tuple[str, str]
"""Kind and place of limits: what differs from one repair to another."""


@dataclass(frozen=True)
class Limit:
    """One limit, as it is declared.

    Attributes:
        kind: what it limits (`kinds.KINDS`).
        at: where: a site, pool, quota, stream …; empty where there is one only.
        path: where it is written in the instance.
        number: dotted path of its number; empty for a rule, which holds or is waived.
        value: the number, in the unit of its kind; None for a rule.
        fresh: True if nothing is said for that time yet: the number is 0.
        members: of demand, the streams that the model serves as one; empty for one alone.
    """

    kind: str
    at: str
    path: Path
    number: str = ""
    value: float | None = None
    fresh: bool = False
    members: tuple[str, ...] = ()

    @property
    def dotted(self) -> str:
        """Its path as text."""
        return ".".join(map(str, self.path))

    @property
    def part(self) -> "Part":
        """What gives way together: of demand a workload, and all protection, as no change allows
        less."""
        if self.kind == "protection":
            return self.kind, ""
        return self.kind, self.at.split("/")[1] if self.kind == "demand" else self.at


def dated(
    inst: "Instance", kind: str, at: str, path: Path, steps: Mapping[date, float], t: str
) -> Limit:
    """The step of dated values that holds in a period; where none does, a step to be added."""
    start = inst.periods[t].start
    dotted = ".".join(map(str, path))
    held = max((day for day in steps if day <= start), default=None)
    if held is None:
        return Limit(kind, at, path, f"{dotted}.{start}", 0.0, fresh=True)
    if held == ALWAYS:
        return Limit(kind, at, path, dotted, steps[held])
    return Limit(kind, at, (*path, held.isoformat()), f"{dotted}.{held}", steps[held])


def mark_of(inst: "Instance", path: Path) -> "Mark | None":
    """File, line and column of a path; None for an instance that was not read from files."""
    origin = inst._origin
    if origin is None:
        return None
    for size in range(len(path), 1, -1):
        for written in _alike(origin.marks, path[:size]):
            if written in origin.marks:
                return origin.find((*written, *path[size:]))  # type: ignore[no-any-return]
    return origin.find(path)  # type: ignore[no-any-return]


def _alike(marks: Mapping[Path, object], path: Path) -> list[Path]:
    """The path as written: a date may stand there as 2027, 2027Q1 or 2027-01."""
    try:
        day = parse_day(path[-1])
    except ValueError:
        return [path]
    return [
        one
        for one in marks
        if len(one) == len(path) and one[:-1] == path[:-1] and _is_day(one[-1], day)
    ]


def _is_day(text: object, day: date) -> bool:
    try:
        return parse_day(text) == day
    except ValueError:
        return False
