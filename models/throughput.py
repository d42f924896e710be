"""Throughput: what a unit makes at a site, from its benchmark."""

from typing import TYPE_CHECKING

from models.calendar import years_between

if TYPE_CHECKING:
    from models.instance import Instance


def per_unit(inst: "Instance", s: str, u: str, k: str, t: str) -> float:
    """Throughput of one unit of u at site s, all of it on workload k, in period t [Mtok/s].

    benchmark · operator's performance · (1 + software gain)^years / compute multiplier, with the
    years from the horizon's start to the period's start.
    """
    unit = inst.unit_types[u]
    years = years_between(inst.horizon.start, inst.periods[t].start)
    performance = inst.operators[inst.sites[s].operator].performance
    gain = (1 + unit.software_gain_per_year) ** years
    benchmark = inst.benchmark_mtok_s.get((u, k), 0.0)
    return float(benchmark * performance * gain / inst.workloads[k].compute_multiplier)
