"""Halls: units stand in halls, which are built as blocks and outlive them.

Reads  hall[s,t]             halls ordered                             [blocks]
       online[s,u,t]         units in service                          [units]
       converted_hall_mw[s,t], leased_mw[s,t]   halls converted and leased  [IT MW]
       excess[l,a,t]         what is missed of a soft limit
Adds   hall_mw[s,t]          halls in use that were built              [IT MW]
       site_it_mw[s,t]       expression, IT load in service at full use [IT MW]
       hall_balance[s,t]     constraint (H1)                           [IT MW]
       hall_limit[s,t]       constraint (H2)                           [IT MW]
"""

import pyomo.environ as pyo

from models.families.siting import hall_room_blocks
from models.families.soft import soft
from models.fleet import initial_hall_mw
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the halls family to model m."""
    sites = inst.sites

    @m.Expression(m.SITES, m.PERIODS, doc="Σ_u it_mw[u] · online[s,u,t]  [IT MW]")
    def site_it_mw(m, s, t):
        return sum(inst.unit_types[u].it_mw * m.online[s, u, t] for u in m.types_at[s])

    # Twice the room: while halls are renewed, old and new ones may stand side by side.
    room = {s: 2 * site.hall_block_mw * hall_room_blocks(inst, s) for s, site in sites.items()}
    m.hall_mw = pyo.Var(m.SITES, m.PERIODS, bounds=lambda _, s, t: (0, room[s]))

    @m.Constraint(
        m.SITES,
        m.PERIODS,
        doc="(H1) hall_mw[s,t] = hall_mw[s,t−1] + hall_block_mw[s] · "
        "(Σ hall that enter use in t − Σ hall whose last period is t−1)  [IT MW]",
    )
    def hall_balance(m, s, t):
        before = m.hall_mw[s, m.before[t]] if t in m.before else 0
        entering = sum(m.hall[s, τ] for τ in m.halls_entering.get((s, t), ()))
        leaving = sum(m.hall[s, τ] for τ in m.halls_leaving.get((s, t), ()))
        return m.hall_mw[s, t] == before + sites[s].hall_block_mw * (entering - leaving)

    m.OCCUPIED = pyo.Set(initialize=[s for s in m.SITES if m.types_at[s]])

    @m.Constraint(
        m.OCCUPIED,
        m.PERIODS,
        doc="(H2) Σ_u it_mw[u] · online[s,u,t] ≤ initial_hall_mw[s,t] + hall_mw[s,t] "
        "+ converted_hall_mw[s,t] + leased_mw[s,t] + excess[halls,s,t]  [IT MW]",
    )
    def hall_limit(m, s, t):
        converted = m.converted_hall_mw[s, t] if s in m.MINES else 0
        leased = m.leased_mw[s, t] if (s, t) in m.LEASES else 0
        built = initial_hall_mw(inst, s, t) + m.hall_mw[s, t]
        over = soft(m, "halls", s, t)
        return m.site_it_mw[s, t] <= built + converted + leased + over
