"""What is committed, by what it is: the same rules hold for openings, halls, units and upgrades."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.instance import Instance

OPENING, HALLS, UNITS, UPGRADE = "opening", "halls", "units", "upgrade"
"""What can be committed."""

Thing = tuple[str, str, str]
"""Site, what, and the name of the unit type or the upgrade; '' where it has none."""


class Row(NamedTuple):
    """One commitment as it stands in the instance."""

    table: str
    position: int
    thing: Thing
    day: date
    amount: int


def rows(inst: "Instance") -> Iterator[Row]:
    """The rows of all tables of commitments."""
    told = inst.commitments
    for i, opening in enumerate(told.openings):
        yield Row("openings", i, (opening.site, OPENING, ""), opening.period, 1)
    for i, hall in enumerate(told.halls):
        yield Row("halls", i, (hall.site, HALLS, ""), hall.period, hall.blocks)
    for i, unit in enumerate(told.orders):
        yield Row("orders", i, (unit.site, UNITS, unit.unit_type), unit.period, unit.units)
    for i, one in enumerate(told.upgrades):
        site = inst.grid_upgrades[one.upgrade].site
        yield Row("upgrades", i, (site, UPGRADE, one.upgrade), one.period, 1)


def committed(inst: "Instance") -> dict[tuple[str, str, str, str], int]:
    """What is committed by site, what, name and period [openings, blocks, units, upgrades]."""
    starting = {period.start: t for t, period in inst.periods.items()}
    return {(*row.thing, starting[row.day]): row.amount for row in rows(inst) if row.amount}


def frozen_periods(inst: "Instance") -> tuple[str, ...]:
    """The periods in which nothing but what is committed can be decided."""
    until = inst.commitments.frozen_until
    return tuple(t for t, period in inst.periods.items() if until and period.start < until)


def change_cost(
    inst: "Instance", s: str, what: str, name: str, cancelled: float, delayed: float
) -> float:
    """What it costs to cancel and to delay so much of a commitment [MUSD]."""
    told = inst.commitments
    share = (told.cancel_share or 0.0) * cancelled + (told.delay_share or 0.0) * delayed
    return price(inst, s, what, name) * share


def price(inst: "Instance", s: str, what: str, name: str) -> float:
    """The price of one opening, hall, unit or upgrade at a site [MUSD]."""
    if what == OPENING:
        return inst.sites[s].open_cost_musd
    if what == HALLS:
        return inst.hall_block_capex(s)
    return inst.unit_capex(s, name) if what == UNITS else inst.grid_upgrades[name].cost_musd
