"""Clusters and network options: what no site offers, holds, or can have in time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.clusters import offered
from models.fleet import misfit
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def networks_nobody_offers(inst: "Instance") -> Iterator[Problem]:
    """Warn of networks that a workload asks for and no site offers."""
    there = {tier for site in inst.sites.values() for tier in site.network_tiers}
    for k, workload in inst.workloads.items():
        tier = workload.cluster.network_tier
        if tier is not None and tier not in there:
            path = ("workloads", k, "cluster", "network_tier")
            yield Problem(path, _nobody(tier, there), "warning")


def _nobody(tier: str, there: set[str]) -> str:
    known = f"; sites offer {', '.join(sorted(there))}" if there else ""
    return f"no site has '{tier}' among its network_tiers{known}."


def options_that_do_nothing(inst: "Instance") -> Iterator[Problem]:
    """Network options without any effect, and utilisations that nothing reads."""
    forming = [
        k for k, one in inst.workloads.items() if one.cluster.min_units or one.cluster.utilisation
    ]
    for n, option in inst.network_options.items():
        if not option.power_saved_share and not option.utilisation:
            message = "changes nothing: give power_saved_share, utilisation, or both."
            yield Problem(("network_options", n), message)
        elif option.utilisation and not forming:
            message = "has no effect: no workload has a cluster with min_units or utilisation."
            yield Problem(("network_options", n, "utilisation"), message, "warning")


def options_out_of_reach(inst: "Instance") -> Iterator[Problem]:
    """Warn of network options that no site can have, or that no period could use."""
    possible = {n for _, n, _ in inst.network_option_services}
    there = {tier for site in inst.sites.values() for tier in site.network_tiers}
    for n, option in inst.network_options.items():
        path = ("network_options", n)
        if not list(offered(inst, n)):
            tier = option.requires_tier or ""
            named = "of the sites that it names, none offers" if tier in there else ""
            message = f"{named} '{tier}'." if named else _nobody(tier, there)
            yield Problem((*path, "requires_tier"), message, "warning")
        elif n not in possible:
            last = list(inst.periods.values())[-1].start
            message = f"is never of use: it cannot work by {last}, the last period."
            yield Problem(path, message, "warning")


def blocks_too_large(inst: "Instance") -> Iterator[Problem]:
    """Warn of blocks that no site can ever hold."""
    able = {(row.unit_type, row.workload) for row in inst.throughput if row.mtok_s}
    fits = [(s, u) for s in inst.sites for u in inst.unit_types if misfit(inst, s, u) is None]
    for k, workload in inst.workloads.items():
        least = workload.cluster.min_units
        if not least:
            continue
        largest = max(
            (_most_units(inst, s, u) for s, u in fits if (u, k) in able),
            default=0,
        )
        if largest < least:
            path = ("workloads", k, "cluster", "min_units")
            message = (
                f"no site can ever hold {least} units of one type; the most is {largest}, by its "
                "grid connection."
            )
            yield Problem(path, message, "warning")


def _most_units(inst: "Instance", s: str, u: str) -> int:
    most_mw = max(inst.most_load_mw(s, t) for t in inst.periods)
    initial = (inst.initial_online.get((s, u, t), 0) for t in inst.periods)
    return max(int(most_mw / inst.meter_mw(s, u) + 1e-9), *initial)
