"""When: orders, arrivals, halls, refresh and end of life, site by site."""

from collections import defaultdict
from datetime import UTC, date, datetime, time

import pandas as pd

from optimizer.report.charts.timeline import MARKS, strips
from optimizer.report.events import events
from optimizer.report.figure import Figure, Row, Section
from optimizer.report.reading import Reading

MOST_SITES = 24
ROOM, BASE = 0.48, 0.84
"""Part of a site's row that its tallest bar fills, and where bars stand in it."""

STEP_PX = 9
"""Distance of marks of one day [px]."""


def section(seen: Reading) -> Section | None:
    """The build timeline."""
    if not seen.has_plan or seen.plan.tables["online"].empty:
        return None
    return Section("timeline", "When", figures=[figure(seen)])


def figure(seen: Reading) -> Figure:
    """A strip for each site: power in service by unit type, halls, orders, and what leaves."""
    sites = _sites(seen)
    bars, labels, halls = _bars(seen, sites)
    happened = events(seen)
    marks = _marks(happened, sites)
    more = len(set(seen.plan.tables["online"]["site"])) - len(sites)
    left_out = f" The {more} smallest sites are in the table only." if more > 0 else ""
    note = (
        "IT power in service by unit type; the tallest strip of each site fills its row. The thin "
        "line is the halls in use. Marks stand where something is decided, in dark, or ends, in "
        f"red.{left_out}"
    )
    names = {u: c for u, c in seen.unit_colours.items() if u in {bar["unit_type"] for bar in bars}}
    chart = strips(len(sites), names, {str(mark["what"]) for mark in marks})
    data = {"bars": bars, "labels": labels, "halls": halls, "marks": marks}
    table = happened.assign(day=[day.isoformat() for day in happened["day"]])
    return Figure("timeline", "Build timeline by site", note, table, chart, data=data, unit="MW")


def _marks(happened: pd.DataFrame, sites: list[str]) -> list[Row]:
    """One mark for all of a kind on a day; those of one day stand side by side."""
    drawn = happened[happened["site"].isin(sites) & happened["event"].isin(list(MARKS))]
    marks: list[Row] = []
    beside: dict[tuple[str, date], int] = defaultdict(int)
    together: dict[tuple[str, date, str, str], list[str]] = defaultdict(list)
    for s, t, day, what, amount in drawn[["site", "period", "day", "event", "amount"]].itertuples(
        index=False
    ):
        together[s, day, what, t].append(amount)
    for (s, day, what, t), amounts in together.items():
        place = {"row": sites.index(s), "when": _ms(day), "nudge": STEP_PX * beside[s, day]}
        marks.append({**place, "what": what, "told": f"{', '.join(amounts)}, {t}"})
        beside[s, day] += 1
    return marks


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
        base, top = row + BASE, ROOM / tallest
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
