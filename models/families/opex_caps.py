"""Opex caps: what running some sites costs in a period stays within a cap.

Reads  is_open[s,t], online[s,u,t], networked[s,n,u,t], run[s,u,k,o], saved_mwh[s,o], flow[j,s,o],
       transfer_musd[s,t], leased_mw[s,t], raise_level[s,t], excess[l,a,t]
Adds   opex_musd[c,t]         expression, what the sites of c cost       [MUSD]
       opex_limit[c,t]        constraint (B3)                            [MUSD]
"""

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo

from models import prices
from models.clusters import options_at
from models.families.soft import soft
from models.instance import Instance
from models.pools import covered


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the caps on operating expenditure to model m."""
    members = {c: covered(inst, inst.budget.opex_caps[c]) for c in m.OPEX_CAPS}
    formulas = _formulas(m, inst)

    @m.Expression(m.OPEX_CAPS, m.PERIODS, doc="Σ_{s∈c} running costs of the terms of c  [MUSD]")
    def opex_musd(_, c, t):
        terms = dict.fromkeys(inst.budget.opex_caps[c].terms)
        return sum(formulas[term](s, t) for s in members[c] for term in terms)

    m.RUNNING = pyo.Set(
        initialize=[
            ct for ct, cost in m.opex_musd.items() if pyo.is_potentially_variable(cost.expr)
        ],
        dimen=2,
    )

    @m.Constraint(
        m.RUNNING,
        doc="(B3) Σ_{s∈c} (site_opex[s,t] + unit_opex[s,t] + energy[s,t] + network[s,t] "
        "+ model_transfer[s,t] + lease[s,t] + control_plane_opex[s,t]) "
        "≤ musd_per_year[c,t] · years[t] + excess[opex,c,t], with the terms that c names  [MUSD]",
    )
    def opex_limit(m, c, t):
        return m.opex_musd[c, t] <= prices.opex_allowance(inst, c, t) + soft(m, "opex", c, t)


def _formulas(m: pyo.ConcreteModel, inst: Instance) -> dict[str, Callable[[str, str], Any]]:
    """What running a site costs in a period, by term, not discounted; states by probability."""
    states: dict[str, list[str]] = {t: [] for t in m.PERIODS}
    for o, t in m.period_of.items():
        states[t].append(o)

    def energy(s: str, t: str) -> Any:
        price = {o: inst.states[o].probability * prices.energy_price(inst, s, o) for o in states[t]}
        idle = sum(
            price[o] * prices.idle_energy_mwh(inst, s, u, o) * m.online[s, u, t]
            for o in states[t]
            for u in m.types_at[s]
        )
        work = sum(
            price[o] * prices.work_energy_mwh(inst, s, u, k, o) * m.run[s, u, k, o]
            for o in states[t]
            for k in m.WORKLOADS
            for u in m.runs_at.get((s, k, o), ())
        )
        saved = sum(price[o] * m.saved_mwh[s, o] for o in states[t] if (s, o) in m.ENERGY_SAVING)
        return idle + work - saved

    def network(s: str, t: str) -> Any:
        return sum(
            inst.states[o].probability
            * prices.per_token(inst, m.groups[j].network_price[s], o)
            * m.flow[j, s, o]
            for o in states[t]
            for k in m.WORKLOADS
            for j in m.streams_at.get((s, k, o), ())
        )

    return {
        "site_opex": lambda s, t: prices.site_opex(inst, s, t) * m.is_open[s, t],
        "unit_opex": lambda s, t: (
            sum(prices.unit_opex(inst, u, t) * m.online[s, u, t] for u in m.types_at[s])
            + sum(
                prices.network_upkeep(inst, n, t) * m.networked[s, n, u, t]
                for n in options_at(inst, s, t)
                for u in m.types_at[s]
            )
        ),
        "energy": energy,
        "network": network,
        "model_transfer": lambda s, t: m.transfer_musd[s, t] if (s, t) in m.RECEIVING else 0,
        "lease": lambda s, t: (
            prices.lease(inst, s, t) * m.leased_mw[s, t] if (s, t) in m.LEASES else 0
        ),
        "control_plane_opex": lambda s, t: sum(
            prices.control_plane_opex(inst, s, t) * m.raise_level[s, τ]
            for τ in m.PERIODS
            if (s, τ) in m.RAISES and t in inst.control_plane_use[s, τ]
        ),
    }
