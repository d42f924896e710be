"""What stands where: units in service, halls in use, power at the meter."""

from collections import defaultdict

import pandas as pd

from models import prices
from models.instance import Instance
from optimizer.plan.brownfield import hall_mw_beside
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame


def online(inst: Instance, decided: Tables) -> pd.DataFrame:
    """Units in service by site, unit type and period, from orders and the initial fleet."""
    units: dict[tuple[str, str, str], int] = defaultdict(int, inst.initial_online)
    for s, u, t, ordered in decided["orders"].itertuples(index=False):
        for served in inst.services[s, u, t]:
            units[s, u, served] += ordered
    rows = [
        (s, u, t, units[s, u, t])
        for s in inst.sites
        for u in inst.unit_types
        for t in inst.periods
        if units.get((s, u, t))
    ]
    return make_frame(rows, ["site", "unit_type", "period"], whole=["units"])


def open_periods(inst: Instance, decided: Tables) -> dict[str, list[str]]:
    """For each site that is open at the end, the periods in which it is open."""
    openings = decided["openings"]
    since = dict(zip(openings["site"], openings["period"], strict=True))
    names = list(inst.periods)
    return {
        s: names[names.index(since[s]) if s in since else 0 :]
        for s, site in inst.sites.items()
        if site.opened or s in since
    }


def halls(inst: Instance, decided: Tables) -> pd.DataFrame:
    """Halls ordered and in use, for every period of a site that is open or has halls."""
    blocks = {(s, t): n for s, t, n in decided["blocks"].itertuples(index=False)}
    in_use = {
        (s, t): site.initial_hall_mw
        for s, site in inst.sites.items()
        if site.initial_hall_mw
        for t in inst.periods
    }
    for (s, t), n in blocks.items():
        for served in inst.hall_services[s, t]:
            mw = n * inst.sites[s].hall_block_mw
            in_use[s, served] = in_use.get((s, served), 0.0) + mw
    for s, t, mw in hall_mw_beside(inst, decided):
        in_use[s, t] = in_use.get((s, t), 0.0) + mw
    open_in = {(s, t) for s, periods in open_periods(inst, decided).items() for t in periods}
    rows = [
        (s, t, n * site.hall_block_mw, in_use.get((s, t), 0.0), n)
        for s, site in inst.sites.items()
        for t in inst.periods
        if (s, t) in open_in or (s, t) in in_use
        for n in (blocks.get((s, t), 0),)
    ]
    return make_frame(rows, ["site", "period"], ["ordered_mw", "hall_mw"], ["blocks"])


def power(inst: Instance, decided: Tables, in_service: pd.DataFrame) -> pd.DataFrame:
    """IT and meter power in service, the connection, and energy drawn, while a site is open."""
    it_mw: dict[tuple[str, str], float] = defaultdict(float)
    meter_mw, mwh = defaultdict(float, it_mw), defaultdict(float, it_mw)
    for s, u, t, units in in_service.itertuples(index=False):
        it_mw[s, t] += units * inst.unit_types[u].it_mw
        meter_mw[s, t] += units * inst.meter_mw(s, u)
        mwh[s, t] += units * prices.idle_energy_mwh(inst, s, u, t)
    for s, u, k, t, units in decided["runs"].itertuples(index=False):
        mwh[s, t] += units * prices.work_energy_mwh(inst, s, u, k, t)
    rows = [
        (s, t, it_mw[s, t], meter_mw[s, t], inst.grid_mw(s, t), mwh[s, t] / 1e3)
        for s, periods in open_periods(inst, decided).items()
        for t in periods
    ]
    return make_frame(rows, ["site", "period"], ["it_mw", "meter_mw", "limit_mw", "energy_gwh"])
