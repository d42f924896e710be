"""Clusters and network options: what blocks and networks are asked for, on offer, and worth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.facts.calendar import Calendar, months_later


@dataclass(frozen=True)
class Networks:
    """The clusters that workloads need, and the network options of an instance, in its order."""

    least_units: Floats
    """Units in service that a workload needs, by workload [units]."""
    clustered: Bools
    """Workloads whose units at work are looked at as clusters."""
    suits: Bools
    """The site offers the network that a workload asks for, by site and workload."""
    own: tuple[Mapping[int, float], ...]
    """Utilisation from so many units on, by workload; empty: 1."""
    options: tuple[Mapping[int, float], ...]
    """The same by option, for all workloads; empty: the workload's own holds."""
    may_buy: Bools
    """The site can buy an option at all, by site and option."""
    on_offer: Bools
    """By option and period: it can be ordered."""
    first: Ints
    """Position of the first period in which it works, by option and period of its order."""
    cost: Floats
    """What an option costs [MUSD]."""
    upkeep: Floats
    """What an option adds to the upkeep of a unit [MUSD per year]."""
    saved: Floats
    """Part of the units' power that an option saves [ratio]."""
    least_drawn: Floats
    """Least that units can draw over what they draw without, by site and period [ratio]."""


def read_networks(inst: Instance, calendar: Calendar) -> Networks:
    """Read clusters and network options of an instance."""
    sites, options = list(inst.sites.items()), list(inst.network_options.values())
    clusters = [workload.cluster for workload in inst.workloads.values()]
    may_buy = np.array(
        [
            [
                (not one.sites or name in one.sites)
                and (one.requires_tier is None or one.requires_tier in site.network_tiers)
                for one in options
            ]
            for name, site in sites
        ],
        dtype=bool,
    ).reshape(len(sites), len(options))
    opens = [one.available_from or inst.horizon.start for one in options]
    on_offer = calendar.start >= np.array(opens, dtype="datetime64[D]")[:, None]
    lead = np.array([one.lead_months for one in options], dtype=np.int64)
    delivery = months_later(
        np.broadcast_to(calendar.start, on_offer.shape),
        np.broadcast_to(lead[:, None], on_offer.shape),
    )
    first = np.searchsorted(calendar.start, delivery, side="left")
    saved = np.array([one.power_saved_share for one in options], dtype=float)
    least = np.ones((len(sites), calendar.count))
    for n, soonest in enumerate(
        np.where(on_offer, first, calendar.count).min(axis=1, initial=calendar.count)
    ):
        least[may_buy[:, n], soonest:] = np.minimum(least[may_buy[:, n], soonest:], 1.0 - saved[n])
    return Networks(
        least_units=np.array([one.min_units for one in clusters], dtype=float),
        clustered=np.array([bool(one.min_units or one.utilisation) for one in clusters]),
        suits=np.array(
            [
                [
                    one.network_tier is None or one.network_tier in site.network_tiers
                    for one in clusters
                ]
                for _, site in sites
            ]
        ),
        own=tuple(one.utilisation for one in clusters),
        options=tuple(one.utilisation for one in options),
        may_buy=may_buy,
        on_offer=on_offer,
        first=first,
        cost=np.array([one.cost_musd for one in options], dtype=float),
        upkeep=np.array([one.unit_opex_musd_per_year for one in options], dtype=float),
        saved=saved,
        least_drawn=least,
    )


def working(ordered: Floats, networks: Networks) -> Floats:
    """How many orders of each option work, by site, option and period."""
    count = np.zeros(ordered.shape)
    for s, n, t in np.argwhere(ordered != 0):
        count[s, n, networks.first[n, t] :] += ordered[s, n, t]
    return count


def reached(networks: Networks, sizes: Floats, works: Floats) -> tuple[Floats, Ints, Ints]:
    """What clusters reach of the throughput, by site, unit type, workload and period [ratio].

    `sizes` are whole units, by the same; `works` says by site, option and period which option does.
    Also the first number of units of the step, and the option whose steps hold, -1 for the own.
    """
    ratio = np.ones(sizes.shape)
    step = np.ones(sizes.shape, dtype=np.int64)
    which = np.full(sizes.shape, -1, dtype=np.int64)
    for s, u, k, t in np.argwhere(sizes > 0):
        bought = [n for n in np.flatnonzero(works[s, :, t] > 0) if networks.options[n]]
        table = networks.options[bought[0]] if bought else networks.own[k]
        if bought:
            which[s, u, k, t] = bought[0]
        if table:
            begun = [units for units in table if units <= sizes[s, u, k, t]]
            step[s, u, k, t] = max(begun, default=min(table))
            ratio[s, u, k, t] = table[int(step[s, u, k, t])]
    return ratio, step, which
