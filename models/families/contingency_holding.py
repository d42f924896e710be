"""Model families in contingencies: who steps in has had the models before.

Only periods in which a family is renewed have rows, as in normal states.

Reads  contingency_flow[j,s,e]         mean tokens made                              [Mtok/s]
       holds[f,s,t]                    s serves the models of f
Adds   contingency_holding_link[f,s,e] constraint (I5)                               [Mtok/s]
"""

import pyomo.environ as pyo

from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add what contingencies ask of model families to model m."""
    t_of = {e: state.period for e, state in inst.contingency_states.items()}
    m.CONTINGENCY_HELD = pyo.Set(
        initialize=list(
            dict.fromkeys(
                (f, s, e)
                for s, k, e in m.CONTINGENCY_SERVING
                for f, family in inst.model_families.items()
                if k in family.served_by and (f, s, t_of[e]) in m.holds
            )
        ),
        dimen=3,
    )

    @m.Constraint(
        m.CONTINGENCY_HELD,
        doc="(I5) Σ_{j of served_by[f]} contingency_flow[j,s,e] "
        "≤ Σ_j asked[j,e] · holds[f,s,t(e)]  [Mtok/s]",
    )
    def contingency_holding_link(m, f, s, e):
        streams = [
            j
            for k in dict.fromkeys(inst.model_families[f].served_by)
            for j in m.contingency_streams.get((s, k, e), ())
        ]
        asked = sum(inst.asked_mtok_s[x, e] for j in streams for x in m.contingency_members[j, e])
        made = sum(m.contingency_flow[j, s, e] for j in streams)
        return made <= asked * m.holds[f, s, t_of[e]]
