"""Retirement: units of some types may leave service before the end of their life.

Which cohort a unit leaves from decides what it would still be worth, and which units reach the
end of their life later on. When and from which cohort are two decisions, tied by sums over time:
cohorts live equally long, so that the units that leave can be matched with the cohorts, oldest
with first, whenever the sums allow it.

Reads  order[s,u,t]            units ordered                                 [units]
Adds   retire[s,u,t]           whole         units that leave early in t     [units]
       retired[s,u,c]          whole         units of cohort c that leave early  [units]
       cohort_limit[s,u,t]     constraint (C2)                               [units]
       retire_limit[s,u,t]     constraint (C3)                               [units]
       retire_minimum[s,u,t]   constraint (C4)                               [units]
"""

from typing import Any

import pyomo.environ as pyo

from models.families.capacity import most_online
from models.fleet import most_units
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the retirement family to model m."""
    place = {t: i for i, t in enumerate(inst.periods)}
    after = {before: t for t, before in m.before.items()}
    own: dict[tuple[str, str], list[str]] = {}
    times: dict[tuple[str, str], set[str]] = {}
    m.outlived = {}
    for (s, u, c), cohort in inst.cohorts.items():
        own.setdefault((s, u), []).append(c)
        times.setdefault((s, u), set()).update(cohort.leaves)
        if end := after.get(cohort.serves[-1]):
            m.outlived.setdefault((s, u, end), []).append(c)
    chances = {pair: sorted(found, key=lambda t: place[t]) for pair, found in times.items()}

    m.COHORTS = pyo.Set(initialize=list(inst.cohorts), dimen=3)
    m.RETIREMENTS = pyo.Set(
        initialize=[(s, u, t) for (s, u), found in chances.items() for t in found], dimen=3
    )

    def most(s: str, u: str, c: str) -> int:
        units = inst.cohorts[s, u, c].units
        return most_units(inst, s, u, c) if units is None else units

    def most_at(s: str, u: str, t: str) -> int:
        able = sum(most(s, u, c) for c in own[s, u] if t in inst.cohorts[s, u, c].leaves)
        before = m.before.get(t)
        return min(able, int(most_online(inst, s, u, before) + 1e-9)) if before else able

    m.retire = pyo.Var(
        m.RETIREMENTS, domain=pyo.Integers, bounds=lambda _, *sut: (0, most_at(*sut))
    )
    m.retired = pyo.Var(m.COHORTS, domain=pyo.Integers, bounds=lambda _, *suc: (0, most(*suc)))

    def left_by(m: pyo.ConcreteModel, s: str, u: str, t: str) -> Any:
        """Units that have left early by the start of a period [units]."""
        return sum(m.retire[s, u, τ] for τ in chances[s, u] if place[τ] <= place[t])

    m.ORDERED_COHORTS = pyo.Set(
        initialize=[key for key, cohort in inst.cohorts.items() if cohort.units is None], dimen=3
    )

    @m.Constraint(m.ORDERED_COHORTS, doc="(C2) retired[s,u,t] ≤ order[s,u,t]  [units]")
    def cohort_limit(m, s, u, t):
        return m.retired[s, u, t] <= m.order[s, u, t]

    @m.Constraint(
        m.RETIREMENTS,
        doc="(C3) Σ_{τ≤t} retire[s,u,τ] ≤ Σ_c retired[s,u,c] that may leave by t  [units]",
    )
    def retire_limit(m, s, u, t):
        leaves = {c: inst.cohorts[s, u, c].leaves[0] for c in own[s, u]}
        able = [c for c, first in leaves.items() if place[first] <= place[t]]
        return left_by(m, s, u, t) <= sum(m.retired[s, u, c] for c in able)

    last_chances = {(s, u, cohort.leaves[-1]): None for (s, u, _), cohort in inst.cohorts.items()}
    m.LAST_CHANCES = pyo.Set(initialize=list(last_chances), dimen=3)

    @m.Constraint(
        m.LAST_CHANCES,
        doc="(C4) Σ_{τ≤t} retire[s,u,τ] ≥ Σ_c retired[s,u,c] whose last chance is t or before  "
        "[units]",
    )
    def retire_minimum(m, s, u, t):
        leaves = {c: inst.cohorts[s, u, c].leaves[-1] for c in own[s, u]}
        due = [c for c, last in leaves.items() if place[last] <= place[t]]
        return left_by(m, s, u, t) >= sum(m.retired[s, u, c] for c in due)
