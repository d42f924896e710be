"""What the instance says, read anew from its entities into arrays.

Nothing here is shared with the model: dates, law, round trips, pools and demand are computed a
second time from `docs/formulation.md`, so that an error in one reading shows in the other. The
axes of an array are always in this order: site, unit type, workload, period, slice of the day.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.facts import hardware
from optimizer.verify.facts.brownfield import Brownfield, read_brownfield
from optimizer.verify.facts.calendar import (
    Calendar,
    Service,
    read_calendar,
    service,
    values_on,
)
from optimizer.verify.facts.cohorts import Cohorts, read_cohorts
from optimizer.verify.facts.contingencies import Contingencies, read_contingencies
from optimizer.verify.facts.latency import round_trips
from optimizer.verify.facts.law import permitted
from optimizer.verify.facts.network import network_prices
from optimizer.verify.facts.pools import credit, grants, pool_of_sites
from optimizer.verify.facts.rentals import Rentals, read_rentals
from optimizer.verify.facts.slices import Slices, price_factors, read_slices
from optimizer.verify.facts.streams import Streams, read_streams
from optimizer.verify.facts.upgrades import Upgrades, read_upgrades


@dataclass(frozen=True)
class Facts:
    """An instance in arrays."""

    inst: Instance
    calendar: Calendar
    slices: Slices
    streams: Streams
    grid_mw: Floats
    """Energised grid connection, by site and period [MW at the meter]."""
    upgrades: Upgrades
    most_grid_mw: Floats
    """The same with every upgrade that can be energised by then [MW at the meter]."""
    energy_price: Floats
    """By site, period and slice [USD per MWh]."""
    block_mw: Floats
    """Size of one hall, by site [IT MW]."""
    it_mw: Floats
    """Load of one unit, by unit type [IT MW]."""
    meter_mw: Floats
    """Load of one unit at the meter, by site and unit type [MW]."""
    unit_capex: Floats
    """Price of one unit, by site and unit type [MUSD]."""
    fits: Bools
    """By site and unit type: cooling and racks fit, and no export control bars it."""
    ordering_time: Bools
    """By unit type and period: the period starts in the order window."""
    unit_service: Service
    hall_service: Service
    most_units: Floats
    """Largest order that the grid connection carries, by site, unit type and period [units]."""
    initial_units: Floats
    """Initial fleet in service, by site, unit type and period [units]."""
    cohorts: Cohorts
    tokens: Floats
    """Tokens of one unit at work, by site, unit type, workload and period [Mtok/s]."""
    peak: Floats
    """Peak over the mean within a slice, by workload [ratio]."""
    rtt_ms: Floats
    """Round trip, by region and site [ms]."""
    permitted: dict[tuple[str, str], Bools]
    """Sites that the law admits, by home jurisdiction and data class."""
    network_price: Floats
    """By region and site [USD per Mtok]."""
    pool: Ints
    """Position of the pool of each site."""
    grants: Floats
    """By pool and period [MUSD]."""
    credit: Floats
    """Most debt, by pool and period; 0 for pools that pay for nothing [MUSD]."""
    brownfield: Brownfield
    rentals: Rentals

    @cached_property
    def contingencies(self) -> Contingencies:
        """What may go wrong."""
        standing = (self.possible, self.initial_units, self.unit_service)
        most = self.rentals.most
        return read_contingencies(self.inst, self.calendar, self.streams, standing, most)

    @property
    def seconds(self) -> Floats:
        """Length, by period and slice [s]."""
        return np.multiply.outer(self.calendar.seconds, self.slices.share)

    def when(self, t: int, x: int) -> str:
        """A period, and the slice if there are several, in words."""
        return self.slices.label(self.calendar.names[t], x)

    @property
    def possible(self) -> Bools:
        """The orders that are possible, by site, unit type and period."""
        can: Bools = (
            self.fits[:, :, None]
            & self.ordering_time
            & self.unit_service.exists
            & (self.most_units >= 1)
        )
        return can


def read_facts(inst: Instance) -> Facts:
    """Read an instance into arrays."""
    calendar, slices = read_calendar(inst), read_slices(inst)
    sites, units = inst.sites.values(), inst.unit_types.values()
    grid_mw = np.array([values_on(site.grid_mw, calendar.start) for site in sites])
    meter_mw = hardware.meter_power(inst)
    when = hardware.unit_service(inst, calendar)
    upgrades = read_upgrades(inst, calendar)
    most_grid_mw = grid_mw + upgrades.most_mw
    factor = np.array([site.unit_capex_factor for site in sites])
    return Facts(
        inst=inst,
        calendar=calendar,
        slices=slices,
        streams=read_streams(inst, calendar, slices),
        grid_mw=grid_mw,
        upgrades=upgrades,
        most_grid_mw=most_grid_mw,
        energy_price=np.array(
            [values_on(site.energy_price_usd_per_mwh, calendar.start) for site in sites]
        )[:, :, None]
        * price_factors(inst, slices)[:, None, :],
        block_mw=np.array([site.hall_block_mw for site in sites]),
        it_mw=np.array([unit.it_mw for unit in units]),
        meter_mw=meter_mw,
        unit_capex=factor[:, None] * np.array([unit.capex_musd for unit in units]),
        fits=hardware.fitting(inst),
        ordering_time=hardware.ordering_time(inst, calendar),
        unit_service=when,
        hall_service=service(
            calendar,
            np.array([site.hall_lead_months for site in sites]),
            np.array([site.hall_life_years for site in sites]),
        ),
        most_units=hardware.most_units(most_grid_mw, meter_mw, when),
        initial_units=hardware.initial_units(inst, calendar),
        cohorts=read_cohorts(inst, calendar, when),
        tokens=hardware.tokens_per_unit(inst, calendar),
        peak=np.array([workload.peak_factor for workload in inst.workloads.values()]),
        rtt_ms=round_trips(inst),
        permitted=permitted(inst),
        network_price=network_prices(inst),
        pool=pool_of_sites(inst),
        grants=grants(inst, calendar),
        credit=credit(inst, calendar),
        brownfield=read_brownfield(inst, calendar),
        rentals=read_rentals(inst, calendar),
    )
