"""Contingencies: what each takes away, when, and what is asked for then, read anew.

The axis of contingencies holds them by name; an `each` stands for several of them.
"""

from dataclasses import dataclass

import numpy as np

from models.entities.resilience import Contingency, Protection
from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.facts.calendar import Calendar, Service, service
from optimizer.verify.facts.streams import Streams


@dataclass(frozen=True)
class Contingencies:
    """What may go wrong; empty arrays where nothing is said."""

    names: tuple[str, ...]
    lost: Bools
    """By contingency and site."""
    delivered: Ints
    """First period of service of an order, by contingency, site, unit type and period of order."""
    happens: Bools
    """By contingency and period: it may happen, and takes something away."""
    weight: Floats
    """What a missing token counts for, by contingency [ratio]."""
    share: Floats
    """Part of the demand that is asked for, by contingency and stream [ratio]."""
    price: Floats
    """Price of a missing token, by stream; not a number where none may be missing [USD/Mtok]."""


def contingency_names(inst: Instance) -> list[str]:
    """The names of contingencies in the instance's order."""
    return [name for name, _, _ in _each(inst)]


def _each(inst: Instance) -> list[tuple[str, Contingency, list[bool]]]:
    """Name, record and lost sites of every contingency."""
    found = []
    for name, one in inst.contingencies.items():
        if one.each is None:
            found.append((name, one, _named(inst, one)))
            continue
        places: dict[str, list[str | None]] = {
            "site": list(inst.sites),
            "operator": [site.operator for site in inst.sites.values()],
            "jurisdiction": [site.jurisdiction for site in inst.sites.values()],
            "grid_region": [site.grid_region for site in inst.sites.values()],
        }
        of_site = places[one.each]
        for place in dict.fromkeys(of_site):
            if place is not None:
                found.append((f"{name}: {place}", one, [place == other for other in of_site]))
    return found


def _named(inst: Instance, one: Contingency) -> list[bool]:
    """True for the sites that a contingency names, by themselves or by what they belong to."""
    lost = []
    for s, site in inst.sites.items():
        territory = {site.jurisdiction, *inst.jurisdictions[site.jurisdiction].blocs}
        lost.append(
            s in one.sites
            or site.operator in one.operators
            or not territory.isdisjoint(one.jurisdictions)
            or site.grid_region in one.grid_regions
        )
    return lost


def read_contingencies(
    inst: Instance,
    calendar: Calendar,
    streams: Streams,
    standing: tuple[Bools, Floats, Service],
) -> Contingencies:
    """The contingencies of an instance.

    `standing`: which orders are possible, units of the initial fleet in service, and when orders
    serve.
    """
    possible, initial, when = standing
    every = _each(inst)
    time = np.arange(calendar.count)
    # Site, unit type, period of the order, period of service.
    serves = possible[..., None] & (time >= when.first[..., None]) & (time <= when.last[..., None])
    there = serves.any(axis=2) | (initial > 0)
    lost = np.array([sites for _, _, sites in every], dtype=bool).reshape(-1, len(inst.sites))
    delivered = np.array([_delivered(inst, calendar, one) for _, one, _ in every], dtype=np.int64)
    delivered = delivered.reshape(-1, *possible.shape)
    happens = np.zeros((len(every), calendar.count), dtype=bool)
    for x, (_, one, _) in enumerate(every):
        start = np.datetime64(one.holds_from or inst.horizon.start, "D")
        late = serves & (time < delivered[x][..., None]) & ~lost[x][:, None, None, None]
        takes = there[lost[x]].any(axis=(0, 1)) | late.any(axis=(0, 1, 2))
        happens[x] = takes & (calendar.start >= start)
    share, price = _protection(inst, streams)
    override = np.array([np.nan if one.share is None else one.share for _, one, _ in every])
    shares = np.where(np.isnan(override)[:, None], share, override[:, None])
    return Contingencies(
        names=tuple(name for name, _, _ in every),
        lost=lost,
        delivered=delivered,
        happens=happens,
        weight=np.array([one.weight for _, one, _ in every], dtype=float),
        share=np.where(np.isnan(share), 0.0, shares),
        price=price,
    )


def _delivered(inst: Instance, calendar: Calendar, one: Contingency) -> Ints:
    """First period of service with the delays of a contingency, by site, type and order."""
    lead = np.array(
        [
            [
                site.unit_lead_months + unit.lead_months + one.unit_types.get(u, 0)
                for u, unit in inst.unit_types.items()
            ]
            for site in inst.sites.values()
        ]
    )
    first: Ints = service(calendar, lead, np.ones_like(lead)).first
    return first


def _protection(inst: Instance, streams: Streams) -> tuple[Floats, Floats]:
    """Share and price of each stream; share is not a number where nothing is protected."""
    share, price = np.full(len(streams.names), np.nan), np.full(len(streams.names), np.nan)
    for j, (region, workload, data_class) in enumerate(streams.names):
        home = inst.regions[region].jurisdiction
        place = inst.jurisdictions[home]
        known = {
            "region": {region},
            "workload": {workload},
            "data_class": {data_class},
            "jurisdiction": {home, *place.blocs},
            "continent": {place.continent},
        }
        rows = [row for row in inst.protection if _selects(row, known)]
        if not rows:
            continue
        share[j] = max(row.share for row in rows)
        prices = [row.price_usd_per_mtok for row in rows if row.share == share[j]]
        if None not in prices:
            price[j] = max(one for one in prices if one is not None)
    return share, price


def _selects(row: Protection, known: dict[str, set[str]]) -> bool:
    named = ((getattr(row, field), names) for field, names in known.items())
    return all(wanted is None or wanted in names for wanted, names in named)
