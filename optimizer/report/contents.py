"""The table of contents of a plan's report: a line for each section, in a planner's order."""

from collections.abc import Callable

from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading
from optimizer.report.sections import (
    assumptions,
    certificate,
    day,
    demand,
    efficiency,
    further,
    headline,
    limits,
    money,
    power,
    replanned,
    resilience,
    scenarios,
    sovereignty,
    timeline,
    token_cost,
    world,
)

SECTIONS: tuple[Callable[[Reading], Section | None], ...] = (
    scenarios.section,
    headline.section,
    replanned.section,
    world.section,
    timeline.section,
    power.section,
    demand.section,
    day.section,
    resilience.section,
    sovereignty.section,
    token_cost.section,
    money.section,
    efficiency.section,
    limits.section,
    further.section,
    assumptions.section,
    certificate.section,
)


def sections(seen: Reading) -> list[Section]:
    """The sections that have something to say."""
    return [found for one in SECTIONS if (found := one(seen)) is not None]


def figures(seen: Reading) -> dict[str, Figure]:
    """All figures by their keys."""
    return {figure.key: figure for one in sections(seen) for figure in one.figures}
