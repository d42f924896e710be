"""Everything that happens at sites: orders, arrivals, what is renewed, and what leaves."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pandas as pd

from models.calendar import add_months
from models.cohorts import since
from optimizer.report.reading import Reading


class Event(NamedTuple):
    """Something that happens at a site at the start of a period."""

    site: str
    period: str
    day: date
    event: str
    item: str
    power_mw: float
    amount: str


class _Calendar:
    """Makes events, knowing when periods start."""

    def __init__(self, seen: Reading) -> None:
        self.start = {t: period.start for t, period in seen.inst.periods.items()}

    def event(self, s: str, t: str, what: str, item: str, mw: float, amount: str) -> Event:
        return Event(s, t, self.start[t], what, item, mw, amount)


def events(seen: Reading) -> pd.DataFrame:
    """All events, site by site in the order of time; columns as of `Event`."""
    when = _Calendar(seen)
    found = [
        *_sites(seen, when),
        *_halls(seen, when),
        *_brownfield(seen, when),
        *_units(seen, when),
        *_departures(seen, when),
    ]
    place = {s: i for i, s in enumerate(seen.inst.sites)}
    found.sort(key=lambda one: (place[one.site], one.day))
    return pd.DataFrame(found, columns=list(Event._fields))


def _sites(seen: Reading, when: _Calendar) -> Iterator[Event]:
    tables = seen.plan.tables
    for s, t, _ in tables["openings"].itertuples(index=False):
        yield when.event(s, t, "site opened", "", 0.0, "")
    names = ["site", "upgrade", "period", "added_mw"]
    for s, g, t, mw in tables["grid_upgrades"][names].itertuples(index=False):
        yield when.event(s, t, "grid upgrade ordered", g, mw, f"{mw:,.1f} MW of grid")


def _halls(seen: Reading, when: _Calendar) -> Iterator[Event]:
    """Halls ordered, in use and at the end of their life; renewed where they follow such an end."""
    inst, table = seen.inst, seen.plan.tables["halls"]
    order = {t: i for i, t in enumerate(seen.periods)}
    gone: dict[str, int] = {}
    for s, t, mw in table[["site", "period", "ordered_mw"]].itertuples(index=False):
        serves = inst.hall_services.get((s, t), ())
        if mw <= 0:
            continue
        renews = serves and order[serves[0]] >= gone.get(s, len(order))
        told = "halls", mw, f"{mw:,.1f} MW of halls"
        yield when.event(s, t, "halls renewed" if renews else "halls ordered", *told)
        if serves:
            yield when.event(s, serves[0], "halls in use", *told)
            if (after := order[serves[-1]] + 1) < len(order):
                gone[s] = min(after, gone.get(s, after))
                yield when.event(s, seen.periods[after], "halls at end of life", *told)


def _brownfield(seen: Reading, when: _Calendar) -> Iterator[Event]:
    tables = seen.plan.tables
    for name, column, what in (
        ("conversions", "ordered_mw", "mining converted"),
        ("leases", "new_mw", "halls leased"),
    ):
        for s, t, mw in tables[name][["site", "period", column]].itertuples(index=False):
            if mw > 0:
                yield when.event(s, t, what, "halls", mw, f"{mw:,.1f} MW")


def _units(seen: Reading, when: _Calendar) -> Iterator[Event]:
    inst = seen.inst
    for s, u, t, units in seen.plan.tables["orders"].itertuples(index=False):
        told = u, units * inst.unit_types[u].it_mw, f"{units:,} {u}"
        yield when.event(s, t, "ordered", *told)
        if serves := inst.services[s, u, t]:
            yield when.event(s, serves[0], "in service", *told)


def _departures(seen: Reading, when: _Calendar) -> Iterator[Event]:
    it_mw = {u: unit.it_mw for u, unit in seen.inst.unit_types.items()}
    for s, u, _, t, units in seen.plan.tables["retirements"].itertuples(index=False):
        yield when.event(s, t, "leaves early", u, units * it_mw[u], f"{units:,} {u}")
    for s, u, t, units in _ends_of_life(seen):
        yield when.event(s, t, "end of life", u, units * it_mw[u], f"{units:,} {u}")


def _ends_of_life(seen: Reading) -> Iterator[tuple[str, str, str, int]]:
    """Units that reach the end of their life: site, unit type, period, how many."""
    inst = seen.inst
    early = seen.plan.tables["retirements"].groupby(["site", "unit_type", "cohort"])["units"].sum()
    cohorts = [
        ((s, u, t), units, inst.services[s, u, t])
        for s, u, t, units in seen.plan.tables["orders"].itertuples(index=False)
    ]
    for row in inst.initial_units:
        ends = add_months(row.in_service, 12 * inst.unit_types[row.unit_type].life_years)
        serves = tuple(
            t for t, p in inst.periods.items() if row.in_service <= p.start and p.end <= ends
        )
        cohorts.append(((row.site, row.unit_type, since(row.in_service)), row.units, serves))
    for key, units, serves in cohorts:
        staying = units - int(early.get(key, 0))
        if staying > 0 and serves and serves[-1] != seen.periods[-1]:
            gone = seen.periods[seen.periods.index(serves[-1]) + 1]
            yield key[0], key[1], gone, staying
