"""What moved between two plans: sites, halls and units, from which period to which."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pandas as pd

from models.calendar import parse_day
from models.instance import Instance
from optimizer.plan.frame import make_frame
from optimizer.plan.plan import Plan

Amounts = Mapping[str, int]
"""Units, or halls, by period."""

Shift = tuple[str, str, int]
"""Period before, period after ('' for none), and how many."""

SOURCES = (
    ("site", "openings", "opened"),
    ("halls", "halls", "blocks"),
    ("units", "orders", "units"),
    ("leaving", "retirements", "units"),
    ("upgrade", "grid_upgrades", "ordered"),
    ("network", "network_options", "ordered"),
)
"""What can move, with the table and the column that say when it is ordered, or leaves early."""


def moves(a: Plan, b: Plan, inst_a: Instance | None, inst_b: Instance | None) -> pd.DataFrame:
    """What is opened and ordered at another time, or only in one of two plans.

    Columns: what (site, halls, units, leaving, upgrade, network), site, unit_type (of an upgrade or
    a network its name; '' for sites and halls), period_before and period_after ('' where there is
    none), units (units; blocks for halls; 1 for a site, upgrade or network), it_mw (IT power of the
    units or halls [MW], 0 for upgrades and networks; not known without the instance). Largest IT
    power first, openings before all. Folders of older versions have no tables of early leavers,
    upgrades and networks: nothing moved there.
    """
    rows = []
    for what, table, column in SOURCES:
        before, after = (_by_place(plan.tables.get(table), column) for plan in (a, b))
        for place in dict.fromkeys((*before, *after)):
            for t_before, t_after, units in shifts(before.get(place, {}), after.get(place, {})):
                inst = inst_b if t_after else inst_a
                mw = _it_mw(what, place, inst) * units
                rows.append((what, *place, t_before, t_after, mw, units))
    index = ["what", "site", "unit_type", "period_before", "period_after"]
    frame = make_frame(rows, index, ["it_mw"], ["units"])
    size = frame["it_mw"].fillna(frame["units"]).where(frame["what"] != "site", float("inf"))
    order = size.sort_values(ascending=False, kind="stable").index
    return frame.loc[order, [*index, "units", "it_mw"]].reset_index(drop=True)


def shifts(before: Amounts, after: Amounts) -> Iterator[Shift]:
    """How amounts by period came about from others: moved in order of time, then more or fewer.

    What stands in the same period in both stays. Of the rest, the first before goes with the first
    after, and so on; what is left at the end is dropped or new.
    """
    from_rest, to_rest = _rest(before, after), _rest(after, before)
    while from_rest and to_rest:
        (t_before, out), (t_after, into) = from_rest[0], to_rest[0]
        units = min(out, into)
        yield t_before, t_after, units
        for rest, period, many in ((from_rest, t_before, out), (to_rest, t_after, into)):
            if many == units:
                rest.pop(0)
            else:
                rest[0] = (period, many - units)
    yield from ((t, "", units) for t, units in from_rest)
    yield from (("", t, units) for t, units in to_rest)


def _rest(here: Amounts, there: Amounts) -> list[tuple[str, int]]:
    """What one plan has more than the other, period by period in order of time."""
    others: dict[object, int] = defaultdict(int)
    for t, units in there.items():
        others[parse_day(t)] += units
    more = [(t, units - others[parse_day(t)]) for t, units in here.items()]
    return sorted(((t, n) for t, n in more if n > 0), key=lambda one: parse_day(one[0]))


def _by_place(table: pd.DataFrame | None, column: str) -> dict[tuple[str, str], dict[str, int]]:
    """Amounts by site and unit type, upgrade or network ('' if none), then by period."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    if table is None:
        return found
    for row in table[table[column] > 0].to_dict("records"):
        named = (str(row[column]) for column in ("unit_type", "upgrade", "option") if column in row)
        place = str(row["site"]), next(named, "")
        amounts, t = found.setdefault(place, {}), str(row["period"])
        amounts[t] = amounts.get(t, 0) + int(row[column])
    return found


def _it_mw(what: str, place: tuple[str, str], inst: Instance | None) -> float:
    """IT power of one unit or one hall [MW]; 0 for opening a site, an upgrade or a network."""
    if what in ("site", "upgrade", "network"):
        return 0.0
    if inst is None:
        return float("nan")
    return inst.unit_types[place[1]].it_mw if place[1] else inst.sites[place[0]].hall_block_mw
