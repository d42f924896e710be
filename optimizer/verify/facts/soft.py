"""Soft limits: where which limit may be missed, at what price and by how much at the most."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Floats
from optimizer.verify.facts.calendar import Calendar, values_on
from optimizer.verify.facts.dependence import holders
from optimizer.verify.facts.pools import credit, grants

HORIZON = -1
"""The position of the period of limits on the horizon as a whole."""

EVERY_MOMENT = frozenset(
    {
        "site_power",
        "grid_region_power",
        "halls",
        "borrowing",
        "rental",
        "sufficiency_share",
        "sufficiency_mw",
        "tokens_share",
        "it_mw_share",
    }
)
"""Limits that hold at every moment: their prices are per year."""

RUNNING = EVERY_MOMENT | {"opex"}
"""Limits whose violation counts in the middle of the period; others count on its first day."""


@dataclass(frozen=True)
class Terms:
    """At what price a limit may be missed in a period, and by how much."""

    price: float
    """[MUSD per unit, or per unit and year]"""
    most: float
    """[unit]"""


@dataclass(frozen=True)
class Soft:
    """What may be missed."""

    terms: dict[tuple[str, str, int], Terms]
    """By limit, place and position of the period."""
    overdraw_mw: Floats
    """What sites may draw beyond their connection, by site and period [MW at the meter]."""


def read_soft(inst: Instance, calendar: Calendar) -> Soft:
    """Read the soft limits; of two rows that match, the later counts."""
    terms: dict[tuple[str, str, int], Terms] = {}
    usual = _usual(inst, calendar) if inst.soft_limits else {}
    for row in inst.soft_limits:
        first = np.datetime64(row.from_date or inst.horizon.start, "D")
        last = np.datetime64(row.until_date or calendar.end[-1].item(), "D")
        when = np.flatnonzero((calendar.start >= first) & (calendar.start < last))
        for place, most in usual[row.limit].items():
            for t in [HORIZON] if row.limit == "min_build" else when.tolist():
                if not row.at or place in row.at:
                    least = float(most[t]) if row.most is None else row.most
                    terms[row.limit, place, t] = Terms(row.price_musd, least)
    overdraw = np.zeros((len(inst.sites), calendar.count))
    for s, name in enumerate(inst.sites):
        for t in range(calendar.count):
            if found := terms.get(("site_power", name, t)):
                overdraw[s, t] = found.most
    return Soft(terms, overdraw)


def _usual(inst: Instance, calendar: Calendar) -> dict[str, dict[str, Floats]]:
    """Most of each limit, by place and period, where its row names none.

    It is infinite where nothing else than the plan itself says what can be missed.
    """
    every = np.ones(calendar.count)
    quotas, caps, sites = inst.quotas, inst.budget.opex_caps, inst.sites
    open_end: dict[str, Iterable[str]] = {
        "halls": sites,
        "sufficiency_share": inst.sufficiency,
        "sufficiency_mw": inst.sufficiency,
        **{
            f"{of}_share": [
                f"{c}/{h}" for c, h in holders(inst) if inst.concentration[c].share_of == of
            ]
            for of in ("tokens", "it_mw", "capital")
        },
    }
    ups = inst.grid_upgrades.values()
    most: dict[str, dict[str, Floats]] = {
        limit: dict.fromkeys(places, np.inf * every) for limit, places in open_end.items()
    }
    most["site_power"] = {
        s: every * _largest(site.grid_mw.values(), (up.added_mw for up in ups if up.site == s))
        for s, site in sites.items()
    }
    most["grid_region_power"] = {
        g: every
        * _largest(
            region.cap_mw.values(),
            (up.added_cap_mw for up in ups if sites[up.site].grid_region == g),
        )
        for g, region in inst.grid_regions.items()
    }
    most["install_rate"] = {
        s: site.install_rate_mw_per_month * calendar.months
        for s, site in sites.items()
        if site.install_rate_mw_per_month is not None
    }
    most["min_build"] = {s: every * x.min_build_mw for s, x in sites.items() if not x.opened}
    given, lent = grants(inst, calendar), credit(inst, calendar)
    pools = list(enumerate(inst.budget.pools))
    most["budget"] = {name: every * given[p].sum() for p, name in pools}
    most["borrowing"] = {name: every * lent[p].max() for p, name in pools if lent[p].any()}
    start = calendar.start
    most["quota"] = {
        q: every * (values_on(x.per_year, start) * calendar.months / 12).max()
        for q, x in quotas.items()
    }
    most["opex"] = {
        c: every * (values_on(x.musd_per_year, start) * calendar.years).max()
        for c, x in caps.items()
    }
    most["rental"] = {
        name: every * values_on(x.most_mtok_s, start).max() for name, x in inst.rentals.items()
    }
    return most


def _largest(values: Iterable[float], added: Iterable[float]) -> float:
    return max(values) + sum(added)
