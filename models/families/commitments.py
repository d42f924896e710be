"""Commitments: what is ordered already stays, or is changed at a price.

x says what is committed (opening, halls, units, upgrade) and n the unit type or upgrade;
`ordered` stands for the variable of each, open_site, hall, order or grid_upgrade.

Reads  open_site[s,t], hall[s,t], order[s,u,t], grid_upgrade[s,g,t]
Adds   cancelled[s,x,n,t]           whole         commitments that are given up
       delayed[s,x,n,t]             whole         commitments that are ordered later instead
       changes_musd[s,t]            expression, what changing commitments costs     [MUSD]
       commitment_minimum[s,x,n,t]  constraint (W1)
       delay_limit[s,x,n,t]         constraint (W2)
       frozen_limit[s,x,n,t]        constraint (W3)
"""

from typing import Any

import pyomo.environ as pyo

from models.commitments import HALLS, OPENING, UNITS, UPGRADE, change_cost
from models.instance import Instance


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the commitments family to model m."""
    _add_changes(m, inst)
    place = {t: i for i, t in enumerate(inst.periods)}

    @m.Constraint(
        m.COMMITMENTS,
        doc="(W1) ordered[s,x,n,t] + cancelled[s,x,n,t] + delayed[s,x,n,t] ≥ committed[s,x,n,t]",
    )
    def commitment_minimum(m, *key):
        return _ordered(m, *key) + _given_up(m, key) >= inst.committed[key]

    possible = _possible(m)

    @m.Constraint(
        m.DELAYABLE,
        doc="(W2) delayed[s,x,n,t] ≤ Σ_{τ>t} (ordered[s,x,n,τ] + cancelled[s,x,n,τ] "
        "− committed[s,x,n,τ])",
    )
    def delay_limit(m, s, x, n, t):
        later = [(s, x, n, τ) for τ in possible[s, x, n] if place[τ] > place[t]]
        return m.delayed[s, x, n, t] <= sum(
            _ordered(m, *key)
            + (m.cancelled[key] if key in m.CANCELLABLE else 0)
            - inst.committed.get(key, 0)
            for key in later
        )

    m.FROZEN = pyo.Set(
        initialize=[
            (*thing, t)
            for thing, periods in possible.items()
            for t in periods
            if t in inst.frozen_periods
        ],
        dimen=4,
    )

    @m.Constraint(m.FROZEN, doc="(W3) ordered[s,x,n,t] ≤ committed[s,x,n,t]")
    def frozen_limit(m, *key):
        return _ordered(m, *key) <= inst.committed.get(key, 0)


def _add_changes(m: pyo.ConcreteModel, inst: Instance) -> None:
    """How much of each commitment is cancelled and delayed, and what that costs."""
    cancel, delay = inst.commitments.cancel_share, inst.commitments.delay_share
    later = [key for key in inst.committed if key[3] not in inst.frozen_periods]
    m.COMMITMENTS = pyo.Set(initialize=list(inst.committed), dimen=4)
    m.CANCELLABLE = pyo.Set(initialize=later if cancel is not None else [], dimen=4)
    m.DELAYABLE = pyo.Set(initialize=later if delay is not None else [], dimen=4)

    def most(_: pyo.ConcreteModel, *key: str) -> tuple[int, int]:
        s, x, n, t = key
        return 0, inst.committed[s, x, n, t]

    m.cancelled = pyo.Var(m.CANCELLABLE, domain=pyo.Integers, bounds=most)
    m.delayed = pyo.Var(m.DELAYABLE, domain=pyo.Integers, bounds=most)
    changeable = m.CANCELLABLE | m.DELAYABLE
    m.CHANGES = pyo.Set(initialize=list(dict.fromkeys((s, t) for s, *_, t in changeable)), dimen=2)

    @m.Expression(
        m.CHANGES,
        doc="Σ_{x,n} price[s,x,n] · (cancel_share · cancelled + delay_share · delayed)  [MUSD]",
    )
    def changes_musd(m, s, t):
        return sum(
            change_cost(
                inst,
                *key[:3],
                m.cancelled[key] if key in m.CANCELLABLE else 0,
                m.delayed[key] if key in m.DELAYABLE else 0,
            )
            for key in later
            if (key[0], key[3]) == (s, t)
        )


def _possible(m: pyo.ConcreteModel) -> dict[tuple[str, str, str], list[str]]:
    """The periods in which each thing can be decided, by site, what and name."""
    out: dict[tuple[str, str, str], list[str]] = {}
    for s in m.SITES:
        out[s, OPENING, ""] = list(m.PERIODS)
    for s, t in m.HALL_ORDERS:
        out.setdefault((s, HALLS, ""), []).append(t)
    for s, u, t in m.ORDERS:
        out.setdefault((s, UNITS, u), []).append(t)
    for s, g, t in m.GRID_UPGRADES:
        out.setdefault((s, UPGRADE, g), []).append(t)
    return out


def _ordered(m: pyo.ConcreteModel, s: str, x: str, n: str, t: str) -> Any:
    """The decision that a commitment is about."""
    if x == OPENING:
        return m.open_site[s, t]
    if x == HALLS:
        return m.hall[s, t]
    return m.order[s, n, t] if x == UNITS else m.grid_upgrade[s, n, t]


def _given_up(m: pyo.ConcreteModel, key: tuple[str, str, str, str]) -> Any:
    """What of a commitment is cancelled or delayed."""
    cancelled = m.cancelled[key] if key in m.CANCELLABLE else 0
    return cancelled + (m.delayed[key] if key in m.DELAYABLE else 0)
