"""Portability: what moving work between operators, or between generations, costs."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from models.instance import Instance

Kind = Literal["operator", "generation"]

KINDS: tuple[Kind, ...] = ("operator", "generation")
"""Between what work can move."""


def price(inst: "Instance", k: str, kind: Kind) -> float:
    """Price of moving work of a workload between operators or generations [MUSD per Mtok/s]."""
    workload = inst.workloads[k]
    if kind == "operator":
        return workload.port_operator_musd_per_mtok_s
    return workload.port_generation_musd_per_mtok_s


def holder_of(inst: "Instance", kind: Kind, s: str, u: str) -> str:
    """Who holds the work of a unit type at a site: its operator, or its generation."""
    return inst.sites[s].operator if kind == "operator" else inst.unit_types[u].generation


def demand_mean(inst: "Instance", k: str, t: str) -> float:
    """Demand for a workload in the mean of a period [Mtok/s]."""
    streams = [j for j, stream in inst.streams.items() if stream.workload == k]
    shares = {o: state.share for o, state in inst.states.items() if state.period == t}
    asked = inst.demand_mtok_s
    return sum(asked.get((j, o), 0.0) * share for o, share in shares.items() for j in streams)


def fall(inst: "Instance", k: str, before: str, t: str) -> float:
    """By how much less of a workload is asked for than in the period before [Mtok/s]."""
    return max(0.0, demand_mean(inst, k, before) - demand_mean(inst, k, t))
