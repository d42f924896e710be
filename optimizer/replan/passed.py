"""Orders of periods that have passed: they stand, or are on their way, when the horizon starts.

What today's instance tells about a place holds. Only where it still tells what the last plan's
instance told are the plan's orders added.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from models.calendar import add_months, parse_day, step_value
from models.commitments import HALLS, OPENING, UNITS
from models.entities.base import write_steps
from models.entities.hardware import InitialUnits
from models.instance import Instance
from optimizer.plan.plan import Plan
from optimizer.replan.placed import Order

OTHERS = {
    "network_options": ("ordered", "the network {option}"),
    "conversions": ("ordered_mw", "a conversion"),
    "leases": ("leased_mw", "a lease"),
    "local_control_planes": ("raised", "a local control plane"),
    "retirements": ("units", "{unit_type} leaving early"),
}
"""Decisions that no instance takes over, by table: the amount's column, and words."""


class Standing:
    """What orders of passed periods change in today's instance, and what they cannot.

    Attributes:
        changes: as for `with_changes`.
        notes: in words, what is left out and why.
    """

    def __init__(self, before: Instance, now: Instance) -> None:
        self.before, self.now = before, now
        self.changes: dict[str, Any] = {}
        self.notes: list[str] = []

    def add(self, orders: Iterable[Order]) -> None:
        """Let some orders stand."""
        halls: dict[str, list[Order]] = defaultdict(list)
        fleet: dict[tuple[str, str], list[Order]] = defaultdict(list)
        for order in orders:
            site, what, name = order.thing
            if site not in self.now.sites or (what == UNITS and name not in self.now.unit_types):
                self.notes.append(f"{order}: unknown to the instance, so it is left out")
            elif what == OPENING:
                self.changes[f"sites.{site}.opened"] = True
            elif what == HALLS:
                halls[site].append(order)
            elif what == UNITS:
                fleet[site, name].append(order)
            else:
                self._upgrade(order)
        for site, some in halls.items():
            self._halls(site, some)
        self._fleet(fleet)

    def _halls(self, site: str, orders: list[Order]) -> None:
        steps = self.now.sites[site].initial_hall_mw
        if self._told(self.before.sites[site].initial_hall_mw, steps, orders):
            return
        block = self.before.sites[site].hall_block_mw
        come = []
        for order in orders:
            serves = self.before.hall_services[site, order.period]
            come.append((self.before.periods[serves[0]].start, block * order.amount))
        self.changes[f"sites.{site}.initial_hall_mw"] = write_steps(_raised(steps, come))

    def _fleet(self, fleet: dict[tuple[str, str], list[Order]]) -> None:
        rows = [row.model_dump(mode="json") for row in self.now.initial_units]
        for (site, name), orders in fleet.items():
            told = (_rows(self.before, site, name), _rows(self.now, site, name))
            if self._told(told[0], told[1], orders):
                continue
            for order in orders:
                serves = self.before.services[site, name, order.period]
                day = self.before.periods[serves[0]].start.isoformat()
                key = {"site": site, "unit_type": name, "in_service": day}
                same = next((row for row in rows if key.items() <= row.items()), None)
                if same is None:
                    rows.append(key | {"units": order.amount})
                else:
                    same["units"] += order.amount
                self.changes["initial_units"] = rows

    def _upgrade(self, order: Order) -> None:
        """A passed upgrade becomes part of the connection, and is no longer for sale."""
        site, _, name = order.thing
        upgrade = self.before.grid_upgrades[name]
        if name not in self.now.grid_upgrades:
            self.notes.append(f"{order}: no longer for sale, so its power counts as told already")
            return
        day = add_months(order.day, upgrade.lead_months)
        path = f"sites.{site}.grid_mw"
        steps = self.changes.get(path, self.now.sites[site].grid_mw)
        self.changes[path] = _raised(steps, [(day, upgrade.added_mw)])
        region = self.now.sites[site].grid_region
        if upgrade.added_cap_mw and region is not None:
            path = f"grid_regions.{region}.cap_mw"
            steps = self.changes.get(path, self.now.grid_regions[region].cap_mw)
            self.changes[path] = _raised(steps, [(day, upgrade.added_cap_mw)])
        for other, one in self.now.grid_upgrades.items():
            if one.requires == name:
                self.changes[f"grid_upgrades.{other}.requires.remove"] = True
        self.changes[f"grid_upgrades.{name}.remove"] = True

    def _told(self, before: object, now: object, orders: list[Order]) -> bool:
        """True, with notes, if today's instance itself tells what stands there."""
        if before == now:
            return False
        self.notes += [
            f"{order}: the instance tells what stands there, so it is not added" for order in orders
        ]
        return True


def not_carried(plan: Plan, until: date) -> Iterator[str]:
    """Decisions before a day that no instance takes over, in words."""
    for table, (amount, words) in OTHERS.items():
        frame = plan.tables.get(table)
        for row in () if frame is None else frame[frame[amount] > 0].to_dict("records"):
            if parse_day(row["period"]) < until:
                yield (
                    f"{words.format_map(row)} at {row['site']} in {row['period']}: not carried "
                    "over; the instance must tell what stands there"
                )


def _rows(inst: Instance, site: str, unit_type: str) -> list[InitialUnits]:
    """The initial units of a type at a site."""
    return [row for row in inst.initial_units if (row.site, row.unit_type) == (site, unit_type)]


def _raised(steps: Any, more: Iterable[tuple[date, float]]) -> dict[date, float]:
    """Dated values, raised by so much from some days on."""
    more = list(more)
    days = sorted({*steps, *(day for day, _ in more)})
    return {
        day: step_value(steps, day) + sum(amount for begins, amount in more if begins <= day)
        for day in days
    }
