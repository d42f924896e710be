"""Soft limits: rows that name no limit, no place of it, or that can have no effect."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.problems import Problem, unknown_name
from models.soft_kinds import KINDS

if TYPE_CHECKING:
    from models.entities.soft import SoftLimit
    from models.instance import Instance

REFUSED = {
    "demand": "cannot be a soft limit; give the workload a shortfall_price_usd_per_mtok instead.",
    "conversion": "cannot be a soft limit: no more mining can be converted than exists.",
    "contingency": "cannot be a soft limit; give its protection a price_usd_per_mtok instead.",
    "reserve": "cannot be a soft limit; give the workload a lower availability_target instead.",
    "cluster": "cannot be a soft limit: the work cannot be done in a smaller cluster.",
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
        elif problem := _about_dates(row):
            yield Problem((*path, problem[0]), problem[1])
        elif row.most is None and KINDS[row.limit].most is None:
            message = f"must be given for {row.limit}: nothing else bounds what is missed."
            yield Problem((*path, "most"), message)
        elif not any(inst.most_excess(*key) for key, own in inst.soft.items() if own == row):
            message = (
                "has no effect: no period starts then, a later row counts instead, or the limit "
                "allows nothing and no 'most' is given."
            )
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
