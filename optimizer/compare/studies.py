"""Two studies side by side: do cases of the same name come to the same answer?"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.compare.figures import interval, overlap
from optimizer.compare.kept import fill
from optimizer.errors import PlanError
from optimizer.plan.frame import make_frame, records
from optimizer.study.folder import StudyFolder
from optimizer.whole import write_folder

AGREES, DIFFERS, OPEN, MISSING = "agrees", "differs", "open", "missing"
"""What can be said of a case: the answers can both be right, they cannot, one of the studies has no
answer, or one of them does not have the case."""


@dataclass(frozen=True)
class StudyComparison:
    """How far two studies agree.

    Attributes:
        before: the first study's folder.
        after: the second one's.
        cases: case, verdict (agrees, differs, open, missing), same_inputs, status_before,
            status_after, objective_before, objective_after, bound_before, bound_after, difference
            [MUSD]; in the order of the first study, then of the second.
    """

    before: str
    after: str
    cases: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """Number of cases by verdict."""
        verdicts = (AGREES, DIFFERS, OPEN, MISSING)
        return {verdict: int((self.cases["verdict"] == verdict).sum()) for verdict in verdicts}

    @property
    def agree(self) -> bool:
        """True if every case of either study is in both and agrees."""
        return bool((self.cases["verdict"] == AGREES).all())

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "before": self.before,
            "after": self.after,
            "agree": self.agree,
            "counts": self.counts,
            "cases": records(self.cases),
        }

    def in_words(self) -> str:
        """The comparison as text that fits a page."""
        from optimizer.compare.words.studies import in_words

        return in_words(self)

    def save(self, folder: str | Path) -> Path:
        """Write comparison.json and cases.csv, whole or not at all; return the folder.

        Raises PlanError if the folder holds something else, or cannot be written.
        """
        write = partial(fill, {"cases": self.cases}, self.as_dict())
        return write_folder(Path(folder), "comparison", ("comparison.json", "cases.csv"), write)


def compare_studies(a: str | Path, b: str | Path) -> StudyComparison:
    """Compare the cases of two studies' folders by name.

    Two plans agree if the intervals from bound to objective meet: both can be right about the least
    cost. Two answers that no plan exists agree too. Raises PlanError if a folder cannot be read.
    """
    one, other = StudyFolder(a), StudyFolder(b)
    rows = [_row(name, _told(one, name), _told(other, name)) for name in {**one.keys, **other.keys}]
    texts = ["case", "verdict", "same_inputs", "status_before", "status_after"]
    amounts = ["objective_before", "objective_after", "bound_before", "bound_after", "difference"]
    cases = make_frame(rows, texts, amounts)
    return StudyComparison(str(a), str(b), cases)


def _told(study: StudyFolder, name: str) -> Mapping[str, Any] | None:
    """What a study knows of a case; None if it does not have the case."""
    if name not in study.keys:
        return None
    told = study.summary(name)
    if told is not None and not isinstance(told, dict):
        raise PlanError(f"the case '{name}' of {study.path} cannot be read")
    return told or {"status": "not solved"}


def _row(name: str, a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> tuple[Any, ...]:
    told = [one or {} for one in (a, b)]
    verdict = MISSING if a is None or b is None else _verdict(a, b)
    hashes = [one.get("instance_sha256") for one in told]
    same = "" if None in hashes else ("yes" if hashes[0] == hashes[1] else "no")
    status = [str(one.get("status", "")) for one in told]
    objectives = [_number(one.get("objective_musd")) for one in told]
    bounds = [_number(one.get("bound_musd")) for one in told]
    return name, verdict, same, *status, *objectives, *bounds, objectives[1] - objectives[0]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else nan


def _verdict(a: Mapping[str, Any], b: Mapping[str, Any]) -> str:
    costs = [one.get("objective_musd") for one in (a, b)]
    none_exists = [one.get("status") == "infeasible" for one in (a, b)]
    if costs[0] is not None and costs[1] is not None:
        intervals = [interval(one["objective_musd"], one.get("bound_musd")) for one in (a, b)]
        return AGREES if overlap(*intervals) else DIFFERS
    if all(none_exists):
        return AGREES
    has_answer = [none or cost is not None for none, cost in zip(none_exists, costs, strict=True)]
    return DIFFERS if all(has_answer) else OPEN
