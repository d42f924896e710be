"""Grid upgrades: when each can be ordered, from when it carries power, and what all can add."""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.facts.calendar import Calendar, months_later


@dataclass(frozen=True)
class Upgrades:
    """The upgrades of an instance, in its order."""

    site: Ints
    """Position of the site of each."""
    mw: Floats
    """What each adds [MW at the meter]."""
    cap_mw: Floats
    """What each adds to the cap of its site's grid region [MW at the meter]."""
    cost: Floats
    """What each costs [MUSD]."""
    requires: Ints
    """Position of the one that must be energised; its own where there is none."""
    on_offer: Bools
    """By upgrade and period: it can be ordered."""
    first: Ints
    """Position of the first period with its power, by upgrade and period of its order."""
    most_mw: Floats
    """What all that can be energised by then add, by site and period [MW at the meter]."""


def read_upgrades(inst: Instance, calendar: Calendar) -> Upgrades:
    """Read the upgrades of an instance."""
    sites, names = list(inst.sites), list(inst.grid_upgrades)
    records = inst.grid_upgrades.values()
    site = np.array([sites.index(one.site) for one in records], dtype=np.int64)
    mw = np.array([one.added_mw for one in records], dtype=float)
    requires = np.array(
        [names.index(one.requires or name) for name, one in inst.grid_upgrades.items()],
        dtype=np.int64,
    )
    opens = [one.available_from or inst.horizon.start for one in records]
    days = np.array(opens, dtype="datetime64[D]")
    lead = np.array([one.lead_months for one in records], dtype=np.int64)
    on_offer = calendar.start >= days[:, None]
    delivery = months_later(
        np.broadcast_to(calendar.start, on_offer.shape),
        np.broadcast_to(lead[:, None], on_offer.shape),
    )
    first = np.searchsorted(calendar.start, delivery, side="left")
    soonest = np.where(on_offer, first, calendar.count).min(axis=1, initial=calendar.count)
    for _ in names:
        soonest = np.maximum(soonest, soonest[requires])
    most = np.zeros((len(sites), calendar.count))
    for g, begins in enumerate(soonest):
        most[site[g], begins:] += mw[g]
    cost = np.array([one.cost_musd for one in records], dtype=float)
    cap_mw = np.array([one.added_cap_mw for one in records], dtype=float)
    return Upgrades(site, mw, cap_mw, cost, requires, on_offer, first, most)


def energised(upgraded: Floats, upgrades: Upgrades) -> Floats:
    """How often each upgrade carries power, by upgrade and period, wherever it was ordered."""
    count = np.zeros(upgrades.first.shape)
    orders = upgraded.sum(axis=0)
    for g, t in np.argwhere(orders != 0):
        count[g, upgrades.first[g, t] :] += orders[g, t]
    return count


def added(upgraded: Floats, upgrades: Upgrades, mw: Floats) -> Floats:
    """What the energised upgrades add, `mw` each, by site and period [MW at the meter]."""
    added = np.zeros((upgraded.shape[0], upgraded.shape[2]))
    np.add.at(added, upgrades.site, mw[:, None] * energised(upgraded, upgrades))
    return added
