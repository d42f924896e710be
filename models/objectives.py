"""Objectives: goals in order, each a linear measure of a plan that is best when least (§7)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from models import prices
from models.entities.objective import ObjectiveName
from models.environment import (
    carbon_t_per_mwh,
    energy_drawn,
    hall_embodied_tco2,
    water_m3_per_mwh,
)

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.instance import Instance

COST, NET_COST = "cost", "cost_less_revenue"

MONEY = (COST, NET_COST)
"""The goals that are the sum of the cost terms, which is the model's objective."""

OBJECTIVES: Mapping[ObjectiveName, tuple[str, ...]] = {
    "cost": (COST,),
    "profit": (NET_COST,),
    "serve_first": ("shortfall", COST),
    "least_carbon": ("shortfall", "carbon", COST),
    "tokens_per_mwh": ("shortfall", "energy", COST),
}
"""The goals of each objective; each is held while the next is brought down."""

UNITS: Mapping[str, str] = {
    COST: "MUSD",
    NET_COST: "MUSD",
    "shortfall": "Ttok",
    "carbon": "tCO2",
    "energy": "GWh",
    "water": "m3",
}
"""The unit of each measure."""

PER_UNIT: Mapping[str, float] = {"carbon": 1e-3, "water": 1e-3}
"""What a measure is in a model per unit: thousands, so that numbers stay moderate; else 1."""


def is_money(objective: ObjectiveName) -> bool:
    """True if an objective has no goal but money."""
    return set(OBJECTIVES[objective]) <= set(MONEY)


def may_fall_short(inst: "Instance", k: str) -> bool:
    """True if demand for a workload need not be served: shortfall, or profit, has a price."""
    workload = inst.workloads[k]
    earns = inst.objective == "profit" and workload.revenue_usd_per_mtok > 0
    return workload.shortfall_price_usd_per_mtok is not None or earns


def measure(m: "pyo.ConcreteModel", inst: "Instance", name: str) -> Any:
    """A measure other than cost, as an expression of a model's variables, scaled by PER_UNIT."""
    return _MEASURES[name](m, inst)


def _shortfall(m: "pyo.ConcreteModel", inst: "Instance") -> Any:
    return sum(
        inst.states[o].probability
        * inst.workloads[m.groups[j].workload].shortfall_weight
        * prices.tokens(inst, o)
        / 1e6
        * m.shortfall[j, o]
        for j, o in m.DEMANDS
    )


def _carbon(m: "pyo.ConcreteModel", inst: "Instance") -> Any:
    units = {u: unit.embodied_tco2 / 1e3 for u, unit in inst.unit_types.items()}
    halls = {s: hall_embodied_tco2(inst, s) / 1e3 for s in inst.sites}
    return (
        _drawn(m, inst, lambda s, _, o: carbon_t_per_mwh(inst, s, o) / 1e3)
        + sum(units[u] * m.order[s, u, t] for s, u, t in m.ORDERS if units[u])
        + sum(halls[s] * m.hall[s, t] for s, t in m.HALL_ORDERS if halls[s])
    )


def _energy(m: "pyo.ConcreteModel", inst: "Instance") -> Any:
    return _drawn(m, inst, lambda *_: 1e-3)


def _water(m: "pyo.ConcreteModel", inst: "Instance") -> Any:
    return _drawn(m, inst, lambda s, u, _: water_m3_per_mwh(inst, s, u) / 1e3)


def _drawn(
    m: "pyo.ConcreteModel", inst: "Instance", weight: Callable[[str, str, str], float]
) -> Any:
    drawn = energy_drawn(m, inst)
    return sum(drawn(s, t, weight) for s in m.SITES for t in m.PERIODS)


_MEASURES = {"shortfall": _shortfall, "carbon": _carbon, "energy": _energy, "water": _water}
