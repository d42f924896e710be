"""Equivalent streams: one to the model, split back in the plan (formulation §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.law import policy
from models.slices import deferrable, over_mean
from models.sovereignty import barred_types, floors_of

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
        raised: those of the sites that are lawful only with a local control plane.
        barred: unit types that may not work for them, by their origin.
        floors: sufficiency floors that their demand counts for.
    """

    workload: str
    members: tuple[str, ...]
    demand_mtok_s: Mapping[str, float]
    network_price: Mapping[str, float]
    offers: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()
    floors: tuple[str, ...] = ()


def group_streams(inst: "Instance", *, merge: bool) -> dict[str, StreamGroup]:
    """Group the streams, by name of the first member; with merge off each stands alone."""
    found: dict[object, list[str]] = {}
    prices: dict[str, dict[str, float]] = {}
    barred: dict[str, frozenset[str]] = {}
    floors: dict[str, tuple[str, ...]] = {}
    for j, stream in inst.streams.items():
        raised = inst.raised_sites[j]
        lawful = (*inst.lawful_sites[j], *raised)
        prices[j] = {s: inst.network_price[stream.region, s] for s in lawful}
        home = inst.regions[stream.region].jurisdiction
        barred[j] = barred_types(inst, home, policy(inst, home, stream.data_class))
        floors[j] = floors_of(inst, j)
        alike = (
            *(stream.workload, tuple(prices[j].items()), inst.lawful_offers[j]),
            *(raised, barred[j], floors[j]),
            _course(inst, stream.region, stream.workload),
        )
        found.setdefault(alike if merge else j, []).append(j)
    return {
        members[0]: StreamGroup(
            workload=inst.streams[members[0]].workload,
            members=tuple(members),
            demand_mtok_s=_total(inst, members),
            network_price=prices[members[0]],
            offers=inst.lawful_offers[members[0]],
            raised=inst.raised_sites[members[0]],
            barred=barred[members[0]],
            floors=floors[members[0]],
        )
        for members in found.values()
    }


def _course(inst: "Instance", r: str, k: str) -> tuple[float, ...]:
    """What streams must share to be one: for work that can wait, the course of demand over the day.

    Then each has the same part of the group's demand in all slices, and what the group moves
    between slices is split back so that each of them makes up for what it leaves.
    """
    return tuple(over_mean(inst, r, k).values()) if deferrable(inst, k) else ()


def _total(inst: "Instance", members: list[str]) -> dict[str, float]:
    totals = {o: sum(inst.demand_mtok_s[j, o] for j in members) for o in inst.states}
    return {o: total for o, total in totals.items() if total > 0}
