"""Soft limits: which may be missed, where and when, by how much, and at what price."""

from typing import TYPE_CHECKING

from models.finance import discount_middle, discount_start
from models.soft_kinds import KINDS

if TYPE_CHECKING:
    from models.entities.soft import SoftLimit
    from models.instance import Instance

Key = tuple[str, str, str]
"""Limit, at and period, as in the table of limits."""


def declared(inst: "Instance") -> dict[Key, "SoftLimit"]:
    """The limits that may be missed, with the row that counts for each."""
    out = {}
    for row in inst.__dict__.get("soft_limits", ()):
        if (kind := KINDS.get(row.limit)) is None:
            continue
        for at in kind.places(inst):
            if not row.at or at in row.at:
                for t in inst.periods if kind.dated else ("",):
                    if not t or _holds(inst, row, t):
                        out[row.limit, at, t] = row
    return out


def most_excess(inst: "Instance", limit: str, at: str, t: str) -> float:
    """Most by which a limit may be missed; 0 for a hard one [its unit]."""
    row = inst.soft.get((limit, at, t))
    if row is None:
        return 0.0
    if row.most is not None:
        return row.most
    usual = KINDS[limit].most
    return usual(inst, at, t) if usual else 0.0


def price(inst: "Instance", limit: str, at: str, t: str) -> float:
    """What missing a limit by one unit costs in a period, not discounted [MUSD per unit]."""
    musd = inst.soft[limit, at, t].price_musd
    return musd * inst.periods[t].years if KINDS[limit].counted == "held" else musd


def discount(inst: "Instance", limit: str, t: str) -> float:
    """Discount factor of missing a limit in a period."""
    if KINDS[limit].counted == "once":
        return discount_start(inst, counted_in(inst, t))
    return discount_middle(inst, t)


def counted_in(inst: "Instance", t: str) -> str:
    """The period in which a violation is counted: the first for the horizon as a whole."""
    return t or next(iter(inst.periods))


def _holds(inst: "Instance", row: "SoftLimit", t: str) -> bool:
    start = inst.periods[t].start
    return (row.from_date is None or start >= row.from_date) and (
        row.until_date is None or start < row.until_date
    )
