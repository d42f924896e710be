"""Rented tokens: which streams an offer may serve, how much of it there is, what must be paid."""

from typing import TYPE_CHECKING

from models.calendar import step_value
from models.entities.work import ANY
from models.gravity import data_leave
from models.law import over_limit, place_obstacle, policy
from models.sovereignty import supplied

if TYPE_CHECKING:
    from models.instance import Instance
    from models.streams import Stream


def offer_lack(inst: "Instance", stream: "Stream", x: str) -> str | None:
    """What an offer lacks for a stream wherever it stands, in words; None if nothing."""
    offer, home = inst.rentals[x], inst.regions[stream.region].jurisdiction
    if offer.workloads and stream.workload not in offer.workloads:
        return f"it does no {stream.workload}"
    rule = policy(inst, home, stream.data_class)
    if ANY not in rule.supply_origin and not supplied(inst, home, rule, offer.origin):
        return f"its supply must come from {', '.join(rule.supply_origin)}"
    return None


def offer_obstacle(inst: "Instance", stream: "Stream", x: str) -> str | None:
    """Why an offer may not serve a stream, in a planner's words; None if it may."""
    if lack := offer_lack(inst, stream, x):
        return lack
    offer, home = inst.rentals[x], inst.regions[stream.region].jurisdiction
    rule = policy(inst, home, stream.data_class)
    round_trip = inst.rental_rtt_ms[stream.region, x]
    far = data_leave(inst, stream.region, stream.workload, offer.jurisdiction)
    law = place_obstacle(inst, home, rule, offer)
    return law or far or over_limit(inst, stream.workload, round_trip)


def lawful_offers(inst: "Instance") -> dict[str, tuple[str, ...]]:
    """For each stream, the offers with no obstacle."""
    return {
        j: tuple(x for x in inst.rentals if offer_obstacle(inst, stream, x) is None)
        for j, stream in inst.streams.items()
    }


def rentable_mtok_s(inst: "Instance", x: str, t: str) -> float:
    """Most that an offer makes at the peak of the day in a period [Mtok/s]."""
    return step_value(inst.rentals[x].most_mtok_s, inst.periods[t].start)


def least_take_mtok_s(inst: "Instance", x: str, t: str) -> float:
    """Least mean rate to be paid for if an offer is used in a period [Mtok/s]."""
    return step_value(inst.rentals[x].least_mtok_s, inst.periods[t].start)
