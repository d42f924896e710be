"""Trying cases on the base instance: every mistake once, where it stands in the study file."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from models.instance import Instance
from models.problems import InstanceError, Path, Problem
from optimizer.hashing import instance_sha256
from optimizer.study.definition import BASE
from optimizer.study.drafts import Change, Draft, as_table

Outcome = str | list[tuple[Problem, int]]
"""The hash of a case's instance; or its problems, each with how many more are like it."""

Tell = Callable[[int, int], None]
"""Told how many cases have been tried, and of how many."""


@dataclass
class _Finding:
    """A mistake: what is said of it in the first case, how much more, and the cases it spoils."""

    message: str
    more: int
    cases: list[str]


class Trial:
    """Tries cases on a base instance, equal ones once.

    Attributes:
        sha256: the hash of each valid case's instance, by the case's name.
    """

    def __init__(self, base: Instance) -> None:
        self.base = base
        self.sha256: dict[str, str] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._findings: dict[Path, _Finding] = {}

    def run(self, drafts: Sequence[Draft], tell: Tell | None = None) -> None:
        """Try all cases."""
        for number, draft in enumerate(drafts):
            if tell:
                tell(number, len(drafts))
            outcome = self._outcome(draft.changes)
            if isinstance(outcome, str):
                self.sha256[draft.name] = outcome
            else:
                self._note(draft, outcome)

    def problems(self) -> list[Problem]:
        """One problem for each mistake, by its place in the study file."""
        return [
            Problem(where, f"{one.message}{_more(one.more)} {_named(one.cases)}")
            for where, one in self._merged().items()
        ]

    def _outcome(self, changes: Sequence[Change]) -> Outcome:
        """The hash of the changed instance, or what is wrong with it."""
        key = json.dumps([(one.path, one.value) for one in changes])
        if key not in self._outcomes:
            try:
                changed = self.base.with_changes(as_table(changes)) if changes else self.base
                self._outcomes[key] = instance_sha256(changed)
            except InstanceError as error:
                self._outcomes[key] = _short(error.problems)
        return self._outcomes[key]

    def _note(self, draft: Draft, problems: Iterable[tuple[Problem, int]]) -> None:
        by_place: dict[Path, _Finding] = {}
        for problem, more in problems:
            where, message = self._blame(draft, problem)
            if where in by_place:
                by_place[where].more += 1 + more
            else:
                by_place[where] = _Finding(message, more, [])
        for where, new in by_place.items():
            self._findings.setdefault(where, new).cases.append(draft.name)

    def _blame(self, draft: Draft, problem: Problem) -> tuple[Path, str]:
        """The change that a problem comes from, by its place in the study file, and what to say."""
        path = ".".join(map(str, problem.path))
        for change in draft.changes:
            if not problem.file and change.path == path:
                return change.where, problem.message
        # The problem stands in the base's files: the change after which it first appears made it.
        for size in range(1, len(draft.changes)):
            outcome = self._outcome(draft.changes[:size])
            if not isinstance(outcome, str) and any(problem == one for one, _ in outcome):
                return draft.changes[size - 1].where, str(problem)
        return draft.changes[-1].where, str(problem)

    def _merged(self) -> dict[Path, _Finding]:
        """The findings; one that all values of a list share comes under the list."""
        groups: dict[tuple[Path, str], list[Path]] = {}
        for where, one in self._findings.items():
            if isinstance(where[-1], int):
                groups.setdefault((where[:-1], one.message), []).append(where)
        out = dict(self._findings)
        for (parent, _), places in groups.items():
            if len(places) > 1:
                first, *others = (out.pop(where) for where in places)
                names = (name for one in others for name in one.cases)
                out[parent] = replace(first, cases=[*first.cases, *names])
        return out


def _short(problems: Iterable[Problem]) -> list[tuple[Problem, int]]:
    """The problems; of those that one change has, the first and how many more there are."""
    first: dict[object, Problem] = {}
    count: Counter[object] = Counter()
    for one in problems:
        key = one if one.file else one.path
        first.setdefault(key, one)
        count[key] += 1
    return [(one, count[key] - 1) for key, one in first.items()]


def _more(count: int) -> str:
    if not count:
        return ""
    return f" {count:,} more problem{'s come' if count > 1 else ' comes'} from the same change."


def _named(cases: Iterable[str]) -> str:
    names = list(cases)
    if names == [BASE]:
        return "In the base."
    if len(names) == 1:
        return f"In case '{names[0]}'."
    return f"In {len(names):,} cases; the first is '{names[0]}'."
