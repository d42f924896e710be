"""Soft limits that the plan misses: by how much, and what that costs; as a table and in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from models import soft
from models.instance import Instance
from optimizer.figures import money, number
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame

if TYPE_CHECKING:
    from optimizer.plan.plan import Plan

INDEX = ["limit", "at", "period"]
LEAST = ("min_build", "sufficiency_share", "sufficiency_mw")
"""Limits that are missed from below."""


def violations(inst: Instance, tables: Tables) -> pd.DataFrame:
    """What is missed, with its unit, its price and its cost, not discounted."""
    units = tables["limits"].set_index(INDEX)["unit"].to_dict()
    rows = [
        (*key, excess, inst.soft[key].price_musd, excess * soft.price(inst, *key), units[key])
        for *names, excess in _rows(tables)
        for key in [tuple(names)]
    ]
    frame = make_frame((row[:-1] for row in rows), INDEX, ["excess", "price_musd", "musd"])
    frame.insert(4, "unit", pd.Series([row[-1] for row in rows], dtype="str"))
    return frame


def penalties(inst: Instance, tables: Tables) -> Iterator[tuple[str, str, str, float, float]]:
    """What violations cost, as payments of nobody: site, period, term, MUSD, discounted."""
    for limit, at, t, excess in _rows(tables):
        musd = excess * soft.price(inst, limit, at, t)
        worth = musd * soft.discount(inst, limit, t)
        yield "", soft.counted_in(inst, t), "violations", musd, worth


def _rows(tables: Tables) -> Iterator[tuple[Any, ...]]:
    return tables["violations"][[*INDEX, "excess"]].itertuples(index=False, name=None)


def in_words(plan: "Plan") -> list[str]:
    """Each violation: 'budget of world in 2027: 120 MUSD over, costs 24 MUSD'."""
    frame = plan.tables.get("violations")
    if frame is None:
        return []
    return [
        f"{limit.replace('_', ' ')} of {at}{f' in {t}' if t else ''}: {number(excess)} {unit} "
        f"{'below' if limit in LEAST else 'over'}, costs {money(musd)}"
        for limit, at, t, excess, unit, _, musd in frame.itertuples(index=False, name=None)
    ]
