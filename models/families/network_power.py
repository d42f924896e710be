"""Network power: the energy that network options save, of units in service and at work.

Reads  run[s,u,k,o]                   units at work                                   [units]
       networked[s,n,u,t]             units in service while option n works           [units]
Adds   networked_run[s,n,u,k,o]       units at work while option n works              [units]
       saved_mwh[s,o]                 expression, energy that options save            [MWh]
       networked_run_limit[s,n,u,o]   constraint (N5)                                 [units]
       networked_work_limit[s,u,k,o]  constraint (N6)                                 [units]
"""

import pyomo.environ as pyo

from models import prices
from models.families.capacity import most_online
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the network power family to model m."""
    m.saving = {
        st: saved
        for st, names in inst.network_options_at.items()
        if (saved := [n for n in names if inst.network_options[n].power_saved_share])
    }
    m.NETWORKED_RUNS = pyo.Set(
        initialize=[
            (s, n, u, k, o)
            for s, u, k, o in (m.RUNS if m.saving else ())
            for n in m.saving.get((s, m.period_of[o]), ())
        ],
        dimen=5,
    )
    m.networked_run = pyo.Var(
        m.NETWORKED_RUNS,
        bounds=lambda _, s, n, u, k, o: (
            0,
            inst.unit_types[u].availability * most_online(inst, s, u, m.period_of[o]),
        ),
    )
    at_work = dict.fromkeys((s, n, u, o) for s, n, u, _, o in m.NETWORKED_RUNS)
    m.NETWORKED_WORKING = pyo.Set(initialize=list(at_work), dimen=4)

    @m.Constraint(
        m.NETWORKED_WORKING,
        doc="(N5) Σ_k networked_run[s,n,u,k,o] ≤ availability[u] · networked[s,n,u,t(o)]  [units]",
    )
    def networked_run_limit(m, s, n, u, o):
        working = sum(m.networked_run[s, n, u, k, o] for k in m.workloads_of[s, u, o])
        return working <= inst.unit_types[u].availability * m.networked[s, n, u, m.period_of[o]]

    works = dict.fromkeys((s, u, k, o) for s, _, u, k, o in m.NETWORKED_RUNS)
    m.NETWORKED_WORK = pyo.Set(initialize=list(works), dimen=4)

    @m.Constraint(m.NETWORKED_WORK, doc="(N6) Σ_n networked_run[s,n,u,k,o] ≤ run[s,u,k,o]  [units]")
    def networked_work_limit(m, s, u, k, o):
        names = m.saving[s, m.period_of[o]]
        return sum(m.networked_run[s, n, u, k, o] for n in names) <= m.run[s, u, k, o]

    m.ENERGY_SAVING = pyo.Set(
        initialize=[(s, o) for o, t in m.period_of.items() for s in m.SITES if (s, t) in m.saving]
        if m.saving
        else [],
        dimen=2,
    )

    @m.Expression(
        m.ENERGY_SAVING,
        doc="Σ_{n,u} power_saved_share[n] · meter_mw[s,u] · hours[o] · ( idle_share[u] · networked "
        "+ (1 − idle_share[u]) · Σ_k networked_run / peak_factor[k] )  [MWh]",
    )
    def saved_mwh(m, s, o):
        t = m.period_of[o]
        return sum(
            inst.network_options[n].power_saved_share
            * (
                prices.idle_energy_mwh(inst, s, u, o) * m.networked[s, n, u, t]
                + sum(
                    prices.work_energy_mwh(inst, s, u, k, o) * m.networked_run[s, n, u, k, o]
                    for k in m.workloads_of.get((s, u, o), ())
                )
            )
            for n in m.saving[s, t]
            for u in m.types_at[s]
        )
