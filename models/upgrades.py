"""Dates of grid upgrades: which orders are possible, and from when they can carry power."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.calendar import add_months
from models.entities.clusters import NetworkOption
from models.entities.upgrades import GridUpgrade

if TYPE_CHECKING:
    from models.instance import Instance


def services(inst: "Instance") -> dict[tuple[str, str, str], tuple[str, ...]]:
    """For each possible order (site, upgrade, period), the periods in which it adds its power."""
    return {
        (upgrade.site, g, t): later
        for g, upgrade in inst.grid_upgrades.items()
        for t, later in once_delivered(inst, upgrade)
    }


def once_delivered(
    inst: "Instance", sold: GridUpgrade | NetworkOption
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The periods in which something can be ordered, each with those from its delivery on."""
    for t, period in inst.periods.items():
        if sold.available_from is None or period.start >= sold.available_from:
            delivered = add_months(period.start, sold.lead_months)
            later = tuple(name for name, p in inst.periods.items() if p.start >= delivered)
            if later:
                yield t, later


def ready(inst: "Instance") -> Iterator[tuple[str, str]]:
    """The upgrades that can be energised in each period, with what they require: name, period."""
    soonest: dict[str, str] = {}
    for (_, g, _), carries in inst.grid_upgrade_services.items():
        soonest.setdefault(g, carries[0])
    for g in inst.grid_upgrades:
        chain = required(inst, g)
        if all(one in soonest for one in chain):
            first = max(inst.periods[soonest[one]].start for one in chain)
            for t, period in inst.periods.items():
                if period.start >= first:
                    yield g, t


def upgradable_mw(inst: "Instance") -> dict[tuple[str, str], float]:
    """What all upgrades that can be energised by then add, by site and period [MW]."""
    out: dict[tuple[str, str], float] = {}
    for g, t in ready(inst):
        upgrade = inst.grid_upgrades[g]
        if upgrade.added_mw:
            out[upgrade.site, t] = out.get((upgrade.site, t), 0.0) + upgrade.added_mw
    return out


def required(inst: "Instance", g: str) -> tuple[str, ...]:
    """An upgrade, the one that it requires, the one which that requires, and so on."""
    chain = [g]
    while (other := inst.grid_upgrades[chain[-1]].requires) is not None and other not in chain:
        chain.append(other)
    return tuple(chain)


def largest_mw(inst: "Instance", s: str) -> float:
    """The largest connection that a site ever has, with all of its upgrades [MW]."""
    added = sum(up.added_mw for up in inst.grid_upgrades.values() if up.site == s)
    return max(inst.sites[s].grid_mw.values()) + added


def most_mw_ever(inst: "Instance", s: str) -> float:
    """The same, and what a site may draw beyond it where that limit is soft [MW]."""
    connected = largest_mw(inst, s)
    rows = inst.__dict__.get("soft_limits", ())
    soft = [row for row in rows if row.limit == "site_power" and (not row.at or s in row.at)]
    beyond = [connected if row.most is None else row.most for row in soft]
    return connected + max(beyond, default=0.0)
