"""What one unit of each decision costs, not discounted; model and cash table both read it here."""

from typing import TYPE_CHECKING

from models.calendar import HOURS_PER_DAY, step_value

if TYPE_CHECKING:
    from models.instance import Instance

TERMS = (
    "site_opening",
    "grid_upgrade",
    "network_option",
    "hall_capex",
    "unit_capex",
    "changes",
    "interest",
    "retirement",
    "conversion_capex",
    "site_opex",
    "unit_opex",
    "mining_margin_lost",
    "lease",
    "energy",
    "carbon",
    "water",
    "network",
    "rent",
    "portability",
    "model_transfer",
    "shortfall",
    "revenue",
    "contingency_shortfall",
    "end_value",
    "control_plane_capex",
    "control_plane_opex",
    "volume_rebate",
    "violations",
)
"""The terms of the net present cost (formulation §4)."""

CAPITAL = (
    "site_opening",
    "grid_upgrade",
    "network_option",
    "hall_capex",
    "unit_capex",
    "changes",
    "conversion_capex",
    "control_plane_capex",
)
"""The terms of investment, which capital pools pay for (B1)."""

POOLED = (*CAPITAL, "interest")
"""The terms that capital pools pay."""


def site_opex(inst: "Instance", s: str, t: str) -> float:
    """Running an open site for a period [MUSD]."""
    return inst.sites[s].fixed_opex_musd_per_year * inst.periods[t].years


def unit_opex(inst: "Instance", u: str, t: str) -> float:
    """Upkeep of one unit in service for a period, without energy [MUSD per unit]."""
    return inst.unit_types[u].opex_musd_per_year * inst.periods[t].years


def network_upkeep(inst: "Instance", n: str, t: str) -> float:
    """What a network option adds to the upkeep of one unit for a period [MUSD per unit]."""
    return inst.network_options[n].unit_opex_musd_per_year * inst.periods[t].years


def retirement(inst: "Instance", s: str, u: str) -> float:
    """Taking one unit out of service early: its removal less what it is sold for [MUSD]."""
    unit = inst.unit_types[u]
    return unit.decommissioning_musd - unit.scrap_value_share * inst.unit_capex(s, u)


def opex_allowance(inst: "Instance", c: str, t: str) -> float:
    """What a cap on running costs allows in a period: its rate on the first day [MUSD]."""
    period = inst.periods[t]
    return step_value(inst.budget.opex_caps[c].musd_per_year, period.start) * period.years


def mining_margin(inst: "Instance", s: str, t: str) -> float:
    """Mining margin lost in a period for one MW that is converted [MUSD per MW]."""
    period = inst.periods[t]
    return step_value(inst.mine_of[s].margin_musd_per_mw_year, period.start) * period.years


def lease(inst: "Instance", s: str, t: str) -> float:
    """Rent of a leased shell for a period [MUSD per IT MW]."""
    period = inst.periods[t]
    return step_value(inst.shell_of[s].price_musd_per_mw_year, period.start) * period.years


def rent_price(inst: "Instance", x: str, t: str) -> float:
    """Price of rented tokens at a period's start [USD per Mtok]."""
    return step_value(inst.rentals[x].price_usd_per_mtok, inst.periods[t].start)


def rent(inst: "Instance", x: str, t: str) -> float:
    """A mean rate of 1 Mtok/s rented for a period [MUSD per Mtok/s]."""
    return rent_price(inst, x, t) * inst.periods[t].seconds / 1e6


def control_plane_cost(inst: "Instance", s: str) -> float:
    """Setting up a local control plane at a site that offers one [MUSD]."""
    return next(row.cost_musd for row in inst.local_control_planes if row.site == s)


def control_plane_opex(inst: "Instance", s: str, t: str) -> float:
    """Running a local control plane for a period [MUSD]."""
    rows = inst.local_control_planes
    per_year = next(row.opex_musd_per_year for row in rows if row.site == s)
    return per_year * inst.periods[t].years


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


def contingency_shortfall(inst: "Instance", j: str, e: str) -> float:
    """What is missing of a stream in a state of a contingency, by weight [MUSD per Mtok/s]."""
    price = inst.protected[j].price_usd_per_mtok or 0.0
    weight = inst.contingency_states[e].probability
    return weight * per_token(inst, price, inst.normal_state[e])


def per_token(inst: "Instance", usd_per_mtok: float, o: str) -> float:
    """A price per token on 1 Mtok/s in a state: network, shortfall [MUSD per Mtok/s]."""
    return usd_per_mtok * tokens(inst, o) / 1e6
