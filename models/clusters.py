"""Clusters: which work needs them, the steps of their size, and the networks a site can have."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from models.upgrades import once_delivered

if TYPE_CHECKING:
    from models.instance import Instance

OWN = ""
"""Stands for the network that a site has without buying an option."""


class Step(NamedTuple):
    """Sizes of a cluster with the same utilisation."""

    from_units: int
    """Its name: the units from which on it is given; the first step holds below it, too."""
    most_units: float
    """Most units at work in it [units]."""
    utilisation: float
    """Share of the throughput that is reached [ratio]."""


def steps(utilisation: Mapping[int, float]) -> tuple[Step, ...]:
    """The steps of a table of utilisations; without one, all sizes reach everything."""
    found = list(utilisation.items()) or [(1, 1.0)]
    ends = [first - 1.0 for first, _ in found[1:]] + [inf]
    return tuple(Step(first, end, u) for (first, u), end in zip(found, ends, strict=True))


def clustered(inst: "Instance", k: str) -> bool:
    """True if the units at work on a workload form clusters that the model must look at."""
    cluster = inst.workloads[k].cluster
    return bool(cluster.min_units or cluster.utilisation)


def networks(inst: "Instance", s: str, t: str) -> tuple[str, ...]:
    """The networks a cluster can have at a site in a period: its own, and options with steps."""
    return (OWN, *(n for n in options_at(inst, s, t) if inst.network_options[n].utilisation))


def network_steps(inst: "Instance", k: str, n: str) -> tuple[Step, ...]:
    """The steps of a workload on a network."""
    own = inst.workloads[k].cluster.utilisation
    return steps(own if n == OWN else inst.network_options[n].utilisation)


def lacks_network(inst: "Instance", k: str, s: str) -> str | None:
    """Why the network of a site does not do for a workload, in words; None if it does."""
    tier = inst.workloads[k].cluster.network_tier
    if tier is not None and tier not in inst.sites[s].network_tiers:
        return f"it must offer the network {tier}"
    return None


def offered(inst: "Instance", n: str) -> Iterator[str]:
    """The sites that can buy a network option."""
    option = inst.network_options[n]
    for s, site in inst.sites.items():
        named = s in option.sites or not option.sites
        if named and option.requires_tier in (None, *site.network_tiers):
            yield s


def option_services(inst: "Instance") -> dict[tuple[str, str, str], tuple[str, ...]]:
    """For each possible order (site, network option, period), the periods in which it works."""
    return {
        (s, n, t): works
        for n, option in inst.network_options.items()
        for t, works in once_delivered(inst, option)
        for s in offered(inst, n)
    }


def options_at(inst: "Instance", s: str, t: str) -> tuple[str, ...]:
    """The network options that can work at a site in a period."""
    return inst.network_options_at.get((s, t), ())


def options_by_period(inst: "Instance") -> dict[tuple[str, str], tuple[str, ...]]:
    """The same for all sites and periods; absent where there is none."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for (s, n, _), works in inst.network_option_services.items():
        for t in works:
            found.setdefault((s, t), {})[n] = None
    return {key: tuple(names) for key, names in found.items()}


def most_saved(inst: "Instance", s: str, t: str) -> float:
    """Largest part of the units' power that an option can save at a site in a period [ratio]."""
    saved = (inst.network_options[n].power_saved_share for n in options_at(inst, s, t))
    return max(saved, default=0.0)


def largest_saved(inst: "Instance", s: str) -> float:
    """Largest part of the units' power that an option can ever save at a site [ratio]."""
    options = (n for n in inst.network_options if s in offered(inst, n))
    return max((inst.network_options[n].power_saved_share for n in options), default=0.0)
