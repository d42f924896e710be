"""What the last plan has ordered by a day, and what it meant to order after it."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from models.calendar import parse_day
from models.commitments import HALLS, OPENING, UNITS, UPGRADE, Thing, price
from models.instance import Instance
from models.payments import Due, dues
from optimizer.plan.frame import make_frame
from optimizer.plan.plan import Plan

AT_ONCE = {0: 1.0}
"""How grid upgrades are paid."""

_SOURCES = (
    ("openings", OPENING, None, "opened"),
    ("halls", HALLS, None, "blocks"),
    ("orders", UNITS, "unit_type", "units"),
    ("grid_upgrades", UPGRADE, "upgrade", "ordered"),
)


class Order(NamedTuple):
    """One thing that a plan opens or orders, in a period of its own horizon."""

    thing: Thing
    period: str
    day: date
    amount: int

    def __str__(self) -> str:
        site, what, name = self.thing
        if what == OPENING:
            return f"the opening of {site} in {self.period}"
        if what == HALLS:
            many = f"{self.amount} hall{'' if self.amount == 1 else 's'}"
            return f"{many} at {site}, ordered in {self.period}"
        many = f"{self.amount} {name}" if what == UNITS else f"the upgrade {name}"
        return f"{many} at {site}, ordered in {self.period}"


def orders_of(plan: Plan) -> list[Order]:
    """Everything that a plan opens and orders, by date."""
    found = []
    for table, what, column, amount in _SOURCES:
        frame = plan.tables[table]
        for row in frame[frame[amount] > 0].to_dict("records"):
            thing = (str(row["site"]), what, str(row[column]) if column else "")
            t = str(row["period"])
            found.append(Order(thing, t, parse_day(t), int(row[amount])))
    return sorted(found, key=lambda one: (one.day, one.thing))


def payments_of(inst: Instance, order: Order, t: str) -> list[tuple[Due, float]]:
    """What falls due for an order in a period at an instance's prices: each with its MUSD."""
    site, what, name = order.thing
    musd = price(inst, site, what, name) * order.amount
    place = inst.sites[site]
    if what == OPENING:
        profile = place.open_payments
    elif what == HALLS:
        profile = place.hall_payments
    else:
        profile = inst.unit_types[name].payments if what == UNITS else AT_ONCE
    return [(due, musd * due.share) for due in dues(inst, profile, t)]


def placed_table(inst: Instance, orders: list[Order], as_of: date) -> pd.DataFrame:
    """The orders placed, with what was due before a day and what falls due from it on [MUSD].

    Columns: site, what, name, period, amount, paid_musd, due_musd; at the prices of the instance
    they were ordered under, not discounted.
    """
    rows = []
    for order in orders:
        paid = payments_of(inst, order, order.period)
        before = sum(musd for due, musd in paid if due.day < as_of)
        after = sum(musd for due, musd in paid if due.day >= as_of)
        rows.append((*order.thing, order.period, before, after, order.amount))
    index = ["site", "what", "name", "period"]
    return make_frame(rows, index, ["paid_musd", "due_musd"], ["amount"])
