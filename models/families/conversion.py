"""Conversion: mining power becomes hall capacity, no more than exists, at sites that are open.

Reads  is_open[s,t]                     s is open in t
Adds   convert[s,t]                     mining converted from the start of t on     [MW]
       converted_mw[s,t]                expression, converted up to t               [MW]
       converted_hall_mw[s,t]           expression, converted halls in use          [IT MW]
       conversion_blocks[s,t]           conversions ordered, where done in blocks   [blocks]
       conversion_limit[s,t]            constraint (M1)                             [MW]
       conversion_block_balance[s,t]    constraint (M2)                             [MW]
"""

from collections import defaultdict

import pyomo.environ as pyo

from models.brownfield import hall_mw_per_mw, mining_mw
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the conversion family to model m."""
    m.MINES = pyo.Set(initialize=list(dict.fromkeys(s for s, _ in m.CONVERSIONS)))
    m.SHARING_MINES = pyo.Set(
        initialize=[
            s for s, mine in inst.mine_of.items() if s in m.MINES and mine.shares_connection
        ]
    )
    ordered: dict[tuple[str, str], list[str]] = defaultdict(list)
    serving: dict[tuple[str, str], list[str]] = defaultdict(list)
    periods = list(m.PERIODS)
    for (s, t), serves in inst.conversion_services.items():
        for later in periods[periods.index(t) :]:
            ordered[s, later].append(t)
        for served in serves:
            serving[s, served].append(t)

    m.convert = pyo.Var(m.CONVERSIONS, bounds=lambda _, s, t: (0, mining_mw(inst, s, t)))

    @m.Expression(m.MINES, m.PERIODS, doc="Σ_{τ≤t} convert[s,τ]  [MW]")
    def converted_mw(m, s, t):
        return sum(m.convert[s, τ] for τ in ordered[s, t])

    @m.Expression(
        m.MINES, m.PERIODS, doc="shell_share / min_c pue · Σ convert[s,τ] in use in t  [IT MW]"
    )
    def converted_hall_mw(m, s, t):
        return hall_mw_per_mw(inst, s) * sum(m.convert[s, τ] for τ in serving[s, t])

    @m.Constraint(
        m.CONVERSIONS, doc="(M1) Σ_{τ≤t} convert[s,τ] ≤ mining_mw[s,t] · is_open[s,t]  [MW]"
    )
    def conversion_limit(m, s, t):
        return m.converted_mw[s, t] <= mining_mw(inst, s, t) * m.is_open[s, t]

    size = {s: mine.block_mw for s, mine in inst.mine_of.items() if mine.block_mw}
    m.BLOCK_CONVERSIONS = pyo.Set(
        initialize=[(s, t) for s, t in m.CONVERSIONS if s in size], dimen=2
    )
    m.conversion_blocks = pyo.Var(
        m.BLOCK_CONVERSIONS,
        domain=pyo.Integers,
        bounds=lambda _, s, t: (0, int(mining_mw(inst, s, t) / size[s] + 1e-9)),
    )

    @m.Constraint(
        m.BLOCK_CONVERSIONS, doc="(M2) convert[s,t] = block_mw[s] · conversion_blocks[s,t]  [MW]"
    )
    def conversion_block_balance(m, s, t):
        return m.convert[s, t] == size[s] * m.conversion_blocks[s, t]
