"""Units at sites: which fit, what they draw and make, when they can be ordered and serve."""

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.facts.calendar import Calendar, Service, months_later, service, years_from
from optimizer.verify.findings import ROUNDING


def meter_power(inst: Instance) -> Floats:
    """Power of one unit at the meter, by site and unit type; 0 without its cooling [MW]."""
    return np.array(
        [
            [site.pue.get(unit.cooling, 0.0) * unit.it_mw for unit in inst.unit_types.values()]
            for site in inst.sites.values()
        ]
    )


def fitting(inst: Instance) -> Bools:
    """True, by site and unit type, if cooling and racks fit and no export control bars it."""
    fits = np.zeros((len(inst.sites), len(inst.unit_types)), dtype=bool)
    for i, site in enumerate(inst.sites.values()):
        territory = {site.jurisdiction, *inst.jurisdictions[site.jurisdiction].blocs}
        for j, unit in enumerate(inst.unit_types.values()):
            too_dense = (unit.rack_kw or 0.0) > (site.max_rack_kw or np.inf)
            fits[i, j] = (
                unit.cooling in site.pue and not too_dense and territory.isdisjoint(unit.barred)
            )
    return fits


def ordering_time(inst: Instance, calendar: Calendar) -> Bools:
    """True, by unit type and period, if the period starts in the type's order window."""
    return np.array(
        [
            [
                unit.available_from <= day <= (unit.available_until or day)
                for day in calendar.start.astype(object)
            ]
            for unit in inst.unit_types.values()
        ]
    )


def unit_service(inst: Instance, calendar: Calendar) -> Service:
    """When units serve, by site, unit type and period of the order."""
    own = np.array([unit.lead_months for unit in inst.unit_types.values()])
    added = np.array([site.unit_lead_months for site in inst.sites.values()])
    life = np.array([unit.life_years for unit in inst.unit_types.values()])
    return service(calendar, added[:, None] + own, np.broadcast_to(life, (len(added), len(own))))


def most_units(grid_mw: Floats, meter_mw: Floats, when: Service) -> Floats:
    """Units that the grid connection carries in the first period of service (S2) [units]."""
    first = np.minimum(when.first, grid_mw.shape[1] - 1)
    carried = np.take_along_axis(grid_mw[:, None, :], first, axis=2)
    power = np.where(meter_mw > 0, meter_mw, np.inf)[:, :, None]
    units: Floats = np.floor(carried / power + ROUNDING)
    return units


def initial_units(inst: Instance, calendar: Calendar) -> Floats:
    """Units of the initial fleet in service, by site, unit type and period [units]."""
    sites, types = list(inst.sites), list(inst.unit_types)
    units = np.zeros((len(sites), len(types), calendar.count))
    for row in inst.initial_units:
        born = np.datetime64(row.in_service, "D")
        months = 12 * inst.unit_types[row.unit_type].life_years
        dies = months_later(np.array(born), np.array(months))
        serves = (calendar.start >= born) & (calendar.end <= dies)
        units[sites.index(row.site), types.index(row.unit_type), serves] += row.units
    return units


def tokens_per_unit(inst: Instance, calendar: Calendar) -> Floats:
    """Tokens that one unit at work makes, by site, unit type, workload and period [Mtok/s]."""
    types, workloads = list(inst.unit_types), list(inst.workloads)
    bench = np.zeros((len(types), len(workloads)))
    for row in inst.throughput:
        bench[types.index(row.unit_type), workloads.index(row.workload)] = row.mtok_s
    heavier = np.array([workload.compute_multiplier for workload in inst.workloads.values()])
    gain = np.array([unit.software_gain_per_year for unit in inst.unit_types.values()])
    ages = years_from(calendar.start[0], calendar.start)
    reached = np.array([inst.operators[s.operator].performance for s in inst.sites.values()])
    grown = (bench / heavier)[:, :, None] * ((1.0 + gain)[:, None] ** ages)[:, None, :]
    tokens: Floats = reached[:, None, None, None] * grown
    return tokens
