"""Changes of what stands: grid upgrades, networks and clusters on them, and early leavers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from optimizer.cli.layout import table
from optimizer.figures import amount

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan

MOST_ROWS = 25


def upgrades(inst: "Instance", plan: "Plan") -> list[str]:
    """Upgrades of grid connections: when ordered, when energised; nothing where there are none."""
    columns = ("site", "upgrade", "period", "added_mw", "added_cap_mw")
    rows = [
        (s, g, t, inst.grid_upgrade_services[s, g, t][0], amount(mw), amount(cap))
        for s, g, t, mw, cap in _rows(plan, "grid_upgrades", *columns)
    ]
    heads = ("site", "upgrade", "ordered", "energised", "site MW", "region MW")
    return _section("Grid upgrades", heads, rows, "llllrr", "grid_upgrades")


def networks(inst: "Instance", plan: "Plan") -> list[str]:
    """Network options: when ordered, from when they work; nothing where there are none."""
    rows = [
        (s, n, t, inst.network_option_services[s, n, t][0])
        for s, n, t in _rows(plan, "network_options", "site", "option", "period")
    ]
    return _section(
        "Networks", ("site", "option", "ordered", "works from"), rows, "llll", "network_options"
    )


def clusters(_: "Instance", plan: "Plan") -> list[str]:
    """Clusters in their last period: units at work, utilisation; nothing if there are none."""
    columns = ("site", "unit_type", "workload", "period", "units", "utilisation", "option")
    last = {row[:3]: row for row in _rows(plan, "clusters", *columns)}
    rows = [(*row[:4], f"{row[4]:,}", f"{row[5]:.0%}", row[6]) for row in last.values()]
    heads = ("site", "unit type", "workload", "in", "units", "utilisation", "network")
    return _section("Clusters, as they stand last", heads, rows, "llllrrl", "clusters")


def early_leavers(_: "Instance", plan: "Plan") -> list[str]:
    """Units that leave before the end of their life; nothing where none do."""
    columns = ("site", "unit_type", "cohort", "period", "units")
    rows = [(s, u, c, t, f"{n:,}") for s, u, c, t, n in _rows(plan, "retirements", *columns)]
    heads = ("site", "unit type", "ordered", "leave in", "units")
    return _section("Units that leave early", heads, rows, "llllr", "retirements")


def _rows(plan: "Plan", name: str, *columns: str) -> list[tuple[Any, ...]]:
    if name not in plan.tables:
        return []
    return list(plan.tables[name][list(columns)].itertuples(index=False, name=None))


def _section(
    title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], sides: str, name: str
) -> list[str]:
    if not rows:
        return []
    lines = [title, *table(heads, rows[:MOST_ROWS], sides)]
    if (more := len(rows) - MOST_ROWS) > 0:
        lines.append(f"  and {more} more in tables/{name}.csv")
    return lines
