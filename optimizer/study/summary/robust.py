"""Robust decisions: what stands, and what is ordered, in how many of the cases.

Equal instances are one case, whichever parts of the study they are in. Only within the sample does
each draw count, since what is drawn twice is twice as likely.
"""

import math
from collections.abc import Iterator

import pandas as pd

from optimizer.study.results import results_table
from optimizer.study.summary.data import Data
from optimizer.study.summary.frame import make_frame
from optimizer.study.summary.sample import LEAST_CASES

ALL = "all"
"""The group that stands for all cases."""

SAMPLE = "sample"
"""The group whose cases are draws, so that shares of them tell how likely something is."""

SURE = 0.9
"""Share of cases from which on an order is a robust one [ratio]."""

SHARES = ("group", "site", "period", "cases", "share", "units", "it_mw")
SITES = ("site", "opened", "verdict", "share", "units", "it_mw", "group", "cases")
ORDERS = ("site", "unit_type", "period", "share", "sure_units", "mean_units", "group", "cases")


def site_shares(data: Data) -> pd.DataFrame:
    """For each site and period: the share of cases in which it is open, mean units and IT power.

    Over all different cases with a plan, and by group. Sites that are never open are left out.
    """
    power = _of_plans(data, "power", ["case", "site", "period", "it_mw"])
    online = _of_plans(data, "online", ["case", "site", "period", "units"])
    frames = [make_frame((), SHARES)]
    for group, cases in _groups(data):
        keys = ["site", "period"]
        is_open = power[power["case"].isin(cases)].groupby(keys, sort=False)["it_mw"]
        units = online[online["case"].isin(cases)].groupby(keys, sort=False)["units"].sum()
        frame = pd.DataFrame(
            {
                "share": is_open.size() / len(cases),
                "units": units / len(cases),
                "it_mw": is_open.sum() / len(cases),
            }
        ).fillna(0.0)
        frame = frame.reset_index().assign(group=group, cases=len(cases))
        frames.append(_ordered(data, frame, keys)[list(SHARES)])
    filled = [frame for frame in frames if not frame.empty]
    return pd.concat(filled or frames, ignore_index=True)


def sites(data: Data, shares: pd.DataFrame) -> pd.DataFrame:
    """For each site: open at the end in all, some or none of the cases; units and IT MW there.

    `opened` says that it is open from the start in the base; `group` and `cases`, over which cases.
    """
    group, cases = judged(data)
    ends = shares[shares["group"] == group].groupby("site", sort=False).tail(1)
    last = ends.set_index("site")[["share", "units", "it_mw"]].to_dict("index")
    rows = []
    for name in dict.fromkeys([*data.study.base.sites, *map(str, last)]):
        share, units, it_mw = last.get(name, dict.fromkeys(SITES[3:6], 0.0)).values()
        verdict = "never" if share == 0 else "always" if share == 1 else "sometimes"
        site = data.study.base.sites.get(name)
        opened = site is not None and bool(site.opened)
        values = (name, opened, verdict, share, units, it_mw, group, len(cases))
        rows.append(dict(zip(SITES, values, strict=True)))
    return make_frame(rows if cases else (), SITES)


def robust_orders(data: Data) -> pd.DataFrame:
    """What is ordered in at least 90 % of the cases, earliest period first.

    `sure_units` is the largest number that at least 90 % of the cases order.
    """
    group, cases = judged(data)
    count = len(cases)
    keys = ["site", "unit_type", "period"]
    orders = _of_plans(data, "orders", ["case", *keys, "units"])
    orders = orders[orders["case"].isin(cases)]
    needed = math.ceil(SURE * count - 1e-9)
    rows = []
    for key, units in orders.groupby(keys, sort=False)["units"]:
        if len(units) >= needed:
            sure = int(sorted(units, reverse=True)[needed - 1])
            figures = (len(units) / count, sure, float(units.sum()) / count, group, count)
            rows.append(dict(zip(ORDERS, (*key, *figures), strict=True)))
    frame = make_frame(rows, ORDERS)
    return _ordered(data, frame, ["period", "site", "unit_type"])


def judged(data: Data) -> tuple[str, list[str]]:
    """The cases by which sites and orders are judged, and their group.

    Those of the sample if they are enough, else all different cases.
    """
    groups = dict(_groups(data))
    drawn = groups.get(SAMPLE, [])
    return (SAMPLE, drawn) if len(drawn) >= LEAST_CASES else (ALL, groups.get(ALL, []))


def _of_plans(data: Data, name: str, columns: list[str]) -> pd.DataFrame:
    """Some columns of a table, for the cases with a plan."""
    frame = results_table(data.path, name, columns)
    return frame[frame["case"].isin(data.planned.index)]


def _groups(data: Data) -> Iterator[tuple[str, list[str]]]:
    """The names of the cases that count, over all and by group."""
    if data.planned.empty:
        return
    yield ALL, list(data.different.index)
    for name, group in data.planned.groupby("group", sort=False):
        chosen = group if name == SAMPLE else group.drop_duplicates("key")
        yield str(name), list(chosen.index)


def _ordered(data: Data, frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows in the order of the base instance; names that it does not know come last."""
    base = data.study.base
    known = {
        "site": list(base.sites),
        "period": list(base.periods),
        "unit_type": list(base.unit_types),
    }

    def place(column: pd.Series) -> pd.Series:
        names = dict.fromkeys([*known[str(column.name)], *sorted(set(column))])
        return column.map({name: i for i, name in enumerate(names)})

    return frame.sort_values(keys, key=place, kind="stable").reset_index(drop=True)
