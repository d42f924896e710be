"""The table of contents of a study's report: a line for each section."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from optimizer.report.figure import Section
from optimizer.report.studies import (
    cases,
    frontier,
    levers,
    outcome,
    robust,
    side_by_side,
    spread,
    worth,
)
from optimizer.study.case import Study
from optimizer.study.folder import StudyFolder
from optimizer.study.results import results_table
from optimizer.study.summary import Summary, summarize


@dataclass(frozen=True, eq=False)
class StudyReading:
    """What the sections read: the study, its summary, its cases."""

    path: Path
    study: Study
    summary: Summary

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The table of cases."""
        return results_table(self.path, "cases")

    @cached_property
    def levers(self) -> pd.DataFrame:
        """The settings of the levers, by case."""
        return results_table(self.path, "levers")

    @cached_property
    def power(self) -> pd.DataFrame:
        """Power by case, site and period."""
        return results_table(self.path, "power")


SECTIONS: tuple[Callable[[StudyReading], Section | None], ...] = (
    outcome.section,
    worth.section,
    robust.section,
    levers.section,
    frontier.section,
    spread.section,
    cases.section,
    side_by_side.section,
)


def study_sections(path: str | Path) -> tuple[str, list[Section]]:
    """The name of a study, and the sections that have something to say.

    Raises PlanError if the folder holds no study with results.
    """
    seen = StudyReading(Path(path), StudyFolder(path).study, summarize(path))
    return seen.study.name, [found for one in SECTIONS if (found := one(seen)) is not None]
