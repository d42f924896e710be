"""What a report is written of: a plan, or a folder of one of the kinds that buildplan writes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from optimizer.blame import blaming
from optimizer.errors import PlanError
from optimizer.plan import Plan
from optimizer.report.figure import Figure, Section


@dataclass(frozen=True, eq=False)
class Contents:
    """What a page says.

    Attributes:
        title: the name of the plan, the study …
        kind: what it is.
        sections: its parts, in order.
    """

    title: str
    kind: str
    sections: list[Section]

    @property
    def figures(self) -> dict[str, Figure]:
        """All figures by their keys."""
        return {figure.key: figure for one in self.sections for figure in one.figures}


def holds_plan(folder: str | Path) -> bool:
    """True for a folder that is not of another kind than that of a plan."""
    return not any((Path(folder) / mark).is_file() for mark in KINDS)


def contents_of(source: Plan | str | Path, scenario: str | None = None) -> Contents:
    """What the page of a plan, or of a folder, says.

    `scenario` is that of a plan which is shown in full. Raises PlanError for a folder that holds
    nothing to report, a plan that does not know its instance, and a scenario where there is none.
    """
    if not isinstance(source, Plan):
        for mark, read in KINDS.items():
            if (Path(source) / mark).is_file():
                if scenario is not None:
                    raise PlanError(f"{source} holds no plan with scenarios; leave --scenario out")
                return read(Path(source))
    return _plan(source, scenario)


def _plan(source: Plan | str | Path, scenario: str | None) -> Contents:
    from optimizer.report.contents import sections
    from optimizer.report.reading import Reading

    if isinstance(source, Plan):
        seen = Reading.of(source, scenario)
    else:
        seen = Reading.read(source, scenario)
    with blaming(seen.plan):
        kind = "Build plan, checked" if seen.plan.verified else "Build plan"
        return Contents(seen.plan.name, kind, sections(seen))


def _study(folder: Path) -> Contents:
    from optimizer.report.study_contents import study_sections

    name, sections = study_sections(folder)
    return Contents(name, "Study", sections)


def _alternatives(folder: Path) -> Contents:
    from optimizer.report.folders.alternatives import alternatives_sections

    return Contents(*alternatives_sections(folder))


def _frontier(folder: Path) -> Contents:
    from optimizer.report.folders.frontier import frontier_sections

    return Contents(*frontier_sections(folder))


def _replay(folder: Path) -> Contents:
    from optimizer.report.folders.replay import replay_sections

    return Contents(*replay_sections(folder))


KINDS: dict[str, Callable[[Path], Contents]] = {
    "study.json": _study,
    "alternatives.parquet": _alternatives,
    "frontier.parquet": _frontier,
    "replay.json": _replay,
}
"""By the file that marks a folder, what reads it; every other folder is that of a plan."""
