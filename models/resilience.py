"""Contingencies: what each takes away, in which states, and what must still be served then."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.calendar import add_months
from models.entities.places import Site
from models.entities.rental import Rental
from models.entities.resilience import Contingency, Protection
from models.law import within
from models.rentals import rentable_mtok_s
from models.streams import State, Stream

if TYPE_CHECKING:
    from models.instance import Instance


class Loss(NamedTuple):
    """What one contingency takes away.

    Attributes:
        sites: the sites that are lost.
        offers: the rentals that are lost.
        late_months: by unit type, how much later its orders are delivered [months].
        start: the day from which it may happen.
        share: part of the demand of protected streams that is served; None: as protected.
        weight: what a token that is missing counts for [ratio].
    """

    sites: tuple[str, ...]
    offers: tuple[str, ...]
    late_months: dict[str, int]
    start: date
    share: float | None
    weight: float


class Protected(NamedTuple):
    """What is protected of a stream: a part of its demand, at a price or without fail."""

    share: float
    price_usd_per_mtok: float | None


Late = dict[tuple[str, str, str, str], tuple[str, ...]]
"""By contingency, site, unit type and period: the periods of the orders that are late then."""


def losses(inst: "Instance") -> dict[str, Loss]:
    """The contingencies by name; those of an `each` are called 'any-site: oslo'."""
    out = {}
    for name, one in inst.contingencies.items():
        for x, (sites, offers) in _lost(inst, name, one).items():
            start = one.holds_from or inst.horizon.start
            out[x] = Loss(sites, offers, dict(one.unit_types), start, one.share, one.weight)
    return out


_Places = tuple[tuple[str, ...], tuple[str, ...]]
"""Sites and offers."""


def _lost(inst: "Instance", name: str, one: Contingency) -> dict[str, _Places]:
    """The sites and offers that each of the contingencies behind a name takes away."""
    if one.each is None:
        sites = tuple(s for s in inst.sites if s in one.sites or _named(inst, one, inst.sites[s]))
        return {name: (sites, tuple(x for x, at in inst.rentals.items() if _named(inst, one, at)))}
    of_site = {s: _part_of(one.each, site, s) for s, site in inst.sites.items()}
    of_offer = {x: _part_of(one.each, offer) for x, offer in inst.rentals.items()}
    places = dict.fromkeys(place for place in (*of_site.values(), *of_offer.values()) if place)
    return {
        f"{name}: {place}": (
            tuple(s for s, own in of_site.items() if own == place),
            tuple(x for x, own in of_offer.items() if own == place),
        )
        for place in places
    }


def _part_of(kind: str, at: Site | Rental, name: str = "") -> str:
    """The site, operator, jurisdiction or grid region that a place is part of; empty: none."""
    return name if kind == "site" else getattr(at, kind, None) or ""


def _named(inst: "Instance", one: Contingency, at: Site | Rental) -> bool:
    """True if a contingency names a place by what it is part of."""
    return (
        at.operator in one.operators
        or within(inst, at.jurisdiction, one.jurisdictions)
        or (_part_of("grid_region", at) in one.grid_regions)
    )


def offers_left(inst: "Instance") -> list[tuple[str, str]]:
    """Offers that may be bought from in states of contingencies: those without a least take."""
    return [
        (x, e)
        for e, state in inst.contingency_states.items()
        for x, offer in inst.rentals.items()
        if x not in inst.losses[state.contingency].offers
        and not any(offer.least_mtok_s.values())
        and rentable_mtok_s(inst, x, state.period) > 0
    ]


def late_orders(inst: "Instance") -> Late:
    """Orders that would be in service in a period, but in a contingency are not delivered yet."""
    out: Late = {}
    for x, loss in inst.losses.items():
        for (s, u, τ), serves in inst.services.items():
            if (months := loss.late_months.get(u)) is None or s in loss.sites:
                continue
            lead = inst.unit_types[u].lead_months + inst.sites[s].unit_lead_months
            delivered = add_months(inst.periods[τ].start, lead + months)
            for t in serves:
                if inst.periods[t].start < delivered:
                    out[x, s, u, t] = (*out.get((x, s, u, t), ()), τ)
    return out


def states(inst: "Instance") -> dict[str, State]:
    """The operating states of contingencies: where one takes something away that could be there.

    They are named '2027 in any-site: oslo'; the probability of such a state is its weight.
    """
    standing = _standing(inst)
    late = {(x, t) for x, _, _, t in inst.late_orders}
    out = {}
    for x, loss in inst.losses.items():
        for o, state in inst.states.items():
            t = state.period
            if inst.periods[t].start < loss.start:
                continue
            if (x, t) in late or standing[t].intersection(loss.sites) or _offered(inst, loss, t):
                name = f"{o} in {x}"
                out[name] = state._replace(name=name, contingency=x, probability=loss.weight)
    return out


def _standing(inst: "Instance") -> dict[str, set[str]]:
    """By period, the sites where a unit can be in service."""
    standing: dict[str, set[str]] = {t: set() for t in inst.periods}
    for (s, _, t), units in inst.initial_online.items():
        if units:
            standing[t].add(s)
    for (s, _, _), serves in inst.services.items():
        for t in serves:
            standing[t].add(s)
    return standing


def _offered(inst: "Instance", loss: Loss, t: str) -> tuple[str, ...]:
    """The offers of a period that are lost."""
    return tuple(x for x in loss.offers if rentable_mtok_s(inst, x, t) > 0)


def normal_state(inst: "Instance") -> dict[str, str]:
    """The state without contingency behind each state of a contingency."""
    known = {(state.period, state.slice): o for o, state in inst.states.items()}
    return {e: known[one.period, one.slice] for e, one in inst.contingency_states.items()}


def twins(inst: "Instance") -> dict[str, str]:
    """For each state of a contingency, the first one that takes away the same."""
    standing = _standing(inst)
    late: dict[tuple[str, str], list[object]] = {}
    for (x, s, u, t), orders in inst.late_orders.items():
        late.setdefault((x, t), []).append((s, u, orders))
    first: dict[object, str] = {}
    out = {}
    for e, (_, t, _, x, _, part, _) in inst.contingency_states.items():
        loss = inst.losses[x]
        lost = tuple(s for s in loss.sites if s in standing[t]), _offered(inst, loss, t)
        out[e] = first.setdefault((t, part, lost, tuple(late.get((x, t), ())), loss.share), e)
    return out


def protected(inst: "Instance") -> dict[str, Protected]:
    """What is protected of each stream that a row of protection names."""
    out = {}
    for j, stream in inst.streams.items():
        rows = [row for row in inst.protection if selects(inst, row, stream)]
        if rows:
            row = max(rows, key=_strictness)
            out[j] = Protected(row.share, row.price_usd_per_mtok)
    return out


def _strictness(row: Protection) -> tuple[float, bool, float]:
    return row.share, row.price_usd_per_mtok is None, row.price_usd_per_mtok or 0.0


def selects(inst: "Instance", row: Protection, stream: Stream) -> bool:
    """True if a row of protection names a stream."""
    place = inst.regions[stream.region].jurisdiction
    return (
        row.workload in (None, stream.workload)
        and row.region in (None, stream.region)
        and row.data_class in (None, stream.data_class)
        and (row.jurisdiction is None or within(inst, place, (row.jurisdiction,)))
        and row.continent in (None, inst.jurisdictions[place].continent)
    )


def asked_mtok_s(inst: "Instance") -> dict[tuple[str, str], float]:
    """What must still be served, by protected stream and state of a contingency [Mtok/s]."""
    normal = inst.normal_state
    out = {}
    for e, state in inst.contingency_states.items():
        override = inst.losses[state.contingency].share
        for j, (share, _) in inst.protected.items():
            asked = (share if override is None else override) * inst.demand_mtok_s[j, normal[e]]
            if asked > 0:
                out[j, e] = asked
    return out
