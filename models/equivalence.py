"""Equivalent streams: one to the model, split back in the plan (formulation §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.instance import Instance


@dataclass(frozen=True)
class StreamGroup:
    """Streams of one workload that the model cannot tell apart.

    Attributes:
        workload: their workload.
        members: their names; the first one names the group.
        demand_mtok_s: their demand together, by state; states without demand are absent.
        network_price: price of carrying tokens from each of their lawful sites [USD per Mtok].
        offers: rentals that may serve them.
    """

    workload: str
    members: tuple[str, ...]
    demand_mtok_s: Mapping[str, float]
    network_price: Mapping[str, float]
    offers: tuple[str, ...] = ()


def group_streams(inst: "Instance", *, merge: bool) -> dict[str, StreamGroup]:
    """Group the streams, by name of the first member; with merge off each stands alone."""
    found: dict[object, list[str]] = {}
    prices: dict[str, dict[str, float]] = {}
    for j, stream in inst.streams.items():
        prices[j] = {s: inst.network_price[stream.region, s] for s in inst.lawful_sites[j]}
        alike = (stream.workload, tuple(prices[j].items()), inst.lawful_offers[j])
        found.setdefault(alike if merge else j, []).append(j)
    return {
        members[0]: StreamGroup(
            workload=inst.streams[members[0]].workload,
            members=tuple(members),
            demand_mtok_s=_total(inst, members),
            network_price=prices[members[0]],
            offers=inst.lawful_offers[members[0]],
        )
        for members in found.values()
    }


def _total(inst: "Instance", members: list[str]) -> dict[str, float]:
    totals = {o: sum(inst.demand_mtok_s[j, o] for j in members) for o in inst.states}
    return {o: total for o, total in totals.items() if total > 0}
