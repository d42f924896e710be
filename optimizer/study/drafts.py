"""Cases in the making: what they change, and where in the study file that was written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.problems import Path
from optimizer.study.case import Case, Group, Lever


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        path: what it changes in the instance.
        value: as for `Instance.with_changes`.
        where: its place in the study file.
    """

    path: str
    value: Any
    where: Path


@dataclass(frozen=True)
class Setting:
    """One setting of a lever.

    Attributes:
        lever: the lever's name or path.
        level: the number, or the label.
        changes: what it changes.
    """

    lever: str
    level: float | str
    changes: tuple[Change, ...]

    @property
    def label(self) -> str:
        """The level as text, for names of cases."""
        return self.level if isinstance(self.level, str) else figure(self.level)


@dataclass(frozen=True)
class Draft:
    """A case whose changes have not been tried."""

    name: str
    group: Group
    changes: tuple[Change, ...]
    levers: Mapping[str, float | str]

    @classmethod
    def of_settings(cls, name: str, group: Group, settings: Iterable[Setting]) -> "Draft":
        """The case in which levers are set."""
        listed = list(settings)
        changes = tuple(change for one in listed for change in one.changes)
        return cls(name, group, changes, {one.lever: one.level for one in listed})

    def case(self) -> Case:
        """The case."""
        return Case(self.name, self.group, as_table(self.changes), dict(self.levers))


def as_table(changes: Iterable[Change]) -> dict[str, Any]:
    """Changes as `Instance.with_changes` takes them."""
    return {change.path: change.value for change in changes}


def of_table(changes: Mapping[str, Any], where: Path) -> tuple[Change, ...]:
    """Changes of a table that is written somewhere."""
    return tuple(Change(path, value, (*where, path)) for path, value in changes.items())


def of_value(path: str, value: Any, where: Path, position: int = 1) -> Setting:
    """A setting of a lever that is a path; what makes no name is called by its position."""
    return Setting(path, _level(value, position), (Change(path, value, where),))


def of_values(path: str, values: Sequence[Any], where: Path) -> list[Setting]:
    """The settings of a lever that is a path, by a list of values."""
    return [of_value(path, one, (*where, i), i + 1) for i, one in enumerate(values)]


def of_options(lever: str, options: Mapping[str, Mapping[str, Any]], where: Path) -> list[Setting]:
    """The settings of a lever that is a choice between sets of changes."""
    return [
        Setting(lever, label, of_table(table, (*where, label))) for label, table in options.items()
    ]


def lever(settings: Sequence[Setting]) -> Lever:
    """The lever of settings, from the first to the last."""
    return Lever(settings[0].lever, settings[0].level, settings[-1].level)


def figure(number: float) -> str:
    """A number as text, the shortest that stands for it alone: 1.0 is 1."""
    text = repr(float(number))
    return text.removesuffix(".0")


def _level(value: Any, position: int) -> float | str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and re.fullmatch(r"\w[\w.:+-]{0,79}", value):
        return value
    return f"value-{position}"
