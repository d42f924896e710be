"""What a MWh and a build take from the environment; model and plan both read it here."""

from collections import defaultdict
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any

from models import prices
from models.calendar import step_value

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.instance import Instance

Weight = Callable[[str, str, str], float]
"""What a MWh counts, by site, unit type and state."""


def carbon_t_per_mwh(inst: "Instance", s: str, o: str) -> float:
    """Carbon intensity at a site in a state: the closest given · slice factor [tCO2 per MWh]."""
    site, state = inst.sites[s], inst.states[o]
    closest = inst.jurisdictions[site.jurisdiction].carbon_kg_per_mwh or {}
    if site.grid_region is not None:
        region = inst.grid_regions[site.grid_region].carbon_kg_per_mwh
        closest = closest if region is None else region
    closest = closest if site.carbon_kg_per_mwh is None else site.carbon_kg_per_mwh
    intensity = step_value(closest, inst.periods[state.period].start) / 1e3
    return intensity * site.carbon_factor.get(state.slice, 1.0)


def carbon_price(inst: "Instance", s: str, t: str) -> float:
    """Price of emissions at a site on a period's first day [MUSD per tCO2]."""
    own = inst.jurisdictions[inst.sites[s].jurisdiction].carbon_price_usd_per_t
    steps = inst.carbon.price_usd_per_t if own is None else own
    return step_value(steps, inst.periods[t].start) / 1e6


def carbon_allowance(inst: "Instance", c: str, t: str) -> float:
    """What a cap on emissions allows in a period: its rate on the first day [tCO2]."""
    period = inst.periods[t]
    return step_value(inst.carbon.caps[c].tco2_per_year, period.start) * period.years


def water_m3_per_mwh(inst: "Instance", s: str, u: str) -> float:
    """Water per energy at the meter: water per IT energy / PUE [m3 per MWh]."""
    site, cooling = inst.sites[s], inst.unit_types[u].cooling
    return site.water_l_per_kwh.get(cooling, 0.0) / site.pue[cooling]


def water_price(inst: "Instance", s: str, t: str) -> float:
    """Price of water on a period's first day [MUSD per m3]."""
    return step_value(inst.sites[s].water_price_usd_per_m3, inst.periods[t].start) / 1e6


def water_allowance(inst: "Instance", s: str, t: str) -> float:
    """What a site may use in a period: its limit on the first day [m3]; infinite without one."""
    limit, period = inst.sites[s].water_limit_m3_per_year, inst.periods[t]
    return inf if limit is None else step_value(limit, period.start) * period.years


def efficiency_floor(inst: "Instance", f: str, t: str) -> float:
    """Least tokens per energy in a period: the value on the first day [Mtok per MWh]."""
    return step_value(inst.efficiency_floors[f].mtok_per_mwh, inst.periods[t].start)


def hall_embodied_tco2(inst: "Instance", s: str) -> float:
    """What building one hall emits [tCO2]."""
    return inst.sites[s].hall_embodied_tco2_per_mw * inst.sites[s].hall_block_mw


def energy_drawn(m: "pyo.ConcreteModel", inst: "Instance") -> Callable[[str, str, Weight], Any]:
    """What a site draws in a period in a model, each MWh times its weight; states by probability.

    The result is a function of site, period and weight; what weighs nothing is left out.
    """
    states: dict[str, list[str]] = defaultdict(list)
    for o, t in m.period_of.items():
        states[t].append(o)

    def drawn(s: str, t: str, weight: Weight) -> Any:
        weights = {
            (u, o): inst.states[o].probability * weight(s, u, o)
            for u in m.types_at[s]
            for o in states[t]
        }
        idle = {
            u: sum(weights[u, o] * prices.idle_energy_mwh(inst, s, u, o) for o in states[t])
            for u in m.types_at[s]
        }
        saved = sum(
            inst.network_options[n].power_saved_share
            * (
                idle[u] * m.networked[s, n, u, t]
                + sum(
                    weights[u, o]
                    * prices.work_energy_mwh(inst, s, u, k, o)
                    * m.networked_run[s, n, u, k, o]
                    for o in states[t]
                    for k in m.workloads_of.get((s, u, o), ())
                )
            )
            for n in m.saving.get((s, t), ())
            for u in m.types_at[s]
        )
        work = sum(
            weights[u, o] * prices.work_energy_mwh(inst, s, u, k, o) * m.run[s, u, k, o]
            for o in states[t]
            for u in m.types_at[s]
            if weights[u, o]
            for k in m.workloads_of.get((s, u, o), ())
        )
        return sum(idle[u] * m.online[s, u, t] for u in idle if idle[u]) + work - saved

    return drawn
