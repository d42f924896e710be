"""Contingencies and protection: what takes nothing away, selects nothing, or cannot be kept."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.problems import Path, Problem, unknown_name
from models.resilience import offers_left, selects

if TYPE_CHECKING:
    from models.instance import Instance

_LISTS = ("sites", "operators", "jurisdictions", "grid_regions")


def unclear(inst: "Instance") -> Iterator[Problem]:
    """Contingencies that take nothing away, or name both every one and some."""
    for name, one in inst.contingencies.items():
        path: Path = ("contingencies", name)
        named = [field for field in _LISTS if getattr(one, field)]
        if one.each is not None and named:
            message = f"gives 'each' and '{named[0]}'; write two contingencies."
            yield Problem((*path, "each"), message)
        if one.each is None and not named and not one.unit_types:
            lists = ", ".join(_LISTS)
            yield Problem(path, f"takes nothing away: give each, {lists} or unit_types.")


def unknown_unit_types(inst: "Instance") -> Iterator[Problem]:
    """Delays of unit types that nothing defines."""
    for name, one in inst.contingencies.items():
        for u in one.unit_types:
            if u not in inst.unit_types:
                message = unknown_name("unit type", u, inst.unit_types)
                yield Problem(("contingencies", name, "unit_types", u), message)


def without_effect(inst: "Instance") -> Iterator[Problem]:
    """Warn of contingencies and rows of protection that change nothing."""
    if inst.contingencies and not inst.protection:
        message = "change nothing: no row of 'protection' says what is still served."
        yield Problem(("contingencies",), message, "warning")
    if inst.protection and not inst.contingencies:
        message = "changes nothing: there are no contingencies."
        yield Problem(("protection",), message, "warning")
    happening = {state.contingency for state in inst.contingency_states.values()}
    for name in inst.contingencies:
        if not any(x == name or x.startswith(f"{name}: ") for x in happening):
            message = "never happens: in no period does it take away a unit that could be there."
            yield Problem(("contingencies", name), message, "warning")


def protecting_nothing(inst: "Instance") -> Iterator[Problem]:
    """Warn of rows of protection that name no stream."""
    for position, row in enumerate(inst.protection):
        if not any(selects(inst, row, stream) for stream in inst.streams.values()):
            message = "protects nothing: no stream of the demand is of this kind."
            yield Problem(("protection", position), message, "warning")


def nowhere_left(inst: "Instance") -> Iterator[Problem]:
    """Streams of which a part must be served in a contingency that leaves them no lawful site."""
    told: dict[str, list[str]] = {}
    left = set(offers_left(inst))
    for j, e in inst.asked_mtok_s:
        x = inst.contingency_states[e].contingency
        if inst.protected[j].price_usd_per_mtok is not None:
            continue
        sites = {*inst.lawful_sites[j], *inst.raised_sites[j]} - set(inst.losses[x].sites)
        offers = [one for one in inst.lawful_offers[j] if (one, e) in left]
        if not sites and not offers and j not in told.get(x, ()):
            told.setdefault(x, []).append(j)
    for x, streams in told.items():
        more = f" (and {len(streams) - 1} more streams)" if len(streams) > 1 else ""
        message = (
            f"in '{x}' no lawful site and no offer is left for {streams[0]}{more}, of which a part "
            "must be served; give its protection a price, or protect less."
        )
        yield Problem(("contingencies", x.partition(": ")[0]), message)


def targets_of_what_never_fails(inst: "Instance") -> Iterator[Problem]:
    """Warn of availability targets where all units that do the work are always available."""
    for k, workload in inst.workloads.items():
        if workload.availability_target is None:
            continue
        able = {row.unit_type for row in inst.throughput if row.workload == k and row.mtok_s}
        if all(inst.unit_types[u].availability == 1 for u in able):
            message = "changes nothing: the availability of all units that do this work is 1."
            yield Problem(("workloads", k, "availability_target"), message, "warning")
