"""The elastic instance: the same, but what law, dates and limits forbid exists and can be allowed.

Its model has a variable for everything that a limit keeps a plan from. With the variables of a
limit held at 0 the limit holds; without, it is as good as gone.
"""

from collections.abc import Sequence
from functools import cached_property

from models.clusters import lacks_network
from models.entities.soft import SoftLimit
from models.instance import Instance
from models.rentals import offer_lack
from models.soft_kinds import KINDS
from models.upgrades import largest_mw
from optimizer.own import OwnFamily

FAR = 1e6
"""Most by which a limit gives way where nothing else bounds it [its unit]."""

MOST_ROOM_MW = 1e5
"""Most power that a site is thought to get [MW at the meter]."""

MOST_ROUTES = 60_000
"""With more routes, lawful or not, law and dates of sale are taken as they are."""

OWN_MOST = ("sufficiency_share", "sufficiency_mw", "min_build")
"""Limits that cannot be missed by more than all of them."""


class Elastic(Instance):
    """An instance in which every site and offer may serve whom it could serve but for the law."""

    @cached_property
    def lawful_sites(self) -> dict[str, tuple[str, ...]]:
        """For each stream, the sites that lack nothing but permission."""
        return {
            j: tuple(
                s
                for s in self.sites
                if s not in self.raised_sites[j] and lacks_network(self, stream.workload, s) is None
            )
            for j, stream in self.streams.items()
        }

    @cached_property
    def lawful_offers(self) -> dict[str, tuple[str, ...]]:
        """For each stream, the rentals that lack nothing but permission."""
        return {
            j: tuple(x for x in self.rentals if offer_lack(self, stream, x) is None)
            for j, stream in self.streams.items()
        }


def widens(inst: Instance, own: Sequence[OwnFamily] = ()) -> bool:
    """True if law and dates of sale can be lifted in one model, which must not be too large.

    Contingencies serve alike what may be served from the same sites, and own families may have
    rules about routes; both need the routes to be those of the instance.
    """
    if has_many_routes(inst) or own:
        return False
    return not any(one.asked_mtok_s for one in _futures(inst))


def has_many_routes(inst: Instance) -> bool:
    """True if there are too many routes, lawful or not, for all of them to stand in one model."""
    routes = (len(_asking(one)) * len(one.sites) * len(one.states) for one in _futures(inst))
    return sum(routes) > MOST_ROUTES


def _futures(inst: Instance) -> Sequence[Instance]:
    return tuple(inst.scenario_instances.values()) if inst.scenarios else (inst,)


def _asking(inst: Instance) -> set[str]:
    """The streams that ask for anything."""
    return {j for (j, _), mtok_s in inst.demand_mtok_s.items() if mtok_s}


def elastic(inst: Instance, *, wide: bool) -> Instance:
    """The elastic instance; not `wide`, only limits that are numbers give way."""
    fields = {name: getattr(inst, name) for name in type(inst).model_fields}
    fields["soft_limits"] = (*inst.soft_limits, *_soft(inst))
    if wide:
        fields["unit_types"] = {
            u: unit.model_copy(
                update={
                    "available_from": min(unit.available_from, inst.horizon.start),
                    "available_until": None,
                    "barred": (),
                }
            )
            for u, unit in inst.unit_types.items()
        }
    return (Elastic if wide else Instance).model_construct(**fields)


def _soft(inst: Instance) -> list[SoftLimit]:
    """Rows that make every limit soft that can be."""
    room = _room_mw(inst)
    out = []
    for limit, kind in KINDS.items():
        for at in kind.places(inst):
            most: float | None = FAR
            if limit in OWN_MOST:
                most = None
            elif limit in ("site_power", "halls"):
                most = room + (largest_mw(inst, at) if limit == "site_power" else 0.0)
            if most is not None:
                most += max(inst.most_excess(limit, at, t) for t in inst.periods)
            out.append(SoftLimit(limit=limit, at=(at,), price_musd=1.0, most=most))
    return out


def _room_mw(inst: Instance) -> float:
    """Power that would surely do at one site for all that is asked for [MW at the meter]."""
    futures = inst.scenario_instances.values() if inst.scenarios else (inst,)
    return min(MOST_ROOM_MW, max(_asked_mw(one) for one in futures))


def _asked_mw(inst: Instance) -> float:
    pue = max(p for site in inst.sites.values() for p in site.pue.values())
    unit_mw = pue * max((unit.it_mw for unit in inst.unit_types.values()), default=0.0)
    worst = {k: _mw_per_mtok_s(inst, k) * pue for k in inst.workloads}
    served: dict[str, float] = dict.fromkeys(inst.states, 0.0)
    for (j, o), mtok_s in inst.demand_mtok_s.items():
        k = inst.streams[j].workload
        served[o] += mtok_s * inst.workloads[k].peak_factor * worst[k]
    hosted = sum(max(one.host_it_mw.values()) for one in inst.sufficiency.values()) * pue
    blocks = sum(work.cluster.min_units or 0 for work in inst.workloads.values()) * unit_mw
    stands = sum(row.units for row in inst.initial_units)
    ordered = sum(row.units for row in inst.commitments.orders)
    return 2 * max(served.values()) + hosted + blocks + (stands + ordered + 2) * unit_mw


def _mw_per_mtok_s(inst: Instance, k: str) -> float:
    """Most IT power that a unit needs for its tokens of a workload [IT MW per Mtok/s]."""
    slowest = min(operator.performance for operator in inst.operators.values())
    rates = [
        (
            inst.unit_types[row.unit_type],
            row.mtok_s * slowest / inst.workloads[k].compute_multiplier,
        )
        for row in inst.throughput
        if row.workload == k and row.mtok_s
    ]
    return max((unit.it_mw / (mtok_s * unit.availability) for unit, mtok_s in rates), default=0.0)
