"""Data gravity: where the data of a workload may be brought, and what carrying them costs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.instance import Instance


def data_leave(inst: "Instance", region: str, workload: str, jurisdiction: str) -> str | None:
    """Why a region's data may not be brought to a jurisdiction, in words; None if they may."""
    stays = inst.workloads[workload].data_stays
    home = inst.regions[region].jurisdiction
    here, there = inst.jurisdictions[home], inst.jurisdictions[jurisdiction]
    near = {
        "anywhere": True,
        "jurisdiction": home == jurisdiction,
        "bloc": home == jurisdiction or not set(here.blocs).isdisjoint(there.blocs),
        "continent": here.continent == there.continent,
    }
    return None if near[stays] else f"the data of {workload} stay in their {stays}"


def carrying_prices(inst: "Instance") -> dict[tuple[str, str, str], float]:
    """Price of tokens with their data, by region, workload and site [USD per Mtok]."""
    quoted = {(row.zone_a, row.zone_b): row.usd_per_gb for row in inst.network_prices}
    quoted |= {(b, a): price for (a, b), price in quoted.items()}
    gb = {k: workload.data_gb_per_mtok for k, workload in inst.workloads.items()}
    out = {}
    for (r, s), tokens in inst.network_price.items():
        zones = inst.regions[r].network_zone or "", inst.sites[s].network_zone or ""
        data = quoted.get(zones, 0.0)
        out.update({(r, k, s): tokens + gb[k] * data for k in gb})
    return out
