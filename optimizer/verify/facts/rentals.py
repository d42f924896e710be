"""Offers of tokens: who may buy them, what they cost, how much there is."""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.facts.calendar import Calendar, values_on
from optimizer.verify.facts.latency import estimated
from optimizer.verify.facts.law import admitted_by_home


@dataclass(frozen=True)
class Rentals:
    """Offers in arrays."""

    permitted: dict[tuple[str, str], Bools]
    """Offers that the law admits, by home jurisdiction and data class."""
    rtt_ms: Floats
    """Round trip, by region and offer [ms]."""
    serves: Bools
    """By offer and workload."""
    price: Floats
    """By offer and period [USD per Mtok]."""
    most: Floats
    """At the peak, by offer and period [Mtok/s]."""
    least: Floats
    """Least mean rate paid for once an offer is used, by offer and period [Mtok/s]."""


def read_rentals(inst: Instance, calendar: Calendar) -> Rentals:
    """Read the offers into arrays."""
    offers, regions = list(inst.rentals.values()), list(inst.regions)
    shape = (len(offers), calendar.count)
    rtt = np.zeros((len(regions), len(offers)))
    if offers:
        rtt = estimated(inst, offers)
    for x, offer in enumerate(offers):
        for region, ms in offer.rtt_ms.items():
            rtt[regions.index(region), x] = ms

    def dated(field: str) -> Floats:
        values = [values_on(getattr(offer, field), calendar.start) for offer in offers]
        return np.array(values).reshape(shape)

    return Rentals(
        permitted=admitted_by_home(inst, offers),
        rtt_ms=rtt,
        serves=np.array(
            [
                [not offer.workloads or k in offer.workloads for k in inst.workloads]
                for offer in offers
            ],
            dtype=bool,
        ).reshape(len(offers), len(inst.workloads)),
        price=dated("price_usd_per_mtok"),
        most=dated("most_mtok_s"),
        least=dated("least_mtok_s"),
    )
