"""What stood already: mines converted, shells leased, and what they leave of power and halls."""

from collections.abc import Iterator
from itertools import accumulate

import pandas as pd

from models.brownfield import hall_mw_per_mw, leasable_mw, mining_mw
from models.instance import Instance
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame

Amounts = dict[tuple[str, str], float]
"""MW by site and period."""

Limit = tuple[str, str, str, float, float, str, float]
"""Limit, place, period, use, allowed, unit, smallest step."""


def converted_mw(inst: Instance, decided: Tables) -> Amounts:
    """Mining converted up to each period, at the sites where any is [MW]."""
    ordered = _amounts(decided["convert"])
    periods = list(inst.periods)
    return {
        (s, t): mw
        for s in dict.fromkeys(decided["convert"]["site"])
        for t, mw in zip(
            periods, accumulate(ordered.get((s, t), 0.0) for t in periods), strict=True
        )
    }


def standing_mw(inst: Instance, decided: Tables) -> Amounts:
    """Mining that still draws on the connection of its site, by site and period [MW]."""
    converted = converted_mw(inst, decided)
    return {
        (s, t): inst.sharing_mw(s, t) - converted.get((s, t), 0.0)
        for s, mine in inst.mine_of.items()
        if mine.shares_connection
        for t in inst.periods
    }


def hall_mw_beside(inst: Instance, decided: Tables) -> Iterator[tuple[str, str, float]]:
    """Halls in use that were not built: converted and leased; site, period, IT MW."""
    for s, t, mw in decided["convert"].itertuples(index=False):
        for served in inst.conversion_services[s, t]:
            yield s, served, mw * hall_mw_per_mw(inst, s)
    yield from decided["leased"].itertuples(index=False, name=None)


def conversions(inst: Instance, decided: Tables) -> pd.DataFrame:
    """Mining converted and standing, for every period of a site with a mine."""
    ordered, converted = _amounts(decided["convert"]), converted_mw(inst, decided)
    halls: Amounts = {}
    for (s, t), mw in ordered.items():
        for served in inst.conversion_services[s, t]:
            halls[s, served] = halls.get((s, served), 0.0) + mw * hall_mw_per_mw(inst, s)
    rows = []
    for s, mine in inst.mine_of.items():
        for t in inst.periods:
            exists, done = mining_mw(inst, s, t), converted.get((s, t), 0.0)
            if exists or done:
                new = ordered.get((s, t), 0.0)
                blocks = round(new / mine.block_mw) if mine.block_mw else 0
                rows.append((s, t, new, done, halls.get((s, t), 0.0), exists - done, blocks))
    numbers = ["ordered_mw", "converted_mw", "hall_mw", "mining_mw"]
    return make_frame(rows, ["site", "period"], numbers, ["blocks"])


def leases(inst: Instance, decided: Tables) -> pd.DataFrame:
    """Halls on lease, and what of them is leased from a period on, where there is either."""
    leased = _amounts(decided["leased"])
    rows = []
    for s, shell in inst.shell_of.items():
        before = 0.0
        for t in inst.periods:
            mw = leased.get((s, t), 0.0)
            if mw:
                blocks = round(mw / shell.block_mw) if shell.block_mw else 0
                rows.append((s, t, mw, max(0.0, mw - before), blocks))
            before = mw
    return make_frame(rows, ["site", "period"], ["leased_mw", "new_mw"], ["blocks"])


def brownfield_limits(inst: Instance, decided: Tables) -> Iterator[Limit]:
    """What can be converted and leased, with what is."""
    converted, leased = converted_mw(inst, decided), _amounts(decided["leased"])
    for s, mine in inst.mine_of.items():
        for t in inst.periods:
            use, exists = converted.get((s, t), 0.0), mining_mw(inst, s, t)
            yield "conversion", s, t, use, exists, "MW", mine.block_mw or 0.0
    for s, t in inst.lease_terms:
        use, offered = leased.get((s, t), 0.0), leasable_mw(inst, s, t)
        yield "lease", s, t, use, offered, "MW", inst.shell_of[s].block_mw or 0.0


def brownfield_kpis(inst: Instance, tables: Tables) -> dict[str, float]:
    """MW converted over the horizon, and on lease in the last period."""
    leased = tables["leases"]
    at_end = leased[leased["period"] == list(inst.periods)[-1]]
    return {
        "converted_mw": float(tables["conversions"]["ordered_mw"].sum()),
        "leased_mw_end": float(at_end["leased_mw"].sum()),
    }


def mining_at_the_end(inst: Instance, tables: Tables) -> float:
    """Mining that draws on the connections of open sites in the last period [MW]."""
    last = list(inst.periods)[-1]
    power = tables["power"]
    is_open = set(power.loc[power["period"] == last, "site"])
    standing = standing_mw(inst, tables)
    return sum(mw for (s, t), mw in standing.items() if t == last and s in is_open)


def _amounts(frame: pd.DataFrame) -> Amounts:
    return {(s, t): mw for s, t, mw in frame.itertuples(index=False, name=None)}
