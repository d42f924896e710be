"""Lease: hall capacity of others, at a rent; what is leased stays leased for its least term.

Reads  is_open[s,t]                s is open in t
Adds   lease[s,t]                  leased from the start of t on                     [IT MW]
       leased_mw[s,t]              halls on lease in t                               [IT MW]
       leased_blocks[s,t]          shells on lease, where leased as a whole          [blocks]
       lease_link[s,t]             constraint (L1)                                   [IT MW]
       lease_minimum[s,t]          constraint (L2)                                   [IT MW]
       lease_limit[s,t]            constraint (L3)                                   [IT MW]
       lease_block_balance[s,t]    constraint (L4)                                   [IT MW]
"""

from collections import defaultdict

import pyomo.environ as pyo

from models.brownfield import leasable_mw
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the lease family to model m."""
    bound_in: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (s, t), bound in inst.lease_terms.items():
        for later in bound:
            bound_in[s, later].append(t)

    def most(_: pyo.ConcreteModel, s: str, t: str) -> tuple[float, float]:
        return 0, leasable_mw(inst, s, t)

    m.lease = pyo.Var(m.LEASES, bounds=most)
    m.leased_mw = pyo.Var(m.LEASES, bounds=most)

    @m.Constraint(m.LEASES, doc="(L1) leased_mw[s,t] ≤ leased_mw[s,t−1] + lease[s,t]  [IT MW]")
    def lease_link(m, s, t):
        before = m.before.get(t)
        standing = m.leased_mw[s, before] if (s, before) in m.LEASES else 0
        return m.leased_mw[s, t] <= standing + m.lease[s, t]

    @m.Constraint(
        m.LEASES,
        doc="(L2) leased_mw[s,t] ≥ Σ lease[s,τ] whose least term is not over in t  [IT MW]",
    )
    def lease_minimum(m, s, t):
        return m.leased_mw[s, t] >= sum(m.lease[s, τ] for τ in bound_in[s, t])

    @m.Constraint(m.LEASES, doc="(L3) leased_mw[s,t] ≤ most_mw[s,t] · is_open[s,t]  [IT MW]")
    def lease_limit(m, s, t):
        return m.leased_mw[s, t] <= leasable_mw(inst, s, t) * m.is_open[s, t]

    size = {s: shell.block_mw for s, shell in inst.shell_of.items() if shell.block_mw}
    m.BLOCK_LEASES = pyo.Set(initialize=[(s, t) for s, t in m.LEASES if s in size], dimen=2)
    m.leased_blocks = pyo.Var(
        m.BLOCK_LEASES,
        domain=pyo.Integers,
        bounds=lambda _, s, t: (0, int(leasable_mw(inst, s, t) / size[s] + 1e-9)),
    )

    @m.Constraint(
        m.BLOCK_LEASES, doc="(L4) leased_mw[s,t] = block_mw[s] · leased_blocks[s,t]  [IT MW]"
    )
    def lease_block_balance(m, s, t):
        return m.leased_mw[s, t] == size[s] * m.leased_blocks[s, t]
