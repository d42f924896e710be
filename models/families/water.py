"""Water: what cooling uses at a site in a period stays within its limit.

Reads  online[s,u,t]           units in service                          [units]
       run[s,u,k,o]            units at work                             [units]
Adds   water_limit[s,t]        constraint (E3)                           [1000 m3]
"""

import pyomo.environ as pyo

from models.environment import energy_drawn, water_allowance, water_m3_per_mwh
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the limits on water to model m."""
    drawn = energy_drawn(m, inst)
    limited = [s for s in m.SITES if inst.sites[s].water_limit_m3_per_year is not None]
    m.WATER_LIMITS = pyo.Set(initialize=limited)

    @m.Expression(m.WATER_LIMITS, m.PERIODS, doc="Σ_u water_m3[s,t] / 1000  [1000 m3]")
    def water_used(_, s, t):
        return drawn(s, t, lambda s, u, _: water_m3_per_mwh(inst, s, u) / 1e3)

    m.COOLED = pyo.Set(
        initialize=[
            st for st, used in m.water_used.items() if pyo.is_potentially_variable(used.expr)
        ],
        dimen=2,
    )

    @m.Constraint(
        m.COOLED,
        doc="(E3) water_m3[s,t] / 1000 ≤ water_limit_m3_per_year[s,t] · years[t] / 1000  [1000 m3]",
    )
    def water_limit(m, s, t):
        return m.water_used[s, t] <= water_allowance(inst, s, t) / 1e3
