"""Efficiency: some sites together make at least so many tokens of each MWh they draw.

Reads  online[s,u,t]             units in service                        [units]
       run[s,u,k,o]              units at work                           [units]
       flow[j,s,o]               mean tokens made                        [Mtok/s]
Adds   efficiency_minimum[f,t]   constraint (E2)                         [Ttok]
"""

import pyomo.environ as pyo

from models import prices
from models.environment import efficiency_floor, energy_drawn
from models.instance import Instance
from models.pools import covered


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the floors on efficiency to model m."""
    members = {f: covered(inst, inst.efficiency_floors[f]) for f in m.EFFICIENCY_FLOORS}
    drawn = energy_drawn(m, inst)

    @m.Expression(m.EFFICIENCY_FLOORS, m.PERIODS, doc="floor · Σ_{s∈f} energy_mwh / 10⁶  [Ttok]")
    def least_ttok(_, f, t):
        floor = efficiency_floor(inst, f, t) / 1e6
        return sum(drawn(s, t, lambda *_: floor) for s in members[f])

    m.EFFICIENT = pyo.Set(
        initialize=[
            ft for ft, ttok in m.least_ttok.items() if pyo.is_potentially_variable(ttok.expr)
        ],
        dimen=2,
    )

    @m.Constraint(
        m.EFFICIENT,
        doc="(E2) Σ_{s∈f} tokens_made[s,t] / 10⁶ ≥ mtok_per_mwh[f,t] · "
        "Σ_{s∈f} energy_mwh[s,t] / 10⁶  [Ttok]",
    )
    def efficiency_minimum(m, f, t):
        made = sum(
            inst.states[o].probability * prices.tokens(inst, o) / 1e6 * m.flow[j, s, o]
            for s in members[f]
            for k in m.WORKLOADS
            for o, period in m.period_of.items()
            if period == t
            for j in m.streams_at.get((s, k, o), ())
        )
        return made >= m.least_ttok[f, t]
