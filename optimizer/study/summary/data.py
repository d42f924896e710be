"""The cases of a study with their figures and settings, as all parts of a summary need them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from optimizer.study.case import Case, Study
from optimizer.study.folder import StudyFolder
from optimizer.study.results import results_table
from optimizer.study.results.figures import OBJECTIVE, TOKEN_COST
from optimizer.study.results.outcomes import STATUSES, WITH_PLAN

Levels = Mapping[str, float | str]
"""The settings of levers."""

FIGURES = (OBJECTIVE, TOKEN_COST)
"""The figures for which levers are ranked."""

LACKS = ("waiting", "failed")
"""Outcomes that say nothing of whether there is a plan."""

NOT_FOUND = "no plan was found in time"
"""The reason of a case of which no more is known."""


@dataclass(frozen=True, eq=False)
class Data:
    """The cases of a study and what came of them.

    Attributes:
        path: the study's folder.
        study: what was asked.
        cases: one row for each case, by name: the columns of the table `cases`, and `open_musd`,
            what the gap leaves open: cost − bound, infinite without a bound [MUSD].
        notes: what is not as it should be, in words.
    """

    path: Path
    study: Study
    cases: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def planned(self) -> pd.DataFrame:
        """The cases that have a plan."""
        return self.cases[self.cases["status"].isin(WITH_PLAN)]

    @property
    def different(self) -> pd.DataFrame:
        """The cases that have a plan, each instance once: cases with the same key are one."""
        return self.planned.drop_duplicates("key")

    @property
    def counts(self) -> pd.DataFrame:
        """The number of cases by status."""
        found = self.cases["status"].value_counts()
        rows = [(status, int(found[status])) for status in STATUSES if status in found]
        return pd.DataFrame(rows, columns=["status", "cases"])

    @property
    def no_plan(self) -> pd.DataFrame:
        """Cases that have no plan and are not waiting, with the reasons."""
        without = self.cases[~self.cases["status"].isin((*WITH_PLAN, "waiting"))]
        untold = (without["status"] == "unknown") & (without["reasons"] == "")
        told = without.assign(reasons=without["reasons"].mask(untold, NOT_FOUND))
        return told.reset_index()[["case", "group", "status", "reasons"]]

    def of_group(self, group: str) -> list[Case]:
        """The cases of one part of the study that are in the results."""
        return [one for one in self.study.cases if one.group == group]

    def figure(self, case: str, name: str) -> float:
        """A figure of a case; not a number if it has no plan."""
        value: float = self.cases[name].astype(float)[case]
        return value

    def status(self, case: str) -> str:
        """What came of a case."""
        return str(self.cases["status"][case])


def gather(folder: StudyFolder, path: str | Path) -> Data:
    """Bring the results and the study together. Raises PlanError if there are no results.

    A case that was changed since the results were written counts as waiting.
    """
    written = results_table(path, "cases").set_index("case")
    names = [case.name for case in folder.study.cases]
    current = written[written["key"] == written.index.map(folder.keys)]
    cases = current.reindex(pd.Index(names, name="case"))
    cases["group"] = [case.group for case in folder.study.cases]
    cases["status"] = cases["status"].fillna("waiting")
    cases["reasons"] = cases["reasons"].fillna("")
    gaps = cases[OBJECTIVE] - cases["bound_musd"]
    cases["open_musd"] = gaps.clip(lower=0.0).where(cases["bound_musd"].notna(), np.inf)
    notes = []
    if stale := len(names) - len(current):
        notes.append(f"{stale} of {len(names)} cases are newer than the results; run the study")
    if waiting := int((cases["status"] == "waiting").sum()) - stale:
        notes.append(f"{waiting} of {len(names)} cases are still to be solved")
    return Data(Path(path), folder.study, cases, tuple(notes))


def levels(case: Case) -> Levels:
    """The settings of a case's levers; if it has none, its changes by path."""
    if case.levers:
        return case.levers
    return {
        path: value
        if isinstance(value, int | float | str) and not isinstance(value, bool)
        else json.dumps(value, ensure_ascii=False)
        for path, value in case.changes.items()
    }


def label(level: float | str) -> str:
    """A setting as text: numbers without needless digits."""
    return level if isinstance(level, str) else f"{level:.6g}"
