"""When: orders, arrivals, halls, refresh and end of life, site by site."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pandas as pd

from models.calendar import add_months
from models.cohorts import since
from optimizer.report.charts.style import FAINT, INK, SCHEMA, WARN, scale
from optimizer.report.figure import Figure, Row, Section, Spec
from optimizer.report.reading import Reading

MOST_SITES = 24
ROOM = 0.56
"""Part of a site's row that its tallest bar fills."""


def section(seen: Reading) -> Section | None:
    """The build timeline."""
    if not seen.has_plan or seen.plan.tables["online"].empty:
        return None
    return Section("timeline", "When", figures=[figure(seen)])


def figure(seen: Reading) -> Figure:
    """A strip for each site: power in service by unit type, halls, orders, and what leaves."""
    sites = _sites(seen)
    bars, labels, halls = _bars(seen, sites)
    events = _events(seen)
    told = "the tallest strip of each site fills its row"
    more = len(set(seen.plan.tables["online"]["site"])) - len(sites)
    left_out = f" The {more} smallest sites are in the table only." if more > 0 else ""
    note = (
        f"IT power in service by unit type; {told}. The thin line is the halls in use; "
        "triangles are orders of units, squares orders of halls, crosses units that leave."
        f"{left_out}"
    )
    marks = [
        {"row": sites.index(s), "when": _ms(day), "what": what, "told": f"{amount}, {t}"}
        for s, t, day, what, amount in events[
            ["site", "period", "day", "event", "amount"]
        ].itertuples(index=False)
        if s in sites
    ]
    names = {u: c for u, c in seen.unit_colours.items() if u in {bar["unit_type"] for bar in bars}}
    chart = _chart(len(sites), names, {mark["what"] for mark in marks})
    data = {"bars": bars, "labels": labels, "halls": halls, "marks": marks}
    table = events.drop(columns="day").assign(day=[day.isoformat() for day in events["day"]])
    return Figure("timeline", "Build timeline by site", note, table, chart, data=data, unit="MW")


def _ms(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


def _sites(seen: Reading) -> list[str]:
    """The sites with the most power in service in some period, largest first."""
    size = seen.plan.tables["power"].groupby("site")["it_mw"].max()
    busy = size[size > 0].sort_values(ascending=False, kind="stable")
    return [str(s) for s in busy.index[:MOST_SITES]]


def _bars(seen: Reading, sites: list[str]) -> tuple[list[Row], list[Row], list[Row]]:
    """Power in service as rectangles, a label for each site, and its halls as steps."""
    inst, tables = seen.inst, seen.plan.tables
    online: dict[tuple[str, str], list[tuple[str, int, float]]] = defaultdict(list)
    for s, u, t, units in tables["online"].itertuples(index=False):
        online[s, t].append((u, units, units * inst.unit_types[u].it_mw))
    hall_mw = tables["halls"].set_index(["site", "period"])["hall_mw"].to_dict()
    bars, labels, halls = [], [], []
    for row, s in enumerate(sites):
        total = {t: sum(mw for _, _, mw in online[s, t]) for t in inst.periods}
        tallest = max(*total.values(), *(hall_mw.get((s, t), 0.0) for t in inst.periods))
        base, top = row + 0.96, ROOM / tallest
        for t, period in inst.periods.items():
            span, low = {"from": _ms(period.start), "to": _ms(period.end)}, 0.0
            for u, units, mw in online[s, t]:
                ends = {
                    "low": round(base - low * top, 4),
                    "high": round(base - (low + mw) * top, 4),
                }
                told = f"{units:,} units, {mw:,.1f} MW, {t}"
                bars.append({"site": s, "unit_type": u, "told": told, **span, **ends})
                low += mw
            if (s, t) in hall_mw:
                halls.append({"level": round(base - hall_mw[s, t] * top, 4), **span})
        end = f"{total[seen.periods[-1]]:,.1f} MW"
        labels.append({"row": row + 0.24, "label": s, "end": end})
    return bars, labels, halls


def _events(seen: Reading) -> pd.DataFrame:
    """Every order, arrival and departure: site, period, day, what happens, of what, how much."""
    inst, tables = seen.inst, seen.plan.tables
    start = {t: period.start for t, period in inst.periods.items()}
    rows: list[tuple[Any, ...]] = []
    for s, t, _ in tables["openings"].itertuples(index=False):
        rows.append((s, t, start[t], "site opened", "", 0.0, ""))
    new = tables["halls"][tables["halls"]["ordered_mw"] > 0]
    for s, t, mw in new[["site", "period", "ordered_mw"]].itertuples(index=False):
        rows.append((s, t, start[t], "halls ordered", "halls", mw, f"{mw:,.1f} MW of halls"))
        for served in inst.hall_services[s, t][:1]:
            rows.append(
                (s, served, start[served], "halls in use", "halls", mw, f"{mw:,.1f} MW of halls")
            )
    for s, u, t, units in tables["orders"].itertuples(index=False):
        mw, what = units * inst.unit_types[u].it_mw, f"{units:,} {u}"
        rows.append((s, t, start[t], "ordered", u, mw, what))
        serves = inst.services[s, u, t]
        if serves:
            rows.append((s, serves[0], start[serves[0]], "in service", u, mw, what))
    for s, u, _, t, units in tables["retirements"].itertuples(index=False):
        mw = units * inst.unit_types[u].it_mw
        rows.append((s, t, start[t], "leaves early", u, mw, f"{units:,} {u}"))
    for s, u, t, units in _ends_of_life(seen):
        mw = units * inst.unit_types[u].it_mw
        rows.append((s, t, start[t], "end of life", u, mw, f"{units:,} {u}"))
    for s, g, t, mw in tables["grid_upgrades"][
        ["site", "upgrade", "period", "added_mw"]
    ].itertuples(index=False):
        rows.append((s, t, start[t], "grid upgrade ordered", g, mw, f"{mw:,.1f} MW of grid"))
    names = ["site", "period", "day", "event", "item", "power_mw", "amount"]
    place = {s: i for i, s in enumerate(inst.sites)}
    rows.sort(key=lambda row: (place[row[0]], row[2]))
    return pd.DataFrame(rows, columns=names)


def _ends_of_life(seen: Reading) -> Iterator[tuple[str, str, str, int]]:
    """Units that reach the end of their life: site, unit type, period, how many."""
    inst = seen.inst
    early = seen.plan.tables["retirements"].groupby(["site", "unit_type", "cohort"])["units"].sum()
    cohorts = [
        ((s, u, t), units, inst.services[s, u, t])
        for s, u, t, units in seen.plan.tables["orders"].itertuples(index=False)
    ]
    for row in inst.initial_units:
        ends = add_months(row.in_service, 12 * inst.unit_types[row.unit_type].life_years)
        serves = tuple(
            t for t, p in inst.periods.items() if row.in_service <= p.start and p.end <= ends
        )
        cohorts.append(((row.site, row.unit_type, since(row.in_service)), row.units, serves))
    for key, units, serves in cohorts:
        staying = units - int(early.get(key, 0))
        if staying > 0 and serves and serves[-1] != seen.periods[-1]:
            gone = seen.periods[seen.periods.index(serves[-1]) + 1]
            yield key[0], key[1], gone, staying


def _chart(rows: int, told: dict[str, str], happens: set[Any]) -> Spec:
    flat = {"scale": {"domain": [rows, 0], "nice": False, "zero": False}, "axis": None}
    span: dict[str, Any] = {
        "x": {
            "field": "from",
            "type": "temporal",
            "scale": {"type": "utc"},
            "axis": {
                "title": None,
                "orient": "top",
                "grid": True,
                "format": "%Y",
                "tickCount": "year",
            },
        },
        "x2": {"field": "to"},
    }
    kinds = {"ordered": "triangle-right", "halls ordered": "square", "leaves early": "cross",
             "end of life": "cross"}  # fmt: skip
    inks = {"ordered": INK, "halls ordered": FAINT, "leaves early": WARN, "end of life": WARN}
    kinds = {what: shape for what, shape in kinds.items() if what in happens}
    inks = {what: ink for what, ink in inks.items() if what in happens}
    mark = {
        "x": span["x"] | {"field": "when"},
        "y": {"field": "y", "type": "quantitative", **flat},
        "shape": {
            "field": "what",
            "type": "nominal",
            "scale": {"domain": list(kinds), "range": list(kinds.values())},
            "legend": {"symbolType": "circle", "symbolFillColor": FAINT},
        },
        "fill": {"field": "what", "type": "nominal", "legend": None, "scale": scale(inks)},
        "tooltip": [{"field": "what", "type": "nominal"}, {"field": "told", "type": "nominal"}],
    }
    layers = [
        {
            "data": {"name": "bars"},
            "mark": {"type": "rect", "opacity": 0.85},
            "encoding": span
            | {
                "y": {"field": "low", "type": "quantitative", **flat},
                "y2": {"field": "high"},
                "color": {"field": "unit_type", "type": "nominal", "scale": scale(told)},
                "tooltip": [
                    {"field": "site", "type": "nominal"},
                    {"field": "unit_type", "type": "nominal", "title": "unit type"},
                    {"field": "told", "type": "nominal", "title": "in service"},
                ],
            },
        },
        {
            "data": {"name": "halls"},
            "mark": {"type": "rule", "color": FAINT, "strokeWidth": 1},
            "encoding": span | {"y": {"field": "level", "type": "quantitative", **flat}},
        },
        {
            "name": "events",
            "data": {"name": "marks"},
            "transform": [
                {"filter": f"indexof({list(kinds)}, datum.what) >= 0"},
                {"calculate": "datum.row + 0.96", "as": "y"},
            ],
            "mark": {"type": "point", "filled": True, "size": 34, "opacity": 0.9},
            "encoding": mark,
        },
        {
            "name": "names",
            "data": {"name": "labels"},
            "mark": {"type": "text", "align": "left", "x": 2, "fontWeight": 600},
            "encoding": {
                "y": {"field": "row", "type": "quantitative", **flat},
                "text": {"field": "label"},
            },
        },
        {
            "name": "ends",
            "data": {"name": "labels"},
            "mark": {"type": "text", "align": "right", "x": "width"},
            "encoding": {
                "y": {"field": "row", "type": "quantitative", **flat},
                "text": {"field": "end"},
            },
        },
    ]
    resolve = {"legend": {"color": "independent", "shape": "independent", "fill": "independent"}}
    size = {"width": "container", "height": max(120, 48 * rows)}
    return {
        "$schema": SCHEMA,
        **size,
        "data": {"name": "bars"},
        "layer": layers,
        "resolve": resolve,
    }
