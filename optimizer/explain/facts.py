"""What the streams in conflict ask for, and which lawful sites could serve them: no solver."""

from models.instance import Instance
from optimizer.explain.conflict import Conflict
from optimizer.figures import number

MOST_STREAMS = 5
"""So many streams are told of."""

MOST_SITES = 6
"""So many sites are named."""


def facts(inst: Instance, conflict: Conflict) -> tuple[str, ...]:
    """One line for each stream in conflict, the largest first."""
    asked: dict[tuple[str, str], str] = {}
    order = list(inst.periods)
    for limit, w, t in sorted(conflict.cells, key=lambda c: order.index(c[2]) if c[2] else 0):
        if limit.kind == "demand":
            asked.setdefault((limit.at, w), t)
    lines = []
    for (j, w), t in asked.items():
        world = inst.scenario_instances[w] if w else inst
        lead = f"scenario {w}: " if w else ""
        lines.append((_peak(world, j, t), lead + _fact(world, j, t)))
    lines.sort(key=lambda pair: -pair[0])
    return tuple(line for _, line in lines[:MOST_STREAMS])


def _fact(inst: Instance, j: str, t: str) -> str:
    head = f"{j}: {number(_peak(inst, j, t))} Mtok/s in {t}"
    lawful = (*inst.lawful_sites[j], *inst.raised_sites[j])
    able = {s: most for s in lawful if (most := _most_mtok_s(inst, s, j, t)) > 0}
    offers = [x for x in inst.lawful_offers[j] if inst.rentals[x].most_mtok_s]
    bought = f"; or rented from {', '.join(offers)}" if offers else ""
    if able:
        told = sorted(able, key=lambda s: -able[s])[:MOST_SITES]
        sites = ", ".join(f"{s} {number(able[s])}" for s in told)
        more = f" and {len(able) - len(told)} more" if len(able) > len(told) else ""
        return (
            f"{head}; lawful sites could make at most {number(sum(able.values()))} Mtok/s, with "
            f"nothing else to do ({sites}{more}){bought}"
        )
    later = [(_first(inst, s, j), s) for s in lawful]
    known = sorted((first, s) for first, s in later if first is not None)
    if not known:
        return f"{head}; lawful sites: none that ever has power and units for it{bought}"
    first, s = known[0]
    return f"{head}; lawful sites: none before {list(inst.periods)[first]} ({s} is first){bought}"


def _peak(inst: Instance, j: str, t: str) -> float:
    """Mean demand in the busiest state of a period [Mtok/s]."""
    return max(inst.demand_mtok_s[j, o] for o, state in inst.states.items() if state.period == t)


def _first(inst: Instance, s: str, j: str) -> int | None:
    """Position of the first period in which a site could make tokens for a stream."""
    able = (i for i, t in enumerate(inst.periods) if _most_mtok_s(inst, s, j, t) > 0)
    return next(able, None)


def _most_mtok_s(inst: Instance, s: str, j: str, t: str) -> float:
    """Most of a workload that a site's connection can make in a period, in the mean [Mtok/s]."""
    k = inst.streams[j].workload
    rates = [
        inst.tokens_per_unit(s, u, k, t) * inst.unit_types[u].availability / inst.meter_mw(s, u)
        for u in _types_in_service(inst, s, t)
    ]
    return max(rates, default=0.0) * inst.most_load_mw(s, t) / inst.workloads[k].peak_factor


def _types_in_service(inst: Instance, s: str, t: str) -> set[str]:
    ordered = {u for (at, u, _), served in inst.services.items() if at == s and t in served}
    return ordered | {
        u for (at, u, when), n in inst.initial_online.items() if n and (at, when) == (s, t)
    }
