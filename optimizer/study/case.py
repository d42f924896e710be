"""What a study asks: a base instance and its cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from models.instance import Instance
from models.problems import InstanceError, Problem

Group = Literal["base", "cases", "sweep", "sample", "tornado", "morris"]
"""Which part of a study a case comes from."""


@dataclass(frozen=True)
class Case:
    """One what-if.

    Attributes:
        name: unique in its study.
        group: the part of the study it comes from.
        changes: what differs from the study's base instance, as for `Instance.with_changes`, in
            order; numbers, texts, true, false, null, lists and mappings only, as in JSON.
        levers: the setting of each lever that this case sets: a number, or a label for a choice of
            changes.
    """

    name: str
    group: Group
    changes: Mapping[str, Any]
    levers: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lever:
    """A lever that a part of a study varies.

    Attributes:
        name: the lever; where it is a single path, the path.
        low: lowest setting, a number, or a label for a choice of changes.
        high: highest setting.
    """

    name: str
    low: float | str
    high: float | str


@dataclass(frozen=True)
class Study:
    """A base instance, its cases, and how to solve them.

    Attributes:
        name: for headings.
        base: the instance that cases change; the study's own `changes` are made already.
        cases: the cases, by unique name, in the order of the file.
        gap: relative gap for every case [ratio]; None: as the instance says.
        time_limit: longest search for one case [s]; None: as the instance says.
        seed: seed of random choices in solving; None: as the instance says.
        levers: the levers of each group that has any, in order.
        levels: number of levels of a Morris screening; 0 without one.
        sha256: hashes of the cases' instances, by name, as far as they are known already.
    """

    name: str
    base: Instance
    cases: tuple[Case, ...]
    gap: float | None = None
    time_limit: float | None = None
    seed: int | None = None
    levers: Mapping[str, tuple[Lever, ...]] = field(default_factory=dict)
    levels: int = 0
    sha256: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        twice = [c.name for c in self.cases if c.name in seen or seen.add(c.name)]  # type: ignore[func-returns-value]
        if twice:
            raise InstanceError([Problem(("cases", name), "is given twice.") for name in twice])

    def instance(self, case: Case) -> Instance:
        """The instance of a case. Raises InstanceError if its changes cannot be made."""
        return self.base.with_changes(case.changes) if case.changes else self.base
