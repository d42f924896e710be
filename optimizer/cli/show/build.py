"""Where, what and when: sites with their units, and what has to be ordered first."""

from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.figures import amount
from optimizer.plan.due import due

if TYPE_CHECKING:
    import pandas as pd

    from models.instance import Instance
    from optimizer.plan import Plan

MOST_SITES = 25
MOST_DUE = 25
FIRST_PERIODS = 2


def where_what_when(inst: "Instance", plan: "Plan") -> list[str]:
    """One block of lines for each site, largest first: units by type with years of their orders."""
    last = list(inst.periods)[-1]
    power = plan.tables["power"]
    at_end = power[power["period"] == last].set_index("site")["it_mw"].to_dict()
    connected = power[power["period"] == last].set_index("site")["limit_mw"].to_dict()
    orders = plan.tables["orders"]
    opened = plan.tables["openings"].set_index("site")["period"].to_dict()
    used = {*power["site"], *orders["site"]}
    sites = sorted(
        (s for s in inst.sites if s in used), key=lambda s: at_end.get(s, 0.0), reverse=True
    )
    rows = []
    for s in sites[:MOST_SITES]:
        start = "already" if inst.sites[s].opened else opened.get(s, "")
        mw = amount(at_end.get(s, 0.0)), amount(connected.get(s, inst.grid_mw(s, last)))
        units = _units(inst, orders[orders["site"] == s]) or [("no orders", "", "")]
        place = inst.jurisdictions[inst.sites[s].jurisdiction].continent
        rows.append((s, place, start, *units[0], *mw))
        rows += [("", "", "", *line, "", "") for line in units[1:]]
    heads = ("site", "continent", "open", "unit type", "units", "ordered", "IT MW", "grid MW")
    title = f"Where, what and when (MW in {last})"
    lines = [title, *table(heads, rows, "llllrlrr")]
    if (more := len(sites) - MOST_SITES) > 0:
        lines.append(f"  and {more} more in tables/orders.csv")
    return lines


def _units(inst: "Instance", orders: "pd.DataFrame") -> list[tuple[str, str, str]]:
    """Unit type, number, and first and last order period, in order of the first order."""
    place = {t: i for i, t in enumerate(inst.periods)}
    found = []
    for u, group in orders.groupby("unit_type", sort=False):
        periods = sorted(group["period"], key=lambda t: place[t])
        when = periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
        found.append((place[periods[0]], str(u), f"{group['units'].sum():,}", when))
    return [line[1:] for line in sorted(found)]


def due_first(inst: "Instance", plan: "Plan") -> list[str]:
    """What has to be opened and ordered in the first periods, with its price."""
    rows: list[tuple[float, tuple[str, str, str, str]]] = []
    for t in list(inst.periods)[:FIRST_PERIODS]:
        now = due(inst, plan, t)
        rows += [(musd, (t, s, what, how_many)) for s, what, how_many, musd in now]
    names = " and ".join(list(inst.periods)[:FIRST_PERIODS])
    if not rows:
        return [f"Due in {names}: nothing"]
    least = sorted((musd for musd, _ in rows), reverse=True)[:MOST_DUE][-1]
    large = [row for row in rows if row[0] >= least]
    shown = [(*row, amount(musd)) for musd, row in large]
    if len(large) < len(rows):
        rest = sum(musd for musd, _ in rows if musd < least)
        shown.append(("", f"and {len(rows) - len(large)} smaller", "", "", amount(rest)))
    shown.append(("all", "", "", "", amount(sum(musd for musd, _ in rows))))
    heads = ("period", "site", "what", "amount", "MUSD")
    return [f"Due in {names}", *table(heads, shown, "lllrr")]
