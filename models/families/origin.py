"""Supply origin: what may work only on some unit types must fit on those.

Reads  run[s,u,k,o]              units at work at the peak of the day    [units]
       flow[j,s,o]               mean tokens made                        [Mtok/s]
Adds   origin_limit[s,k,o,v]     constraint (O1)                         [Mtok/s]
"""

from collections.abc import Iterable

import pyomo.environ as pyo

from models.instance import Instance

Types = frozenset[str]


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the supply origin family to model m."""
    allowed = {
        (j, s, k, o): frozenset(m.runs_at[s, k, o]) - m.groups[j].barred
        for (s, k, o), streams in m.streams_at.items()
        if any(m.groups[j].barred for j in streams)
        for j in streams
    }
    kinds: dict[tuple[str, str, str], set[Types]] = {}
    for (_, s, k, o), types in allowed.items():
        kinds.setdefault((s, k, o), set()).add(types)
    m.ORIGINS = pyo.Set(
        initialize=[
            (s, k, o, "+".join(sorted(types)))
            for (s, k, o), sets in kinds.items()
            for types in unions(sets)
            if types != frozenset(m.runs_at[s, k, o])
        ],
        dimen=4,
    )

    @m.Constraint(
        m.ORIGINS,
        doc="(O1) Σ_{j of k that may work on v alone} peak_factor[k] · flow[j,s,o] "
        "≤ Σ_{u∈v} tokens_per_unit[s,u,k,t(o)] · run[s,u,k,o]  [Mtok/s]",
    )
    def origin_limit(m, s, k, o, v):
        types, t = v.split("+"), m.period_of[o]
        peak = inst.workloads[k].peak_factor
        bound = [j for j in m.streams_at[s, k, o] if allowed[j, s, k, o].issubset(types)]
        able = sum(inst.tokens_per_unit(s, u, k, t) * m.run[s, u, k, o] for u in types)
        return sum(peak * m.flow[j, s, o] for j in bound) <= able


def unions(sets: Iterable[Types]) -> list[Types]:
    """All different unions of some sets, in order of their size and names."""
    found: set[Types] = set()
    for one in sets:
        found |= {one | other for other in found} | {one}
    return sorted(found, key=lambda types: (len(types), sorted(types)))
