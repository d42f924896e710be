"""All other decisions of the plan: each table that has rows and is not drawn elsewhere."""

from optimizer.report.figure import Figure, Section
from optimizer.report.reading import Reading

TITLES = {
    "retirements": "Units that leave before the end of their life",
    "conversions": "Mining converted",
    "leases": "Halls on lease",
    "grid_upgrades": "Grid upgrades ordered",
    "rental_use": "Tokens rented",
    "local_control_planes": "Local control planes raised",
    "volume_tiers": "Volume tiers reached",
    "network_options": "Network options bought",
    "commitments": "What was committed, and what is kept of it",
    "reserve": "Units in reserve",
    "clusters": "Training clusters",
    "violations": "Soft limits that are missed, and what that costs",
    "portability": "Work that moves between operators and generations",
    "model_sites": "Where models are trained and used",
    "model_transfers": "Models sent from site to site",
    "pipeline": "Steps of grid connections, and from when they are counted on",
}
"""Titles of known tables; others are called by their names."""

ELSEWHERE = frozenset(
    ("openings", "halls", "orders", "online", "runs", "flows", "rentals", "shortfall", "coverage",
     "power", "emissions", "debt", "cash", "cost_per_mtok", "limits", "resilience",
     "contingency_flows", "contingency_rentals", "contingency_runs")
)  # fmt: skip
"""Tables that other sections draw."""


def section(seen: Reading) -> Section | None:
    """A table for each; nothing if there is none."""
    figures = [
        Figure(
            name.replace("_", "-"), TITLES.get(name, name.replace("_", " ").capitalize()), "", table
        )
        for name, table in seen.plan.tables.items()
        if name not in ELSEWHERE and not table.empty
    ]
    return Section("further", "Further decisions", figures=figures) if figures else None
