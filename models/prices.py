"""What one unit of each decision costs, not discounted; model and cash table both read it here."""

from typing import TYPE_CHECKING

from models.calendar import HOURS_PER_DAY, step_value

if TYPE_CHECKING:
    from models.instance import Instance

TERMS = (
    "site_opening",
    "grid_upgrade",
    "hall_capex",
    "unit_capex",
    "interest",
    "retirement",
    "site_opex",
    "unit_opex",
    "energy",
    "carbon",
    "water",
    "network",
    "shortfall",
    "revenue",
    "end_value",
)
"""The terms of the net present cost (formulation §4)."""

CAPITAL = ("site_opening", "grid_upgrade", "hall_capex", "unit_capex")
"""The terms of investment, which capital pools pay for (B1)."""

POOLED = (*CAPITAL, "interest")
"""The terms that capital pools pay."""


def site_opex(inst: "Instance", s: str, t: str) -> float:
    """Running an open site for a period [MUSD]."""
    return inst.sites[s].fixed_opex_musd_per_year * inst.periods[t].years


def unit_opex(inst: "Instance", u: str, t: str) -> float:
    """Upkeep of one unit in service for a period, without energy [MUSD per unit]."""
    return inst.unit_types[u].opex_musd_per_year * inst.periods[t].years


def retirement(inst: "Instance", s: str, u: str) -> float:
    """Taking one unit out of service early: its removal less what it is sold for [MUSD]."""
    unit = inst.unit_types[u]
    return unit.decommissioning_musd - unit.scrap_value_share * inst.unit_capex(s, u)


def opex_allowance(inst: "Instance", c: str, t: str) -> float:
    """What a cap on running costs allows in a period: its rate on the first day [MUSD]."""
    period = inst.periods[t]
    return step_value(inst.budget.opex_caps[c].musd_per_year, period.start) * period.years


def hours(inst: "Instance", o: str) -> float:
    """Hours of a state: the part of its period's that falls into its slice [h]."""
    state = inst.states[o]
    period = inst.periods[state.period]
    return (period.end - period.start).days * HOURS_PER_DAY * state.share


def energy_price(inst: "Instance", s: str, o: str) -> float:
    """Price of electricity in a state: that of its period's start · slice factor [MUSD per MWh]."""
    site, state = inst.sites[s], inst.states[o]
    price = step_value(site.energy_price_usd_per_mwh, inst.periods[state.period].start) / 1e6
    return price * site.energy_price_factor.get(state.slice, 1.0)


def idle_energy_mwh(inst: "Instance", s: str, u: str, o: str) -> float:
    """Energy that a unit in service draws in a state even when it idles [MWh per unit]."""
    return inst.meter_mw(s, u) * inst.unit_types[u].idle_share * hours(inst, o)


def work_energy_mwh(inst: "Instance", s: str, u: str, k: str, o: str) -> float:
    """Further energy of a unit at work at the peak: it follows the mean [MWh per unit]."""
    working = 1 - inst.unit_types[u].idle_share
    mean_over_peak = 1 / inst.workloads[k].peak_factor
    return inst.meter_mw(s, u) * working * mean_over_peak * hours(inst, o)


def tokens(inst: "Instance", o: str) -> float:
    """Tokens of 1 Mtok/s over a state [Mtok per Mtok/s]."""
    state = inst.states[o]
    return inst.periods[state.period].seconds * state.share


def per_token(inst: "Instance", usd_per_mtok: float, o: str) -> float:
    """A price per token on 1 Mtok/s in a state: network, shortfall [MUSD per Mtok/s]."""
    return usd_per_mtok * tokens(inst, o) / 1e6
