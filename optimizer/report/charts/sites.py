"""A map of sites that stands still: each with a colour, a size and words."""

from collections.abc import Iterable

from models.instance import Instance
from optimizer.report.charts.world import window, world_map
from optimizer.report.figure import Row, Spec

SMALL = 1.0
"""Size of the ring of a site where nothing is built [MW]."""


def site_map(
    inst: Instance, told: Iterable[tuple[str, str, float, str]]
) -> tuple[Spec, dict[str, list[Row]]]:
    """A map and its data.

    Args:
        inst: where sites and regions stand.
        told: site, colour, IT power [MW] and words of each.
    """
    sites: list[Row] = [
        {
            "label": inst.sites[s].name or s,
            "lon": inst.sites[s].lon,
            "lat": inst.sites[s].lat,
            "value": mw,
            "around": mw or SMALL,
            "colour": colour,
            "told": words,
        }
        for s, colour, mw, words in sorted(told, key=lambda one: -one[2])
    ]
    regions: list[Row] = [
        {"lon": one.lon, "lat": one.lat, "label": one.name or r} for r, one in inst.regions.items()
    ]
    places = [(one["lon"], one["lat"]) for one in (*sites, *regions)]
    most = max((one["value"] for one in sites), default=1.0)
    chart = world_map(window(places), most, "open at the end") | {"width": "container"}
    return chart, {"sites": sites, "regions": regions, "arcs": [], "offers": []}
