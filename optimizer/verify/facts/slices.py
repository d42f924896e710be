"""Slices of the day: which hours each covers, and how demand and prices differ between them.

Without slices the day is one, named `all`. Arrays by slice have one entry for each.
"""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Floats

HOURS = 24


@dataclass(frozen=True)
class Slices:
    """The slices of every day of the horizon."""

    names: tuple[str, ...]
    covers: Floats
    """1 where a slice covers an hour of the day in UTC, by slice and hour; 2 if twice."""

    @property
    def share(self) -> Floats:
        """Part of a period's hours that falls into each slice [ratio]."""
        part: Floats = self.covers.sum(axis=1) / HOURS
        return part

    def label(self, period: str, x: int) -> str:
        """A period, and the slice if there are several: 'night of 2027'."""
        return period if len(self.names) == 1 else f"{self.names[x]} of {period}"


def read_slices(inst: Instance) -> Slices:
    """The slices of an instance."""
    if not inst.slices:
        return Slices(("all",), np.ones((1, HOURS)))
    covers = np.zeros((len(inst.slices), HOURS))
    for i, one in enumerate(inst.slices.values()):
        np.add.at(covers[i], np.arange(one.from_hour, one.from_hour + one.hours) % HOURS, 1.0)
    return Slices(tuple(inst.slices), covers)


def demand_over_mean(inst: Instance, region: str, workload: str, slices: Slices) -> Floats:
    """Mean demand within each slice over that of the day, at the region's local time [ratio].

    What the profile asks for from midnight up to any local time is a line from hour to hour; what
    a UTC hour asks for is the difference between its ends.
    """
    profile = np.array(inst.workloads[workload].daily_profile)
    if not profile.size:
        return np.ones(len(slices.names))
    place = inst.regions[region]
    ahead = place.lon / 15.0 if place.utc_offset_hours is None else place.utc_offset_hours
    # Three days, so that local time may run into the day before and the day after.
    up_to = np.concatenate([[0.0], np.cumsum(np.tile(profile / profile.mean(), 3))])
    ends = HOURS + ahead + np.arange(HOURS + 1)
    asked = np.diff(np.interp(ends, np.arange(3 * HOURS + 1), up_to))
    over_mean: Floats = slices.covers @ asked / slices.covers.sum(axis=1)
    return over_mean


def price_factors(inst: Instance, slices: Slices) -> Floats:
    """Price of electricity in each slice over that of the period, by site and slice [ratio]."""
    sites = inst.sites.values()
    return np.array([[s.energy_price_factor.get(x, 1.0) for x in slices.names] for s in sites])
