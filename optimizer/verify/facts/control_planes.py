"""Local control planes: when those that a plan decides on are in use."""

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Floats
from optimizer.verify.facts.calendar import Calendar, months_later


def in_use(inst: Instance, calendar: Calendar, raised: Floats) -> Floats:
    """Those in use, by site and period, from those decided on by site and period."""
    used = np.zeros(raised.shape)
    sites = list(inst.sites)
    for row in inst.local_control_planes:
        s = sites.index(row.site)
        ready = months_later(calendar.start, np.full(calendar.count, row.lead_months))
        used[s] = raised[s] @ (calendar.start[None, :] >= ready[:, None]).astype(float)
    return used
