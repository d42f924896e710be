"""The world map: Natural Earth's outlines in the Natural Earth projection, turned to its subject.

The map turns about the middle of what it shows, so that nothing is torn apart at the antimeridian:
the projection cuts outlines and great circles where the turned map ends.
"""

from collections.abc import Iterable
from importlib.resources import files
from json import loads
from math import atan2, cos, degrees, pi, radians, sin
from typing import Any

from optimizer.report.charts.style import OTHER, PALETTE, SCHEMA
from optimizer.report.figure import Row, Spec

ROUTE, RENTED, LAWFUL = PALETTE[0], PALETTE[1], OTHER
"""Colours of tokens that flow, of those that are rented, and of routes that the law allows."""

LAND, BORDER = "#e9ecef", "#ffffff"

MIDDLE_LON, MIDDLE_LAT = 11.0, 14.0
"""Middle of the map of the whole world: the cut runs through the Bering Strait."""

WIDE = 200.0
"""What spans more degrees of longitude is shown on a map of the whole world."""


def countries() -> list[Row]:
    """The outlines of the countries as GeoJSON features."""
    text = files("optimizer.report").joinpath("world", "countries.json").read_text("utf-8")
    return [
        {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": one["coordinates"]}}
        for one in loads(text)["countries"]
    ]


def arc(start: tuple[float, float], end: tuple[float, float], told: Row) -> Row:
    """A great circle between two places (longitude, latitude), with what is told of it."""
    line = {"type": "LineString", "coordinates": [list(start), list(end)]}
    return {"type": "Feature", "geometry": line, **told}


def window(places: Iterable[tuple[float, float]]) -> tuple[float, float, float]:
    """Middle (longitude, latitude) and zoom at which a map shows all places."""
    found = list(places)
    x = sum(cos(radians(lon)) for lon, _ in found)
    y = sum(sin(radians(lon)) for lon, _ in found)
    middle = degrees(atan2(y, x)) if found else MIDDLE_LON
    apart = [((lon - middle + 180) % 360) - 180 for lon, _ in found] or [0.0]
    lats = [lat for _, lat in found] or [0.0]
    wide = max(apart) - min(apart)
    if not found or wide > WIDE:
        return MIDDLE_LON, MIDDLE_LAT, 1.1
    lon = middle + (max(apart) + min(apart)) / 2
    zoom = min(360 / (wide * 1.35 + 14), 165 / ((max(lats) - min(lats)) * 1.35 + 10), 7.0)
    return ((lon + 180) % 360) - 180, (max(lats) + min(lats)) / 2, max(1.0, zoom)


def world_map(at: tuple[float, float, float], most: float, unit: str, ring: bool = True) -> Spec:
    """A map with layers `countries`, `arcs`, `regions`, `offers` and `sites`, each with its data.

    Args:
        at: longitude, latitude, zoom.
        most: the largest value of `value` and `around`, which decide the size of a site.
        unit: of the value.
        ring: whether a ring shows `around`.
    """
    lon, lat, zoom = at
    place = {
        "longitude": {"field": "lon", "type": "quantitative"},
        "latitude": {"field": "lat", "type": "quantitative"},
    }
    largest = {"expr": "400 + width * 1.1"}
    size = {"type": "linear", "domain": [0, max(most, 1e-9)], "range": [14, largest]}
    told = [{"field": "label", "type": "nominal", "title": "site"}]
    told.append({"field": "told", "type": "nominal", "title": unit})
    plain: dict[str, Any] = {"scale": None, "legend": None}
    layers: list[dict[str, Any]] = [
        {
            "name": "land",
            "data": {"name": "countries"},
            "mark": {
                "type": "geoshape",
                "fill": LAND,
                "stroke": BORDER,
                "strokeWidth": 0.7,
                "clip": True,
                "tooltip": None,
            },
        },
        {
            "name": "arcs",
            "data": {"name": "arcs"},
            "mark": {
                "type": "geoshape",
                "filled": False,
                "strokeCap": "round",
                "clip": True,
            },
            "encoding": {
                "stroke": {"field": "colour", "type": "nominal", **plain},
                "strokeWidth": {"field": "weight", "type": "quantitative", **plain},
                "strokeOpacity": {"value": 0.55},
                "strokeDash": {
                    "condition": {"test": "datum.kind === 'lawful'", "value": [2, 4]},
                    "value": [1, 0],
                },
                "tooltip": [
                    {"field": "label", "type": "nominal", "title": "from and to"},
                    {"field": "told", "type": "nominal", "title": "tokens"},
                ],
            },
        },
        {
            "name": "regions",
            "data": {"name": "regions"},
            "mark": {"type": "circle", "size": 9, "color": "#7d8791", "opacity": 0.9, "clip": True},
            "encoding": place
            | {"tooltip": [{"field": "label", "type": "nominal", "title": "demand region"}]},
        },
        {
            "name": "offers",
            "data": {"name": "offers"},
            "mark": {"type": "square", "size": 46, "color": RENTED, "opacity": 0.95, "clip": True},
            "encoding": place
            | {
                "tooltip": [
                    {"field": "label", "type": "nominal", "title": "rented from"},
                    {"field": "told", "type": "nominal", "title": "tokens"},
                ]
            },
        },
    ]
    if ring:
        layers.append(
            {
                "name": "rings",
                "data": {"name": "sites"},
                "mark": {"type": "point", "shape": "circle", "filled": False, "clip": True},
                "encoding": place
                | {
                    "size": {"field": "around", "type": "quantitative", **plain, "scale": size},
                    "stroke": {"field": "colour", "type": "nominal", **plain},
                    "strokeWidth": {"value": 1.1},
                    "strokeOpacity": {"value": 0.8},
                    "tooltip": told,
                },
            }
        )
    layers.append(
        {
            "name": "sites",
            "data": {"name": "sites"},
            "transform": [{"filter": "datum.value > 0"}],
            "mark": {"type": "circle", "opacity": 0.78, "clip": True},
            "encoding": place
            | {
                "size": {"field": "value", "type": "quantitative", **plain, "scale": size},
                "color": {"field": "colour", "type": "nominal", **plain},
                "tooltip": told,
            },
        }
    )
    return {
        "$schema": SCHEMA,
        "padding": 0,
        "width": 960,
        "height": 470,
        "params": [
            {"name": "lon", "value": round(lon, 2)},
            {"name": "lat", "value": round(lat, 2)},
            {"name": "zoom", "value": round(zoom, 3)},
        ],
        "projection": {
            "type": "naturalEarth1",
            "rotate": {"expr": "[-lon, 0, 0]"},
            "center": {"expr": "[0, lat]"},
            "scale": {"expr": f"zoom * width / {1.76 * pi:.4f}"},
            "translate": {"expr": "[width / 2, height / 2]"},
        },
        "layer": layers,
        "resolve": {"scale": {"size": "shared"}},
    }
