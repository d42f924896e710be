"""Service: streams with demand that no site and no rental may serve."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.checks.wording import reasons
from models.entities.work import Policy
from models.law import obstacle, policy
from models.objectives import may_fall_short
from models.problems import Problem
from models.rentals import offer_obstacle
from models.streams import Stream

if TYPE_CHECKING:
    from models.instance import Instance


def streams_without_a_site(inst: "Instance") -> Iterator[Problem]:
    """Streams with demand that nobody may serve, by jurisdiction, data class and workload.

    An error where the workload must be served, a warning where shortfall has a price.
    """
    asked = {name for (name, _), rate in inst.demand_mtok_s.items() if rate > 0}
    groups: dict[tuple[str, str, str], list[Stream]] = {}
    rules: dict[tuple[str, str], Policy] = {}
    served_at: dict[tuple[str, str], tuple[str]] = {}
    offers = {row.site for row in inst.local_control_planes}
    sites_in: dict[str, list[str]] = {}
    for s, site in inst.sites.items():
        sites_in.setdefault(site.jurisdiction, []).append(s)
    for name, stream in inst.streams.items():
        place = inst.regions[stream.region].jurisdiction
        if (law := (place, stream.data_class)) not in rules:
            rules[law] = policy(inst, *law)
        if name not in asked:
            continue
        sites = dict.fromkeys((*served_at.get(law, ()), *sites_in.get(place, ()), *inst.sites))
        lawful = next(
            (s for s in sites if not obstacle(inst, stream, rules[law], s, local=s in offers)), None
        )
        if lawful is None and any(offer_obstacle(inst, stream, x) is None for x in inst.rentals):
            continue
        if lawful is None:
            groups.setdefault((*law, stream.workload), []).append(stream)
        else:
            served_at[law] = (lawful,)
    if not groups:
        return
    rows = _first_rows(inst)
    for (place, data_class, k), streams in groups.items():
        rule = rules[place, data_class]
        why = reasons((obstacle(inst, streams[0], rule, s) for s in inst.sites), "site", "sites")
        more = f" (and {len(streams) - 1} more streams)" if len(streams) > 1 else ""
        priced = may_fall_short(inst, k)
        end = (
            "so it falls short." if priced else "and it must be served: it has no shortfall price."
        )
        source = f" ({rule.law})" if rule.law else ""
        message = f"no lawful site for {streams[0].name}{more}{source}: {why}; {end}"
        path = ("demand", rows[streams[0]])
        yield Problem(path, message, "warning" if priced else "error")


def _first_rows(inst: "Instance") -> dict[Stream, int]:
    rows: dict[Stream, int] = {}
    for position, row in enumerate(inst.demand):
        rows.setdefault(Stream(row.region, row.workload, row.data_class), position)
    return rows
