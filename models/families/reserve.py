"""Reserve: units at work on workloads with an availability target leave others to stand in.

Units of a type at a site fail independently. Work with a higher target comes first when too few
are up, so the units at work on it and on all stricter work must be up as often as its target says.

Reads  online[s,u,t]              units in service                                   [units]
       run[s,u,k,o]               units at work                                      [units]
Adds   reserve_step[s,u,k,t,n]    1 if n units or more are in service
       reserve_step_link[s,u,k,t,n]  constraint (R1)                                 [units]
       reserve_limit[s,u,k,o]     constraint (R2)                                    [units]
"""

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.instance import Instance
from models.reserve import as_strict, reserve_steps, targets


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the reserve family to model m."""
    strict = {k: as_strict(inst, k) for k in targets(inst)}
    m.reserve_steps_at = {}
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    for s, u, k, o in m.RUNS:
        for first, alike in strict.items():
            if k in alike:
                t = m.period_of[o]
                m.reserve_steps_at[s, u, first, t] = _steps(inst, s, u, first, t)
                rows.setdefault((s, u, first, o), []).append(k)
    m.RESERVE_STEPS = pyo.Set(
        initialize=[(*key, n) for key, steps in m.reserve_steps_at.items() for n in steps], dimen=5
    )
    m.RESERVES = pyo.Set(
        initialize=[
            (s, u, k, o) for s, u, k, o in rows if m.reserve_steps_at[s, u, k, m.period_of[o]]
        ],
        dimen=4,
    )
    m.reserve_step = pyo.Var(m.RESERVE_STEPS, domain=pyo.Integers, bounds=(0, 1))

    @m.Constraint(
        m.RESERVE_STEPS,
        doc="(R1) online[s,u,t] − (n − 1) ≤ (most_online[s,u,t] − (n − 1)) · "
        "reserve_step[s,u,k,t,n]  [units]",
    )
    def reserve_step_link(m, s, u, k, t, n):
        room = _most(inst, s, u, t) - (n - 1)
        return m.online[s, u, t] - (n - 1) <= room * m.reserve_step[s, u, k, t, n]

    @m.Constraint(
        m.RESERVES,
        doc="(R2) Σ run[s,u,k',o] of workloads as strict as k "
        "≤ online[s,u,t(o)] − Σ_n reserve_step[s,u,k,t(o),n]  [units]",
    )
    def reserve_limit(m, s, u, k, o):
        t = m.period_of[o]
        steps = m.reserve_steps_at[s, u, k, t]
        kept = sum(m.reserve_step[s, u, k, t, n] for n in steps)
        at_work = sum(m.run[s, u, other, o] for other in rows[s, u, k, o])
        return at_work <= m.online[s, u, t] - kept


def _most(inst: Instance, s: str, u: str, t: str) -> int:
    return int(most_online(inst, s, u, t) + 1e-9)


def _steps(inst: Instance, s: str, u: str, k: str, t: str) -> tuple[int, ...]:
    """Numbers of units with which the reserve for a workload grows."""
    target = inst.workloads[k].availability_target
    assert target is not None
    return reserve_steps(inst.unit_types[u].availability, target, _most(inst, s, u, t))
