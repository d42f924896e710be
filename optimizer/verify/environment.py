"""What a plan takes from its environment: emissions and water, by site and period."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import values_on
from optimizer.verify.plan import Plan

KG_PER_T = 1000.0
T_PER_KT = 1000.0


def carbon_intensity(facts: Facts) -> Floats:
    """By site, period and slice [kgCO2 per MWh]: of the site, its grid region or jurisdiction."""
    inst, start = facts.inst, facts.calendar.start
    found = np.zeros(facts.energy_price.shape)
    for s, site in enumerate(inst.sites.values()):
        known: Mapping[date, float] | None = inst.jurisdictions[site.jurisdiction].carbon_kg_per_mwh
        if site.grid_region is not None:
            region = inst.grid_regions[site.grid_region].carbon_kg_per_mwh
            known = known if region is None else region
        known = known if site.carbon_kg_per_mwh is None else site.carbon_kg_per_mwh
        if known is not None:
            factors = [site.carbon_factor.get(x, 1.0) for x in facts.slices.names]
            found[s] = np.multiply.outer(values_on(known, start), np.array(factors))
    return found


def emitted_kt(facts: Facts, plan: Plan) -> Floats:
    """Emissions of the electricity drawn, by site and period [ktCO2]."""
    kt: Floats = (plan.gwh_in_slices * carbon_intensity(facts)).sum(axis=2) / KG_PER_T
    return kt


def embodied_kt(facts: Facts, plan: Plan) -> Floats:
    """Emissions of building what is ordered, by site and period [ktCO2]."""
    per_unit = np.array([unit.embodied_tco2 for unit in facts.inst.unit_types.values()])
    per_mw = np.array([site.hall_embodied_tco2_per_mw for site in facts.inst.sites.values()])
    halls = (per_mw * facts.block_mw)[:, None] * plan.blocks
    kt: Floats = (halls + np.einsum("sut,u->st", plan.orders, per_unit)) / T_PER_KT
    return kt


def water_m3(facts: Facts, plan: Plan) -> Floats:
    """Water that cooling uses, by site and period: 1 L per kWh is 1 m3 per MWh [m3]."""
    inst = facts.inst
    units = inst.unit_types.values()
    per_mwh = np.array(
        [[site.water_l_per_kwh.get(u.cooling, 0.0) for u in units] for site in inst.sites.values()]
    )
    share = np.array([unit.idle_share for unit in units])
    at_work = np.einsum("suktx,k,x->sut", plan.runs, 1.0 / facts.peak, facts.slices.share)
    full = share[:, None] * plan.online + (1.0 - share)[:, None] * at_work
    m3: Floats = plan.drawn * np.einsum(
        "sut,su,u,t->st", full, per_mwh, facts.it_mw, facts.calendar.hours
    )
    return m3


def water_price(facts: Facts) -> Floats:
    """Price of water, by site and period [USD per m3]."""
    sites, start = facts.inst.sites.values(), facts.calendar.start
    return np.array([values_on(site.water_price_usd_per_m3, start) for site in sites])


def carbon_price(facts: Facts) -> Floats:
    """Price of emissions, by site and period [USD per tCO2]."""
    inst, start = facts.inst, facts.calendar.start
    world = values_on(inst.carbon.price_usd_per_t, start)
    own = [inst.jurisdictions[site.jurisdiction] for site in inst.sites.values()]
    return np.array(
        [
            world
            if place.carbon_price_usd_per_t is None
            else values_on(place.carbon_price_usd_per_t, start)
            for place in own
        ]
    )
