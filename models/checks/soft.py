"""Soft limits: rows that name no limit, no place of it, or that can have no effect."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from models.problems import Problem, unknown_name
from models.soft_kinds import KINDS

if TYPE_CHECKING:
    from models.entities.soft import SoftLimit
    from models.instance import Instance

REFUSED = {
    "demand": "cannot be a soft limit; give the workload a shortfall_price_usd_per_mtok instead.",
    "conversion": "cannot be a soft limit: no more mining can be converted than exists.",
    "lease": "cannot be a soft limit: no more can be leased than is offered.",
}
"""Kinds of the table of limits that stay hard, and why."""


def kinds_that_stay_hard(inst: "Instance") -> Iterator[Problem]:
    """Kinds that are not known, or that cannot be soft."""
    for position, row in enumerate(inst.soft_limits):
        if row.limit not in KINDS:
            message = REFUSED.get(row.limit) or unknown_name("soft limit", row.limit, KINDS)
            yield Problem(("soft_limits", position, "limit"), message)


def rows_of_no_use(inst: "Instance") -> Iterator[Problem]:
    """Places that have no such limit, dates without a period, and a most that is not known."""
    for position, row in enumerate(inst.soft_limits):
        path = ("soft_limits", position)
        places = list(KINDS[row.limit].places(inst))
        strangers = [i for i, at in enumerate(row.at) if at not in places]
        for i in strangers:
            what = f"place with the limit {row.limit}"
            yield Problem((*path, "at", i), unknown_name(what, row.at[i], places))
        if strangers:
            continue
        if not places:
            yield Problem(path, f"has no effect: nothing has the limit {row.limit}.", "warning")
        elif problem := _about_dates(row) or _about_most(inst, row, row.at or places):
            yield Problem((*path, problem[0]), problem[1])
        elif row not in inst.soft.values():
            message = "has no effect: no period starts then, or a later row counts instead."
            yield Problem(path, message, "warning")


def _about_dates(row: "SoftLimit") -> tuple[str, str] | None:
    first, last = row.from_date, row.until_date
    if not KINDS[row.limit].dated and (first or last):
        return "from_date" if first else "until_date", (
            f"has no meaning for {row.limit}, a limit on the horizon as a whole."
        )
    if first and last and first >= last:
        return "until_date", f"must be after {first}, the first day, but is {last}."
    return None


def _about_most(
    inst: "Instance", row: "SoftLimit", places: Sequence[str]
) -> tuple[str, str] | None:
    """A most is missing where nothing else bounds it: at a place that is named, or at all."""
    usual = KINDS[row.limit].most
    unknown = [at for at in places if not any(usual(inst, at, t) for t in inst.periods)]
    if row.most is not None or not unknown or (not row.at and len(unknown) < len(places)):
        return None
    return "most", f"must be given for {row.limit} of '{unknown[0]}': nothing else bounds it."
