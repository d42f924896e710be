"""Emissions: what the electricity of some sites emits in a period stays within a cap.

Reads  online[s,u,t]           units in service                          [units]
       run[s,u,k,o]            units at work                             [units]
Adds   carbon_limit[c,t]       constraint (E1)                           [ktCO2]
"""

import pyomo.environ as pyo

from models.environment import (
    carbon_allowance,
    carbon_t_per_mwh,
    energy_drawn,
)
from models.instance import Instance
from models.pools import covered


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the caps on emissions to model m."""
    members = {c: covered(inst, inst.carbon.caps[c]) for c in m.CARBON_CAPS}
    drawn = energy_drawn(m, inst)

    def kt_per_mwh(s: str, _: str, o: str) -> float:
        return carbon_t_per_mwh(inst, s, o) / 1e3

    @m.Expression(m.CARBON_CAPS, m.PERIODS, doc="Σ_{s∈c} tco2[s,t] / 1000  [ktCO2]")
    def emitted_kt(_, c, t):
        return sum(drawn(s, t, kt_per_mwh) for s in members[c])

    m.EMITTING = pyo.Set(
        initialize=[ct for ct, kt in m.emitted_kt.items() if pyo.is_potentially_variable(kt.expr)],
        dimen=2,
    )

    @m.Constraint(
        m.EMITTING,
        doc="(E1) Σ_{s∈c} tco2[s,t] / 1000 ≤ tco2_per_year[c,t] · years[t] / 1000  [ktCO2]",
    )
    def carbon_limit(m, c, t):
        return m.emitted_kt[c, t] <= carbon_allowance(inst, c, t) / 1e3
