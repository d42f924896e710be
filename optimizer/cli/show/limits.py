"""Which limits bind, how often, and where most."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from optimizer.cli.layout import WIDTH, width_of

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan

MOST_PLACES = 4


def binding(inst: "Instance", plan: "Plan") -> list[str]:
    """For each kind of limit: how many of its rows bind, and the places where most do."""
    limits = plan.tables["limits"]
    order = list(inst.periods)
    lines = ["Limits that bind"]
    for name, rows in limits.groupby("limit", sort=False):
        bound = rows[rows["binds"].astype(bool)]
        if bound.empty:
            continue
        periods = {str(at): list(group["period"]) for at, group in bound.groupby("at", sort=False)}
        most = sorted(periods, key=lambda at: -len(periods[at]))
        named = [f"{at} ({spans(periods[at], order)})" for at in most[:MOST_PLACES]]
        if (more := len(most) - MOST_PLACES) > 0:
            named.append(f"and {more} more")
        count = f"{len(bound):,} of {len(rows):,}"
        lines += _entry(str(name).replace("_", " "), count, named)
    return lines if len(lines) > 1 else ["No limit binds"]


def _entry(name: str, count: str, named: Sequence[str]) -> list[str]:
    """One kind of limit, its places on as many lines as they need."""
    lead = f"  {name:<17}  {count:>12}  "
    lines = [lead]
    for i, text in enumerate(named):
        part = text + ("" if i == len(named) - 1 else ", ")
        if width_of(lines[-1] + part.rstrip()) > WIDTH and lines[-1].strip():
            lines.append(" " * len(lead))
        lines[-1] += part
    return [line.rstrip() for line in lines]


def spans(periods: Iterable[str], order: Sequence[str]) -> str:
    """Periods in few words: runs of neighbours as first–last."""
    places = sorted(order.index(t) for t in periods if t in order)
    runs: list[list[int]] = []
    for i in places:
        if runs and i == runs[-1][-1] + 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    if len(runs) > 2:
        return f"{len(places)} periods, {order[places[0]]}–{order[places[-1]]}"
    parts = [order[r[0]] if len(r) == 1 else f"{order[r[0]]}–{order[r[-1]]}" for r in runs]
    return ", ".join(parts) or "whole horizon"
