"""Key figures: everything under `kpis` is recomputed (docs/formulation.md, section 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from optimizer.verify.checks.contingencies import worst_share_kept
from optimizer.verify.checks.coverage import covered_ttok
from optimizer.verify.checks.power import mining_draw
from optimizer.verify.checks.reserve import reserve_at_the_end
from optimizer.verify.claims import compare, section
from optimizer.verify.environment import T_PER_KT, embodied_kt, emitted_kt, water_m3
from optimizer.verify.facts import Facts
from optimizer.verify.facts.pipeline import announced_mw
from optimizer.verify.findings import Findings
from optimizer.verify.model_families import carried_gb
from optimizer.verify.money import USD_PER_MUSD, Money
from optimizer.verify.plan import Plan

MTOK_PER_TTOK = 1e6
G_PER_T = 1e6

UNITS = {
    "demand_ttok": "Ttok",
    "served_ttok": "Ttok",
    "shortfall_ttok": "Ttok",
    "served_share": "",
    "worst_share_kept": "",
    "cost_per_mtok_usd": "USD per Mtok",
    "energy_gwh": "GWh",
    "tokens_per_mwh_mtok": "Mtok/MWh",
    "tco2": "tCO2",
    "embodied_tco2": "tCO2",
    "gco2_per_mtok": "g per Mtok",
    "water_m3": "m3",
    "revenue_musd": "MUSD",
    "objective_without_end_value_musd": "MUSD",
    "end_value_units_musd": "MUSD",
    "end_value_halls_musd": "MUSD",
    "violations_musd": "MUSD",
    "capex_musd": "MUSD",
    "sites_open": "sites",
    "units_ordered": "units",
    "units_retired": "units",
    "reserve_units_end": "units",
    "it_mw_end": "MW",
    "meter_mw_end": "MW",
    "grid_mw_end": "MW",
    "stranded_mw_end": "MW",
    "announced_mw_end": "MW",
    "counted_mw_end": "MW",
    "converted_mw": "MW",
    "leased_mw_end": "MW",
    "rented_ttok": "Ttok",
    "models_carried_tb": "TB",
    "in_country_share": "",
    "in_bloc_share": "",
    "abroad_share": "",
    "thin_share": "",
}
"""The key figures with their units."""

UNUSED = {
    "converted_mw": 0.0,
    "leased_mw_end": 0.0,
    "rented_ttok": 0.0,
    "reserve_units_end": 0.0,
    "models_carried_tb": 0.0,
}
"""What a plan that does not give these key figures is taken to say."""


def check(
    facts: Facts, plan: Plan, money: Money, claim: Mapping[str, Any], findings: Findings
) -> None:
    """Compare every key figure with the one recomputed."""
    told = section(claim, "kpis")
    for name, found in _key_figures(facts, plan, money).items():
        # A ratio of nothing has no value, and a plan may write what it likes for it.
        if found is not None:
            compare(
                findings,
                "kpi",
                name,
                told=told.get(name, UNUSED.get(name)),
                found=found,
                unit=UNITS[name],
            )


def _key_figures(facts: Facts, plan: Plan, money: Money) -> dict[str, float | None]:
    calendar = facts.calendar
    demand = float((facts.streams.demand * facts.seconds).sum())
    served = float((plan.served * facts.seconds).sum())
    bought = float((plan.bought @ calendar.seconds).sum())
    short = float((plan.shortfall * facts.seconds).sum())
    discounted = float((plan.served * facts.seconds * calendar.df_middle[:, None]).sum())
    energy = float(plan.energy_gwh.sum())
    embodied = T_PER_KT * float(embodied_kt(facts, plan).sum())
    emitted = T_PER_KT * float(emitted_kt(facts, plan).sum())
    cost = money.objective - money.costs["revenue"]
    standing = plan.is_open[:, -1] > 0
    grid, meter = float(plan.grid_mw[standing, -1].sum()), float(plan.meter_mw[:, -1].sum())
    return {
        "demand_ttok": demand / MTOK_PER_TTOK,
        "served_ttok": served / MTOK_PER_TTOK,
        "shortfall_ttok": short / MTOK_PER_TTOK,
        "served_share": _ratio(served, demand),
        "worst_share_kept": worst_share_kept(facts, plan),
        "cost_per_mtok_usd": _ratio(cost * USD_PER_MUSD, discounted),
        "energy_gwh": energy,
        "tokens_per_mwh_mtok": _ratio(served - bought, energy * 1000.0),
        "tco2": emitted + embodied,
        "embodied_tco2": embodied,
        "gco2_per_mtok": _ratio(G_PER_T * (emitted + embodied), served),
        "water_m3": float(water_m3(facts, plan).sum()),
        "revenue_musd": float((money.earned @ calendar.df_middle).sum()),
        "objective_without_end_value_musd": money.objective - money.costs["end_value"],
        "end_value_units_musd": money.df_end * float(money.unit_worth.sum()),
        "end_value_halls_musd": money.df_end * float(money.hall_worth.sum()),
        "violations_musd": float(money.penalties_worth.sum()),
        "capex_musd": float(money.investment.sum()),
        "sites_open": float(np.count_nonzero(standing)),
        "units_ordered": float(plan.orders.sum()),
        "units_retired": float(plan.retired.sum()),
        "reserve_units_end": reserve_at_the_end(facts, plan),
        "it_mw_end": float(plan.it_mw[:, -1].sum()),
        "meter_mw_end": meter,
        "grid_mw_end": grid,
        "stranded_mw_end": grid - meter - float(mining_draw(facts, plan)[standing, -1].sum()),
        "converted_mw": float(plan.converting.sum()),
        "rented_ttok": bought / MTOK_PER_TTOK,
        "leased_mw_end": float(plan.leased[:, -1].sum()),
        "models_carried_tb": float(carried_gb(facts, plan).sum()) / 1000.0,
        **{
            f"{where}_share": _ratio(float(ttok.sum()) * MTOK_PER_TTOK, demand)
            for where, ttok in covered_ttok(facts, plan).items()
        },
        "announced_mw_end": float(announced_mw(facts.inst, calendar)[:, -1].sum()),
        "counted_mw_end": float(facts.grid_mw[:, -1].sum()),
    }


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
