"""Named cases: each with the changes of the cases it extends before its own."""

from collections.abc import Collection, Mapping
from typing import Any

from models.problems import Path, Problem, unknown_name
from optimizer.study.definition import BASE, NamedCase
from optimizer.study.drafts import Change, of_table

Resolved = dict[str, tuple[Change, ...]]
"""The changes of each named case."""

DEEPEST = 100
"""Most cases that may extend each other in a row."""


def resolve(
    cases: Mapping[str, NamedCase], broken: Collection[str]
) -> tuple[Resolved, list[Problem]]:
    """The changes of each case that can be told, and what is wrong with the others.

    `broken` are cases that could not be read; of those that extend them nothing is said.
    """
    work = _Resolver(cases, broken)
    if BASE in cases:
        work.fail(BASE, ("cases", BASE), "is the name of the unchanged base; choose another.")
    for name in cases:
        work.changes_of(name, ())
    return {name: work.done[name] for name in cases if name in work.done}, work.problems


class _Resolver:
    def __init__(self, cases: Mapping[str, NamedCase], broken: Collection[str]) -> None:
        self.cases, self.broken = cases, broken
        self.done: Resolved = {}
        self.failed = set(broken)
        self.problems: list[Problem] = []

    def changes_of(self, name: str, above: tuple[str, ...]) -> tuple[Change, ...] | None:
        """The changes of a case, asked for by the cases `above` it; None if they cannot be told."""
        if name in self.done or name in self.failed:
            return self.done.get(name)
        if name in above:
            circle = " → ".join((*above[above.index(name) :], name))
            self.fail(above[-1], self._place(above[-1], name), f"goes round in a circle: {circle}.")
            return None
        if len(above) > DEEPEST:
            message = f"is extended by more than {DEEPEST} cases in a row."
            self.fail(name, ("cases", name), message)
            return None
        merged: dict[str, Change] = {}
        own = of_table(self.cases[name].changes, ("cases", name, "changes"))
        for parent in self.cases[name].extends:
            if parent not in self.cases and parent not in self.broken:
                known = (*self.cases, *self.broken)
                self.fail(name, self._place(name, parent), unknown_name("case", parent, known))
                continue
            inherited = self.changes_of(parent, (*above, name))
            if inherited is None:
                self.failed.add(name)
                continue
            self._merge(name, parent, merged, inherited)
        if name in self.failed:
            return None
        for change in own:
            merged.pop(change.path, None)
            merged[change.path] = change
        self.done[name] = tuple(merged.values())
        return self.done[name]

    def _merge(
        self, name: str, parent: str, merged: dict[str, Change], more: tuple[Change, ...]
    ) -> None:
        for change in more:
            first = merged.setdefault(change.path, change)
            if _same(first.value, change.value) or change.path in self.cases[name].changes:
                continue
            message = (
                f"'{parent}' and a case before it change '{change.path}' differently; "
                "say under 'changes' which value holds."
            )
            self.fail(name, self._place(name, parent), message)

    def _place(self, name: str, parent: str) -> Path:
        return ("cases", name, "extends", self.cases[name].extends.index(parent))

    def fail(self, name: str, where: Path, message: str) -> None:
        """Note what is wrong with a case, which is then left out."""
        self.failed.add(name)
        self.problems.append(Problem(where, message))


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
