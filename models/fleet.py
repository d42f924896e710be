"""Dates of the fleet: which orders are possible, when they serve, and when they leave."""

from datetime import date
from typing import TYPE_CHECKING

from models.calendar import add_months, step_value
from models.clusters import largest_saved
from models.law import within
from models.upgrades import most_mw_ever

if TYPE_CHECKING:
    from models.instance import Instance


def misfit(inst: "Instance", s: str, u: str) -> str | None:
    """Why units of a type cannot stand at a site, in a planner's words; None if they can."""
    site, unit = inst.sites[s], inst.unit_types[u]
    if within(inst, site.jurisdiction, unit.barred):
        return f"export control bars it from {site.jurisdiction}"
    if unit.cooling not in site.pue:
        return f"the site has no {unit.cooling} cooling"
    if site.max_rack_kw is not None and (unit.rack_kw or 0.0) > site.max_rack_kw:
        return f"racks over {site.max_rack_kw:g} kW do not fit"
    if inst.meter_mw(s, u) * (1 - largest_saved(inst, s)) > most_mw_ever(inst, s):
        return "one unit draws more than the site's grid connection"
    return None


def in_service(inst: "Instance", delivered: date, life_years: int) -> tuple[str, ...]:
    """The periods that something delivered on a date serves.

    It enters service with the first period that starts no earlier than its delivery; its life
    counts from that period's start; the last period is the last one that its life covers whole.
    """
    later = [period for period in inst.periods.values() if period.start >= delivered]
    if not later:
        return ()
    leaves = add_months(later[0].start, 12 * life_years)
    return tuple(period.name for period in later if period.end <= leaves)


def services(inst: "Instance") -> dict[tuple[str, str, str], tuple[str, ...]]:
    """For each possible order (site, unit type, period), the periods it is in service.

    Possible: the unit fits the site, is on sale on the period's first day, and at least one unit
    enters service within the horizon, on a connection that carries it.
    """
    out = {}
    for s, site in inst.sites.items():
        for u, unit in inst.unit_types.items():
            if misfit(inst, s, u) is not None:
                continue
            for t, period in inst.periods.items():
                if period.start < unit.available_from:
                    continue
                if unit.available_until is not None and period.start > unit.available_until:
                    continue
                lead = unit.lead_months + site.unit_lead_months
                serves = in_service(inst, add_months(period.start, lead), unit.life_years)
                if serves and inst.most_load_mw(s, serves[0]) >= inst.meter_mw(s, u):
                    out[s, u, t] = serves
    return out


def hall_services(inst: "Instance") -> dict[tuple[str, str], tuple[str, ...]]:
    """For each hall order (site, period) delivered within the horizon, its periods of use."""
    out = {}
    for s, site in inst.sites.items():
        for t, period in inst.periods.items():
            delivered = add_months(period.start, site.hall_lead_months)
            if serves := in_service(inst, delivered, site.hall_life_years):
                out[s, t] = serves
    return out


def initial_hall_mw(inst: "Instance", s: str, t: str) -> float:
    """Halls of a site that need no order: they stand already, or come by earlier ones [IT MW]."""
    return step_value(inst.sites[s].initial_hall_mw, inst.periods[t].start)


def initial_online(inst: "Instance") -> dict[tuple[str, str, str], int]:
    """Units of the initial fleet in service, by site, unit type and period [units].

    They serve the periods that start no earlier than `in_service` and that end within their life
    from that date.
    """
    out: dict[tuple[str, str, str], int] = {}
    for row in inst.initial_units:
        leaves = add_months(row.in_service, 12 * inst.unit_types[row.unit_type].life_years)
        for t, period in inst.periods.items():
            if row.in_service <= period.start and period.end <= leaves:
                key = row.site, row.unit_type, t
                out[key] = out.get(key, 0) + row.units
    return out


def quota_allowance(inst: "Instance", q: str, t: str) -> float:
    """What a quota allows in one period: its rate on the first day [units or accelerators]."""
    period = inst.periods[t]
    return step_value(inst.quotas[q].per_year, period.start) * period.months / 12


def most_units(inst: "Instance", s: str, u: str, t: str) -> int:
    """Most units that one order can hold: what the connection carries when they enter service."""
    first = inst.services[s, u, t][0]
    return int(inst.most_load_mw(s, first) / inst.meter_mw(s, u) + 1e-9)
