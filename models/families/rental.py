"""Rental: tokens bought from others where law and latency allow, up to what is offered.

Adds   rent[j,x,o]             mean tokens of j bought from offer x            [Mtok/s]
       rented[x,t]             x is used in t, where it has a least take
       rent_paid[x,t]          mean tokens paid for, where it has a least take [Mtok/s]
       rental_limit[x,o]       constraint (X1)                                 [Mtok/s]
       rental_link[x,o]        constraint (X1), with a least take              [Mtok/s]
       rental_minimum[x,t]     constraint (X2), with a least take              [Mtok/s]
       least_take_minimum[x,t] constraint (X3), with a least take              [Mtok/s]
"""

from collections import defaultdict

import pyomo.environ as pyo

from models.instance import Instance
from models.rentals import least_take_mtok_s, rentable_mtok_s
from models.slices import most_served


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the rental family to model m."""
    buyers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for j, x, o in m.RENTS:
        buyers[x, o].append(j)
    taking = {x for x, offer in inst.rentals.items() if any(offer.least_mtok_s.values())}
    m.FREE_RENTALS = pyo.Set(initialize=[xo for xo in buyers if xo[0] not in taking], dimen=2)
    m.TAKING_RENTALS = pyo.Set(initialize=[xo for xo in buyers if xo[0] in taking], dimen=2)
    m.OFFERS = pyo.Set(initialize=list(buyers), dimen=2)
    states: dict[tuple[str, str], list[str]] = defaultdict(list)
    for x, o in m.TAKING_RENTALS:
        states[x, m.period_of[o]].append(o)
    m.RENTED = pyo.Set(initialize=list(states), dimen=2)

    def peak(j: str) -> float:
        return inst.workloads[m.groups[j].workload].peak_factor

    def most_paid(_: pyo.ConcreteModel, x: str, t: str) -> tuple[float, float]:
        return 0, max(rentable_mtok_s(inst, x, t), least_take_mtok_s(inst, x, t))

    def most(_: pyo.ConcreteModel, j: str, x: str, o: str) -> tuple[float, float]:
        offered = rentable_mtok_s(inst, x, m.period_of[o]) / peak(j)
        return 0, min(most_served(inst, m.groups[j], o), offered)

    m.rent = pyo.Var(m.RENTS, bounds=most)
    m.rented = pyo.Var(m.RENTED, domain=pyo.Integers, bounds=(0, 1))
    m.rent_paid = pyo.Var(m.RENTED, bounds=most_paid)

    @m.Expression(m.OFFERS, doc="Σ_j peak_factor[k(j)] · rent[j,x,o]  [Mtok/s]")
    def rented_peak_mtok_s(m, x, o):
        return sum(peak(j) * m.rent[j, x, o] for j in buyers[x, o])

    @m.Constraint(
        m.FREE_RENTALS,
        doc="(X1) Σ_j peak_factor[k(j)] · rent[j,x,o] ≤ most_mtok_s[x,t(o)]  [Mtok/s]",
    )
    def rental_limit(m, x, o):
        return m.rented_peak_mtok_s[x, o] <= rentable_mtok_s(inst, x, m.period_of[o])

    @m.Constraint(
        m.TAKING_RENTALS,
        doc="(X1) Σ_j peak_factor[k(j)] · rent[j,x,o] "
        "≤ most_mtok_s[x,t(o)] · rented[x,t(o)]  [Mtok/s]",
    )
    def rental_link(m, x, o):
        t = m.period_of[o]
        return m.rented_peak_mtok_s[x, o] <= rentable_mtok_s(inst, x, t) * m.rented[x, t]

    @m.Constraint(
        m.RENTED,
        doc="(X2) rent_paid[x,t] ≥ Σ_{o of t} share[o] · Σ_j rent[j,x,o]  [Mtok/s]",
    )
    def rental_minimum(m, x, t):
        return m.rent_paid[x, t] >= sum(
            inst.states[o].share * sum(m.rent[j, x, o] for j in buyers[x, o]) for o in states[x, t]
        )

    @m.Constraint(m.RENTED, doc="(X3) rent_paid[x,t] ≥ least_mtok_s[x,t] · rented[x,t]  [Mtok/s]")
    def least_take_minimum(m, x, t):
        return m.rent_paid[x, t] >= least_take_mtok_s(inst, x, t) * m.rented[x, t]
