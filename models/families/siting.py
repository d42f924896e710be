"""Siting: a site is opened at most once; only an open site orders units and halls.

Reads  excess[l,a,t]        what is missed of a soft limit
Adds   open_site[s,t]       binary        s is opened at the start of t
       is_open[s,t]         0 … 1         s is open in t
       order[s,u,t]         whole         units ordered                        [units]
       hall[s,t]            whole         halls ordered                        [blocks]
       opening_balance[s,t] constraint (S1)
       order_link[s,u,t]    constraint (S2)                                    [units]
       hall_link[s,t]       constraint (S3)                                    [IT MW]
       build_minimum[s]     constraint (S4)                                    [IT MW]
"""

from math import ceil

import pyomo.environ as pyo

from models.families.soft import soft
from models.fleet import most_units
from models.instance import Instance


def hall_room_blocks(inst: Instance, s: str) -> int:
    """Most halls that a site can use: the largest load at its best PUE [blocks]."""
    site = inst.sites[s]
    it_mw = max(inst.most_load_mw(s, t) for t in inst.periods) / min(site.pue.values())
    return ceil(max(it_mw, site.min_build_mw) / site.hall_block_mw - 1e-9)


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the siting family to model m."""
    room = {s: hall_room_blocks(inst, s) for s in m.SITES}
    most = {(s, u, t): most_units(inst, s, u, t) for s, u, t in m.ORDERS}
    block = {s: inst.sites[s].hall_block_mw for s in m.SITES}
    opened = {s: int(inst.sites[s].opened) for s in m.SITES}

    m.open_site = pyo.Var(
        m.SITES, m.PERIODS, domain=pyo.Integers, bounds=lambda _, s, t: (0, 1 - opened[s])
    )
    m.is_open = pyo.Var(m.SITES, m.PERIODS, bounds=lambda _, s, t: (opened[s], 1))
    m.order = pyo.Var(m.ORDERS, domain=pyo.Integers, bounds=lambda _, *sut: (0, most[sut]))
    m.hall = pyo.Var(m.HALL_ORDERS, domain=pyo.Integers, bounds=lambda _, s, t: (0, room[s]))

    @m.Constraint(m.SITES, m.PERIODS, doc="(S1) is_open[s,t] = is_open[s,t−1] + open_site[s,t]")
    def opening_balance(m, s, t):
        before = m.is_open[s, m.before[t]] if t in m.before else opened[s]
        return m.is_open[s, t] == before + m.open_site[s, t]

    @m.Constraint(m.ORDERS, doc="(S2) order[s,u,t] ≤ most_units[s,u,t] · is_open[s,t]  [units]")
    def order_link(m, s, u, t):
        return m.order[s, u, t] <= most[s, u, t] * m.is_open[s, t]

    ordered = {s: [t for t in m.PERIODS if (s, t) in m.HALL_ORDERS] for s in m.SITES}

    @m.Constraint(
        m.HALL_ORDERS,
        doc="(S3) hall_block_mw[s] · hall[s,t] ≤ hall_room_mw[s] · is_open[s,t]  [IT MW]",
    )
    def hall_link(m, s, t):
        return block[s] * m.hall[s, t] <= block[s] * room[s] * m.is_open[s, t]

    m.MINIMUM_BUILDS = pyo.Set(
        initialize=[s for s in m.SITES if inst.sites[s].min_build_mw and not opened[s]]
    )

    @m.Constraint(
        m.MINIMUM_BUILDS,
        doc="(S4) Σ_t hall_block_mw[s] · hall[s,t] + excess[min_build,s] "
        "≥ min_build_mw[s] · Σ_t open_site[s,t]  [IT MW]",
    )
    def build_minimum(m, s):
        built = sum(block[s] * m.hall[s, t] for t in ordered[s])
        openings = sum(m.open_site[s, t] for t in m.PERIODS)
        short = soft(m, "min_build", s, "")
        return built + short >= inst.sites[s].min_build_mw * openings
