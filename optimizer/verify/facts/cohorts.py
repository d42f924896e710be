"""Cohorts: which units share one life, when it ends, and when they may leave before that.

The axis of cohorts holds the periods of orders, then the first days of service of initial units.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.facts.calendar import Calendar, Service, months_later


@dataclass(frozen=True)
class Cohorts:
    """When the units of each cohort serve; arrays by site, unit type and cohort."""

    allowed: Bools
    """True, by unit type, if its units may leave early."""
    first: Ints
    """Position of the first period at whose start units may leave early."""
    last: Ints
    """Position of the last period of their life; before `first` where there is none."""
    initial: Floats
    """Units there are; 0 for the cohorts of orders [units]."""
    refund: Floats
    """What a unit that leaves early brings, less its removal, by site and unit type [MUSD]."""


def first_days(inst: Instance) -> list[date]:
    """The first days of service of initial units, each once, in order."""
    return sorted({row.in_service for row in inst.initial_units})


def initial_cohorts(inst: Instance) -> list[str]:
    """The names of the cohorts of initial units."""
    return [f"since {day:%Y-%m-%d}" for day in first_days(inst)]


def read_cohorts(inst: Instance, calendar: Calendar, when: Service) -> Cohorts:
    """The cohorts of an instance."""
    types, sites, days = inst.unit_types, list(inst.sites), first_days(inst)
    initial = np.zeros((len(sites), len(types), calendar.count + len(days)))
    names = list(types)
    for row in inst.initial_units:
        place = sites.index(row.site), names.index(row.unit_type)
        initial[(*place, calendar.count + days.index(row.in_service))] += row.units
    born = np.array(days, dtype="datetime64[D]")
    life = 12 * np.array([unit.life_years for unit in types.values()])
    dies = months_later(np.broadcast_to(born, (len(life), len(born))), life[:, None])
    serving = np.searchsorted(calendar.start, born, side="left")
    # Units that served before the horizon may leave on its first day, all others later.
    leaving = np.broadcast_to(np.where(born < calendar.start[0], 0, serving + 1), dies.shape)
    final = np.searchsorted(calendar.end, dies, side="right") - 1
    shape = (len(sites), *dies.shape)
    return Cohorts(
        allowed=np.array([unit.early_retirement for unit in types.values()]),
        first=np.concatenate([when.first + 1, np.broadcast_to(leaving, shape)], axis=2),
        last=np.concatenate([when.last, np.broadcast_to(final, shape)], axis=2),
        initial=initial,
        refund=np.array(
            [
                [
                    unit.scrap_value_share * unit.capex_musd * site.unit_capex_factor
                    - unit.decommissioning_musd
                    for unit in types.values()
                ]
                for site in inst.sites.values()
            ]
        ),
    )


def absent(retired: Floats, cohorts: Cohorts) -> Floats:
    """Units that would be in service had they not left early, by site, type and period [units]."""
    missing = np.zeros((*retired.shape[:2], retired.shape[3]))
    for s, u, c, t in np.argwhere(retired != 0):
        missing[s, u, t : cohorts.last[s, u, c] + 1] += retired[s, u, c, t]
    return missing
