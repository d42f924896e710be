"""Write the report of a plan, a study …: one HTML file that needs nothing else."""

from importlib.metadata import version
from pathlib import Path

from optimizer.errors import PlanError
from optimizer.plan import Plan
from optimizer.report.page import page
from optimizer.report.sources import contents_of
from optimizer.study.folder import write_whole

FILE = "report.html"
"""The name of a report in the folder of its plan or study."""

MARK = b'<meta name="generator" content="buildplan">'
"""By this a report is known: it may be replaced by a newer one."""


def report(
    source: Plan | str | Path,
    out: str | Path | None = None,
    *,
    force: bool = False,
    scenario: str | None = None,
) -> Path:
    """Write a report and return its file.

    Args:
        source: a plan, or the folder of a plan, a study, alternatives, a frontier or a replay.
        force: whether a file that is no report may be replaced.
        scenario: of a plan with scenarios, the one that is shown in full; else the likeliest.
        out: the file; else `report.html` in the folder. A plan that is in no folder needs one.

    Raises PlanError if the folder holds nothing to report, if the plan does not know its instance,
    or if the file cannot be written.
    """
    if out is None and isinstance(source, Plan):
        raise PlanError("name the file of the report: report(plan, 'report.html')")
    target = Path(out) if out is not None else Path(source) / FILE  # type: ignore[arg-type]
    if target.is_dir():
        raise PlanError(f"{target} is a folder; name a file for the report")
    if not force and target.is_file() and not _is_report(target):
        raise PlanError(f"{target} is there and is no report; name another file, or use --force")
    told = contents_of(source, scenario)
    text = page(told.title, told.kind, _made(), told.sections)
    try:
        write_whole(target, text)
    except OSError as error:
        raise PlanError(f"no report can be written to {target}: {error.strerror}") from error
    return target


def _is_report(file: Path) -> bool:
    with file.open("rb") as stream:
        return MARK in stream.read(4096)


def _made() -> str:
    made = f"Made by buildplan {version('buildplan')}."
    return f"{made} Map: Natural Earth, public domain. Charts: Vega."
