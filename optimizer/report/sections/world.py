"""Where: the world map, with a slider over the periods, tokens served and what the law allows."""

import pandas as pd

from optimizer.plan.frame import records
from optimizer.report.charts.style import OTHER, colours
from optimizer.report.charts.world import RENTED, ROUTE, arc, window, world_map
from optimizer.report.figure import Figure, Row, Section
from optimizer.report.reading import Reading

MOST_ARCS = 60
"""Routes drawn on a picture that nobody can ask for more."""


def section(seen: Reading) -> Section | None:
    """The map of sites and tokens."""
    return Section("world", "Where", figures=figures(seen)) if seen.has_plan else None


def figures(seen: Reading) -> list[Figure]:
    """The map, and the tokens by route as a table."""
    inst, table = seen.inst, _table(seen)
    places = _places(seen)
    on_map = [(one["lon"], one["lat"]) for one in places]
    most = float(max(table["energised_mw"].max(), table["in_service_mw"].max(), 1.0))
    regions: list[Row] = [
        {"region": r, "lon": one.lon, "lat": one.lat, "label": one.name or r}
        for r, one in inst.regions.items()
    ]
    at = window([*on_map, *((one["lon"], one["lat"]) for one in regions)])
    last = seen.periods[-1]
    data = {
        "places": places,
        "regions": regions,
        "routes": records(seen.routes.round(6)),
        "rented": records(seen.rented.round(6)),
        "lenders": _lenders(seen),
        "offers": _used_offers(seen, last),
        "lawful": _lawful(seen),
        "sites": _drawn(table, places, last),
        "arcs": _arcs(seen, places, last),
    }
    note = (
        "A disc is the power of the units in service, the ring around it the energised grid "
        "connection; the gap between the two is stranded. Small dots are demand regions."
    )
    if not seen.rented.empty:
        note += " Squares are those who tokens are rented from."
    routes = seen.routes.rename(columns={"mtok_s": "served_mtok_s"})
    rented = seen.rented.rename(columns={"mtok_s": "rented_mtok_s"})
    words = "Mean of the period over all workloads and data classes."
    found = [
        Figure("map", "Build-out and tokens served", note, table,
               world_map(at, most, "MW"), data=data, view="map"),
        Figure("routes", "Tokens by route", words, routes, closed=True),
    ]  # fmt: skip
    if not rented.empty:
        found.append(Figure("rented-routes", "Tokens rented, by region and offer", words, rented,
                            closed=True))  # fmt: skip
    return found


def _lenders(seen: Reading) -> list[Row]:
    """Every offer that is taken up in some period."""
    taken = set(seen.rented["offer"])
    return [
        {
            "offer": x,
            "label": f"{one.name} ({x})" if one.name else x,
            "lon": one.lon,
            "lat": one.lat,
        }
        for x, one in seen.inst.rentals.items()
        if x in taken
    ]


def _used_offers(seen: Reading, period: str) -> list[Row]:
    """The offers of one period as the map draws them."""
    now = seen.rented[seen.rented["period"] == period].groupby("offer")["mtok_s"].sum()
    return [
        one | {"told": f"{now[one['offer']]:,.3g} Mtok/s"}
        for one in _lenders(seen)
        if one["offer"] in now.index
    ]


def _table(seen: Reading) -> pd.DataFrame:
    """Every open site in every period: its power, and the hardware of most of it."""
    power, inst = seen.plan.tables["power"], seen.inst
    online = seen.plan.tables["online"]
    it = online["unit_type"].map({u: unit.it_mw for u, unit in inst.unit_types.items()})
    most = online.assign(mw=online["units"] * it.astype(float)).sort_values("mw", kind="stable")
    main = most.drop_duplicates(["site", "period"], keep="last").set_index(["site", "period"])
    keys = pd.MultiIndex.from_frame(power[["site", "period"]])
    hardware = main["unit_type"].reindex(keys).fillna("").to_numpy()
    return pd.DataFrame(
        {
            "site": power["site"],
            "name": power["site"].map({s: one.name or s for s, one in inst.sites.items()}),
            "operator": power["site"].map({s: one.operator for s, one in inst.sites.items()}),
            "period": power["period"],
            "hardware": hardware,
            "in_service_mw": power["meter_mw"],
            "energised_mw": power["limit_mw"],
        }
    )


def _places(seen: Reading) -> list[Row]:
    """Every site of the instance, with the colour of its operator."""
    inst, power = seen.inst, seen.plan.tables["power"]
    size = power.groupby("site")["meter_mw"].max()
    by_operator = size.groupby(size.index.map({s: o.operator for s, o in inst.sites.items()})).sum()
    told = colours(map(str, by_operator.sort_values(ascending=False).index))
    return [
        {
            "site": s,
            "label": seen.site_label(s),
            "operator": one.operator,
            "lon": one.lon,
            "lat": one.lat,
            "colour": told.get(one.operator, OTHER),
        }
        for s, one in inst.sites.items()
    ]


def _lawful(seen: Reading) -> list[Row]:
    """For each demand region and data class the sites that some work may be sent to."""
    inst = seen.inst
    found: dict[tuple[str, str], dict[str, None]] = {}
    for j, sites in inst.lawful_sites.items():
        stream = inst.streams[j]
        known = found.setdefault((stream.region, stream.data_class), {})
        known.update(dict.fromkeys((*sites, *inst.raised_sites.get(j, ()))))
    number = {s: i for i, s in enumerate(inst.sites)}
    return [
        {"region": r, "data_class": d, "sites": [number[s] for s in sites]}
        for (r, d), sites in found.items()
    ]


def _drawn(table: pd.DataFrame, places: list[Row], period: str) -> list[Row]:
    """The sites of one period as the map draws them."""
    now = {row["site"]: row for row in records(table[table["period"] == period])}
    found = [
        place
        | {
            "value": now[place["site"]]["in_service_mw"],
            "around": now[place["site"]]["energised_mw"],
            "told": f"{now[place['site']]['in_service_mw']:,.1f}",
        }
        for place in places
        if place["site"] in now
    ]
    return sorted(found, key=lambda one: -max(one["value"], one["around"]))


def _arcs(seen: Reading, places: list[Row], period: str) -> list[Row]:
    """The largest routes of one period, rented tokens among them."""
    routes = seen.routes.assign(colour=ROUTE, kind="served").rename(columns={"site": "source"})
    rented = seen.rented.assign(colour=RENTED, kind="rented").rename(columns={"offer": "source"})
    both = pd.concat([routes, rented])
    both = both[both["period"] == period]
    both = both.sort_values("mtok_s", ascending=False, kind="stable").head(MOST_ARCS)
    at = {("served", one["site"]): (one["lon"], one["lat"]) for one in places}
    at |= {("rented", one["offer"]): (one["lon"], one["lat"]) for one in _lenders(seen)}
    home = {r: (one.lon, one.lat) for r, one in seen.inst.regions.items()}
    most = float(both["mtok_s"].max()) if len(both) else 1.0
    columns = ["region", "source", "mtok_s", "colour", "kind"]
    return [
        arc(home[r], at[kind, source], {
            "label": f"{r} – {source}", "told": f"{rate:,.3g} Mtok/s", "colour": colour,
            "kind": kind, "weight": 0.4 + 3.6 * rate / most,
        })
        for r, source, rate, colour, kind in both[columns].itertuples(index=False)
    ]  # fmt: skip
