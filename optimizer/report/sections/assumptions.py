"""What was assumed: the instance in short, and the sources of its figures."""

import pandas as pd

from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading
from optimizer.report.words import counted

WITH_SOURCES = {
    "sites": "site",
    "unit_types": "unit type",
    "regions": "demand region",
    "grid_upgrades": "grid upgrade",
    "rentals": "rental",
    "currencies": "currency",
}
"""Parts of an instance whose rows name their source."""


def section(seen: Reading) -> Section:
    """The instance in short, its laws and its sources."""
    inst = seen.inst
    finance = inst.finance
    periods = list(inst.periods.values())
    parts = (
        (inst.sites, "site"),
        (inst.regions, "demand region"),
        (inst.unit_types, "unit type"),
        (inst.workloads, "workload"),
        (inst.data_classes, "data class/data classes"),
    )
    span = f"{periods[0].start} to {periods[-1].end}"
    pairs = [
        ("horizon", f"{span}, {counted(len(periods), 'period')}"),
        ("money", inst.money),
        ("discount rate", f"{100 * finance.discount_rate_per_year:g} % per year"),
        ("value at the end", str(finance.end_of_horizon_value).replace("_", " ")),
        ("size", ", ".join(counted(len(part), what) for part, what in parts)),
    ]
    lead = [inst.description.strip()] if inst.description.strip() else []
    figures = [_workloads(seen), *_laws(seen), *_sources(seen)]
    return Section("assumptions", "Assumptions", lead, figures=figures, pairs=pairs)


def _workloads(seen: Reading) -> Figure:
    rows = [
        (k, one.name, one.latency_limit_ms, one.peak_factor, one.fan_out,
         one.shortfall_price_usd_per_mtok)
        for k, one in seen.inst.workloads.items()
    ]  # fmt: skip
    names = [
        "workload",
        "name",
        "latency_limit_ms",
        "peak_factor",
        "fan_out",
        "shortfall_usd_per_mtok",
    ]
    frame = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[2:], "float64"))
    return Figure("workloads", "Workloads", "No price: all demand has to be served.", frame)


def _laws(seen: Reading) -> list[Figure]:
    rows = [
        ("everywhere", d, "; ".join(one.compute), one.law)
        for d, one in seen.inst.data_classes.items()
    ]
    rows += [
        (one.jurisdiction, one.data_class, "; ".join(one.compute), one.law)
        for one in seen.inst.residency
    ]
    frame = pd.DataFrame(
        rows, columns=["jurisdiction", "data_class", "compute_may_stand_in", "law"]
    )
    return [Figure("laws", "Where data may be processed", "Not legal advice.", frame, closed=True)]


def _sources(seen: Reading) -> list[Figure]:
    rows = [
        (what, name, one.source)
        for part, what in WITH_SOURCES.items()
        for name, one in getattr(seen.inst, part).items()
        if one.source
    ]
    if not rows:
        return []
    frame = pd.DataFrame(rows, columns=["what", "name", "source"])
    return [Figure("sources", "Sources", "As the instance states them.", frame, closed=True)]
