"""Key figures of a plan (formulation §5)."""

import pandas as pd

from models import prices
from models.finance import discount_middle
from models.instance import Instance
from optimizer.plan.brownfield import brownfield_kpis, mining_at_the_end
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import look_up
from optimizer.plan.rentals import rented_mtok
from optimizer.plan.sovereignty import covered


def kpis(inst: Instance, tables: Tables, paid: pd.DataFrame) -> dict[str, float]:
    """The key figures, by name with unit."""
    seconds = {t: prices.tokens(inst, t) for t in inst.periods}
    discounted = {t: seconds[t] * discount_middle(inst, t) for t in inst.periods}
    flows, short, power = tables["flows"], tables["shortfall"], tables["power"]
    rented = rented_mtok(inst, tables)
    rented_discounted = rented * look_up(
        tables["rentals"]["period"], {t: discount_middle(inst, t) for t in inst.periods}
    )
    served = float(rented.sum()) + float(
        (flows["mtok_s"] * look_up(flows["period"], seconds)).sum()
    )
    served_discounted = float(rented_discounted.sum()) + float(
        (flows["mtok_s"] * look_up(flows["period"], discounted)).sum()
    )
    unserved = float((short["mtok_s"] * look_up(short["period"], seconds)).sum())
    demand = sum(
        mtok_s * seconds[inst.states[o].period] * inst.states[o].probability
        for (_, o), mtok_s in inst.demand_mtok_s.items()
    )
    last = power[power["period"] == list(inst.periods)[-1]]
    grid_mw, meter_mw = float(last["limit_mw"].sum()), float(last["meter_mw"].sum())
    energy_gwh = float(power["energy_gwh"].sum())
    objective = float(paid["discounted_musd"].sum())
    capital = paid["term"].isin(prices.CAPITAL)
    return {
        "demand_ttok": demand / 1e6,
        "served_ttok": served / 1e6,
        "shortfall_ttok": unserved / 1e6,
        "served_share": served / demand if demand else 1.0,
        "cost_per_mtok_usd": objective / served_discounted * 1e6 if served else 0.0,
        "energy_gwh": energy_gwh,
        "tokens_per_mwh_mtok": (served - float(rented.sum())) / (energy_gwh * 1e3)
        if energy_gwh
        else 0.0,
        "capex_musd": float(paid.loc[capital, "musd"].sum()),
        "sites_open": float(len(last)),
        "units_ordered": float(tables["orders"]["units"].sum()),
        "it_mw_end": float(last["it_mw"].sum()),
        "meter_mw_end": meter_mw,
        "grid_mw_end": grid_mw,
        "stranded_mw_end": grid_mw - meter_mw - mining_at_the_end(inst, tables),
        **brownfield_kpis(inst, tables),
        "rented_ttok": float(rented.sum()) / 1e6,
        **covered(tables),
    }
