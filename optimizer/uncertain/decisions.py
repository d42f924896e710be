"""What to decide whatever comes, and what waits until more is known."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from models.instance import Instance
from models.scenarios import revealed
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame

DUST = 1e-6
"""Smaller amounts, and smaller differences of amounts, are the solver's rounding [MW]."""

KINDS = (
    ("opening", "openings", "opened"),
    ("halls", "halls", "blocks"),
    ("units", "orders", "units"),
    ("grid_upgrade", "grid_upgrades", "ordered"),
    ("network_option", "network_options", "ordered"),
    ("control_plane", "local_control_planes", "raised"),
    ("conversion", "conversions", "ordered_mw"),
    ("lease", "leases", "new_mw"),
)
"""Kinds of decision: the table of each, and the column of its number."""

IN_MW = ("conversion", "lease")
"""Kinds that are decided in MW; all others are counted."""

PLACE = ["site", "unit_type", "upgrade", "option", "period"]
INDEX = ["kind", *PLACE]

Decision = tuple[str, ...]
"""A decision by its INDEX; what a kind does without is empty."""


def no_regret(inst: Instance, tables: Tables) -> pd.DataFrame:
    """What is ordered in every scenario: the least number over the scenarios."""
    found = ((one, min(amounts.values())) for one, amounts in _ordered(inst, tables))
    rows = [(*one, *_by_unit(one, least)) for one, least in found if least > DUST]
    return make_frame(rows, INDEX, ["mw"], ["units"])[[*INDEX, "units", "mw"]]


def triggers(inst: Instance, tables: Tables) -> pd.DataFrame:
    """What is ordered beyond that in some scenarios, by when, and what is known by then."""
    known_from = revealed(inst)
    rows = []
    for one, amounts in _ordered(inst, tables):
        start = inst.periods[one[-1]].start
        for w, amount in amounts.items():
            if (beyond := amount - min(amounts.values())) > DUST:
                dates = start.isoformat(), _awaits(known_from, w, start).isoformat()
                rows.append((w, *one, *dates, *_by_unit(one, beyond)))
    heads = ["scenario", *INDEX, "decide_by", "awaits"]
    frame = make_frame(rows, heads, ["mw"], ["units"])
    return frame[["scenario", *INDEX, "units", "mw", "decide_by", "awaits"]]


def _by_unit(one: Decision, amount: float) -> tuple[float, int]:
    """An amount in MW, and as a number of whole things; one of them is 0."""
    return (amount, 0) if one[0] in IN_MW else (0.0, round(amount))


def _awaits(known_from: dict[str, date], w: str, start: date) -> date:
    """When it was revealed that a scenario comes true; or the last time that others did not."""
    if known_from[w] <= start:
        return known_from[w]
    return max((day for day in known_from.values() if day <= start), default=start)


def _ordered(inst: Instance, tables: Tables) -> Iterator[tuple[Decision, dict[str, float]]]:
    """Each decision with its amount in every scenario, kind by kind, period by period."""
    order = {t: i for i, t in enumerate(inst.periods)}
    for kind, table, quantity in KINDS:
        frame = tables[table]
        empty = [""] * len(frame)
        columns = [frame[name] if name in frame.columns else empty for name in PLACE]
        found: dict[Decision, dict[str, float]] = {}
        for w, amount, *place in zip(frame["scenario"], frame[quantity], *columns, strict=True):
            amounts = found.setdefault((kind, *place), dict.fromkeys(inst.scenarios, 0.0))
            amounts[w] = float(amount)
        for one in sorted(found, key=lambda decision: order[decision[-1]]):
            if max(found[one].values()) > DUST:
                yield one, found[one]
