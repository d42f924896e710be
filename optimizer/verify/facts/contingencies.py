"""Contingencies: what each takes away, when, and what is asked for then, read anew.

The axis of contingencies holds them by name; an `each` stands for several of them.
"""

from dataclasses import dataclass

import numpy as np

from models.entities.places import Site
from models.entities.rental import Rental
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
    lost_offers: Bools
    """By contingency and offer."""
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
    return [name for name, _, _, _ in _each(inst)]


def _each(inst: Instance) -> list[tuple[str, Contingency, list[bool], list[bool]]]:
    """Name, record, lost sites and lost offers of every contingency."""
    sites, offers = list(inst.sites.values()), list(inst.rentals.values())
    found = []
    for name, one in inst.contingencies.items():
        if one.each is None:
            by_name = [s in one.sites for s in inst.sites]
            named = [
                given or _named(inst, one, at) for given, at in zip(by_name, sites, strict=True)
            ]
            found.append((name, one, named, [_named(inst, one, at) for at in offers]))
            continue
        of_site: list[str | None]
        of_offer: list[str | None]
        if one.each == "site":
            of_site, of_offer = list(inst.sites), [None for _ in offers]
        else:
            of_site = [getattr(at, one.each) for at in sites]
            of_offer = [getattr(at, one.each, None) for at in offers]
        for place in dict.fromkeys([*of_site, *of_offer]):
            if place is not None:
                lost = [place == other for other in of_site]
                gone = [place == other for other in of_offer]
                found.append((f"{name}: {place}", one, lost, gone))
    return found


def _named(inst: Instance, one: Contingency, at: Site | Rental) -> bool:
    """True if a contingency names a place by what it belongs to."""
    territory = {at.jurisdiction, *inst.jurisdictions[at.jurisdiction].blocs}
    return (
        at.operator in one.operators
        or not territory.isdisjoint(one.jurisdictions)
        or (isinstance(at, Site) and at.grid_region in one.grid_regions)
    )


def read_contingencies(
    inst: Instance,
    calendar: Calendar,
    streams: Streams,
    standing: tuple[Bools, Floats, Service],
    most: Floats,
) -> Contingencies:
    """The contingencies of an instance.

    `standing`: which orders are possible, units of the initial fleet in service, and when orders
    serve; `most`: what there is of each offer, by period.
    """
    possible, initial, when = standing
    every = _each(inst)
    time = np.arange(calendar.count)
    # Site, unit type, period of the order, period of service.
    serves = possible[..., None] & (time >= when.first[..., None]) & (time <= when.last[..., None])
    there = serves.any(axis=2) | (initial > 0)
    lost_offers = np.array([offers for _, _, _, offers in every], dtype=bool)
    lost_offers = lost_offers.reshape(len(every), len(inst.rentals))
    lost = np.array([sites for _, _, sites, _ in every], dtype=bool).reshape(
        len(every), len(inst.sites)
    )
    delivered = np.array(
        [_delivered(inst, calendar, one) for _, one, _, _ in every], dtype=np.int64
    )
    delivered = delivered.reshape(len(every), *possible.shape)
    happens = np.zeros((len(every), calendar.count), dtype=bool)
    for x, (_, one, _, _) in enumerate(every):
        start = np.datetime64(one.holds_from or inst.horizon.start, "D")
        late = serves & (time < delivered[x][..., None]) & ~lost[x][:, None, None, None]
        takes = there[lost[x]].any(axis=(0, 1)) | late.any(axis=(0, 1, 2))
        takes |= (most[lost_offers[x]] > 0).any(axis=0)
        happens[x] = takes & (calendar.start >= start)
    share, price = _protection(inst, streams)
    override = np.array([np.nan if one.share is None else one.share for _, one, _, _ in every])
    shares = np.where(np.isnan(override)[:, None], share, override[:, None])
    return Contingencies(
        names=tuple(name for name, _, _, _ in every),
        lost=lost,
        lost_offers=lost_offers,
        delivered=delivered,
        happens=happens,
        weight=np.array([one.weight for _, one, _, _ in every], dtype=float),
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
