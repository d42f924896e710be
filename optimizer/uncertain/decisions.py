"""What to decide whatever comes, and what waits until more is known."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from models.instance import Instance
from models.scenarios import revealed
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame

KINDS = (
    ("opening", "openings", "opened"),
    ("halls", "halls", "blocks"),
    ("units", "orders", "units"),
    ("grid_upgrade", "grid_upgrades", "ordered"),
)
"""Kinds of decision: the table of each, and the column of its number."""

PLACE = ["site", "unit_type", "upgrade", "period"]
INDEX = ["kind", *PLACE]

Decision = tuple[str, ...]
"""A decision by its INDEX; what a kind does without is empty."""


def no_regret(inst: Instance, tables: Tables) -> pd.DataFrame:
    """What is ordered in every scenario: the least number over the scenarios."""
    rows = ((*one, min(units.values())) for one, units in _ordered(inst, tables))
    return make_frame((row for row in rows if row[-1]), INDEX, whole=["units"])


def triggers(inst: Instance, tables: Tables) -> pd.DataFrame:
    """What is ordered beyond that in some scenarios, by when, and what is known by then."""
    known_from = revealed(inst)
    rows = []
    for one, units in _ordered(inst, tables):
        start = inst.periods[one[-1]].start
        for w, number in units.items():
            if beyond := number - min(units.values()):
                awaits = _awaits(known_from, w, start)
                rows.append((w, *one, start.isoformat(), awaits.isoformat(), beyond))
    heads = ["scenario", *INDEX, "decide_by", "awaits"]
    frame = make_frame(rows, heads, whole=["units"])
    return frame[["scenario", *INDEX, "units", "decide_by", "awaits"]]


def _awaits(known_from: dict[str, date], w: str, start: date) -> date:
    """When it was revealed that a scenario comes true; or the last time that others did not."""
    if known_from[w] <= start:
        return known_from[w]
    return max((day for day in known_from.values() if day <= start), default=start)


def _ordered(inst: Instance, tables: Tables) -> Iterator[tuple[Decision, dict[str, int]]]:
    """Each decision with its number in every scenario, kind by kind, period by period."""
    order = {t: i for i, t in enumerate(inst.periods)}
    for kind, table, quantity in KINDS:
        frame = tables[table]
        empty = [""] * len(frame)
        columns = [frame[name] if name in frame.columns else empty for name in PLACE]
        found: dict[Decision, dict[str, int]] = {}
        for w, number, *place in zip(frame["scenario"], frame[quantity], *columns, strict=True):
            numbers = found.setdefault((kind, *place), dict.fromkeys(inst.scenarios, 0))
            numbers[w] = int(number)
        for one in sorted(found, key=lambda decision: order[decision[-1]]):
            if any(found[one].values()):
                yield one, found[one]
