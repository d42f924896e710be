"""Key figures of a plan (formulation §5)."""

import pandas as pd

from models import prices
from models.finance import (
    conversion_value_left,
    discount_middle,
    hall_value_left,
    unit_value_left,
)
from models.instance import Instance
from models.pipeline import announced_mw
from models.volume import value_lost
from optimizer.plan.brownfield import brownfield_kpis, mining_at_the_end
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import look_up_states
from optimizer.plan.money import revenues
from optimizer.plan.reserve import reserve_at_the_end
from optimizer.plan.resilience import worst_share_kept
from optimizer.plan.sovereignty import covered
from optimizer.plan.volume import rebates


def kpis(inst: Instance, tables: Tables, paid: pd.DataFrame) -> dict[str, float]:
    """The key figures, by name with unit."""
    states = inst.states.items()
    seconds = {o: prices.tokens(inst, o) for o in inst.states}
    discounted = {o: seconds[o] * discount_middle(inst, state.period) for o, state in states}
    flows, short, power = tables["flows"], tables["shortfall"], tables["power"]
    rentals = tables["rentals"]
    rented = float((rentals["mtok_s"] * look_up_states(inst, rentals, seconds)).sum())
    rented_discounted = (rentals["mtok_s"] * look_up_states(inst, rentals, discounted)).sum()
    made = float((flows["mtok_s"] * look_up_states(inst, flows, seconds)).sum())
    made_discounted = (flows["mtok_s"] * look_up_states(inst, flows, discounted)).sum()
    served, served_discounted = made + rented, float(made_discounted + rented_discounted)
    unserved = float((short["mtok_s"] * look_up_states(inst, short, seconds)).sum())
    demand = sum(
        mtok_s * seconds[o] * inst.states[o].probability
        for (_, o), mtok_s in inst.demand_mtok_s.items()
    )
    end = list(inst.periods)[-1]
    last = power[power["period"] == end]
    grid_mw, meter_mw = float(last["limit_mw"].sum()), float(last["meter_mw"].sum())
    energy_gwh = float(power["energy_gwh"].sum())
    emitted = float(tables["emissions"]["tco2"].sum())
    embodied = float(tables["emissions"]["embodied_tco2"].sum())
    objective = float(paid["discounted_musd"].sum())
    cost = objective - float(paid.loc[paid["term"] == "revenue", "discounted_musd"].sum())
    revenue = sum(musd * discount_middle(inst, t) for t, musd in revenues(inst, tables))
    capital = paid["term"].isin(prices.CAPITAL)
    units_left, halls_left = _values_left(inst, tables)
    return {
        "demand_ttok": demand / 1e6,
        "served_ttok": served / 1e6,
        "shortfall_ttok": unserved / 1e6,
        "served_share": served / demand if demand else 1.0,
        "worst_share_kept": worst_share_kept(tables),
        "cost_per_mtok_usd": cost / served_discounted * 1e6 if served else 0.0,
        "energy_gwh": energy_gwh,
        "tokens_per_mwh_mtok": made / (energy_gwh * 1e3) if energy_gwh else 0.0,
        "tco2": emitted + embodied,
        "embodied_tco2": embodied,
        "gco2_per_mtok": (emitted + embodied) * 1e6 / served if served else 0.0,
        "water_m3": float(tables["emissions"]["water_m3"].sum()),
        "revenue_musd": revenue,
        "objective_without_end_value_musd": objective + units_left + halls_left,
        "end_value_units_musd": units_left,
        "end_value_halls_musd": halls_left,
        "violations_musd": float(paid.loc[paid["term"] == "violations", "discounted_musd"].sum()),
        "capex_musd": float(paid.loc[capital, "musd"].sum()),
        "sites_open": float(len(last)),
        "units_ordered": float(tables["orders"]["units"].sum()),
        "units_retired": float(tables["retirements"]["units"].sum()),
        "reserve_units_end": reserve_at_the_end(inst, tables),
        "it_mw_end": float(last["it_mw"].sum()),
        "meter_mw_end": meter_mw,
        "grid_mw_end": grid_mw,
        "stranded_mw_end": grid_mw - meter_mw - mining_at_the_end(inst, tables),
        **brownfield_kpis(inst, tables),
        "rented_ttok": rented / 1e6,
        **covered(tables),
        "models_carried_tb": float(tables["model_transfers"]["gb"].sum()) / 1e3,
        "announced_mw_end": sum(announced_mw(inst, s, end) for s in inst.sites),
        "counted_mw_end": sum(inst.grid_mw(s, end) for s in inst.sites),
    }


def _values_left(inst: Instance, tables: Tables) -> tuple[float, float]:
    """What units and halls are worth at the end of the horizon, discounted [MUSD]."""
    units = halls = 0.0
    for s, u, t, ordered in tables["orders"].itertuples(index=False):
        units += ordered * unit_value_left(inst, s, u, t)
    for s, u, c, _, retired in tables["retirements"].itertuples(index=False):
        if c in inst.periods:
            units -= retired * unit_value_left(inst, s, u, c)
    for s, t, blocks in tables["blocks"].itertuples(index=False):
        halls += blocks * hall_value_left(inst, s, t)
    for s, t, mw in tables["convert"].itertuples(index=False):
        halls += mw * conversion_value_left(inst, s, t)
    for (_, u, t), musd in rebates(tables).items():
        units -= musd * value_lost(inst, u, t)
    return units, halls
