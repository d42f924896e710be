"""What stands where: units in service, halls in use, power at the meter."""

from collections import defaultdict

import pandas as pd

from models import prices
from models.calendar import step_value
from models.fleet import initial_hall_mw
from models.instance import Instance
from optimizer.plan.brownfield import hall_mw_beside
from optimizer.plan.decisions import Tables
from optimizer.plan.frame import make_frame
from optimizer.plan.networks import power_drawn


def online(inst: Instance, decided: Tables) -> pd.DataFrame:
    """Units in service by site, unit type and period: initial and ordered, less early leavers."""
    units: dict[tuple[str, str, str], int] = defaultdict(int, inst.initial_online)
    for s, u, t, ordered in decided["orders"].itertuples(index=False):
        for served in inst.services[s, u, t]:
            units[s, u, served] += ordered
    for s, u, c, t, retired in decided["retirements"].itertuples(index=False):
        serves = inst.cohorts[s, u, c].serves
        for served in serves[serves.index(t) :]:
            units[s, u, served] -= retired
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
        (s, t): standing
        for s in inst.sites
        for t in inst.periods
        if (standing := initial_hall_mw(inst, s, t))
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


def energy_mwh(
    inst: Instance, decided: Tables, in_service: pd.DataFrame
) -> dict[tuple[str, str], float]:
    """Energy drawn by site and state: of units in service, and of those at work [MWh]."""
    mwh: dict[tuple[str, str], float] = defaultdict(float)
    for (s, _, o), drawn in energy_by_type_mwh(inst, decided, in_service).items():
        mwh[s, o] += drawn
    return mwh


def energy_by_type_mwh(
    inst: Instance, decided: Tables, in_service: pd.DataFrame
) -> dict[tuple[str, str, str], float]:
    """The same by site, unit type and state [MWh]."""
    mwh: dict[tuple[str, str, str], float] = defaultdict(float)
    states_in: dict[str, list[str]] = defaultdict(list)
    for o, state in inst.states.items():
        states_in[state.period].append(o)
    drawn = power_drawn(inst, decided)
    for s, u, t, units in in_service.itertuples(index=False):
        for o in states_in[t]:
            idle = units * prices.idle_energy_mwh(inst, s, u, o)
            mwh[s, u, o] += drawn.get((s, t), 1.0) * idle
    name = {(state.period, state.slice): o for o, state in inst.states.items()}
    for s, u, k, t, x, units in decided["runs"].itertuples(index=False):
        o = name[t, x]
        work = units * prices.work_energy_mwh(inst, s, u, k, o)
        mwh[s, u, o] += drawn.get((s, t), 1.0) * work
    return mwh


def region_mw(inst: Instance, decided: Tables) -> dict[tuple[str, str], float]:
    """The caps of grid regions with the upgrades that are energised, by region and period [MW]."""
    mw = {
        (g, t): step_value(region.cap_mw, period.start)
        for g, region in inst.grid_regions.items()
        for t, period in inst.periods.items()
    }
    for s, g, t in decided["grid_upgrades"][["site", "upgrade", "period"]].itertuples(index=False):
        if (region := inst.sites[s].grid_region) is not None:
            for carried in inst.grid_upgrade_services[s, g, t]:
                mw[region, carried] += inst.grid_upgrades[g].added_cap_mw
    return mw


def grid_mw(inst: Instance, decided: Tables) -> dict[tuple[str, str], float]:
    """The grid connection with the upgrades that are energised, by site and period [MW]."""
    mw = {(s, t): inst.grid_mw(s, t) for s in inst.sites for t in inst.periods}
    for s, g, t in decided["grid_upgrades"][["site", "upgrade", "period"]].itertuples(index=False):
        for carried in inst.grid_upgrade_services[s, g, t]:
            mw[s, carried] += inst.grid_upgrades[g].added_mw
    return mw


def power(inst: Instance, decided: Tables, in_service: pd.DataFrame) -> pd.DataFrame:
    """IT and meter power in service, the connection, and energy drawn, while a site is open."""
    it_mw: dict[tuple[str, str], float] = defaultdict(float)
    meter_mw, mwh = defaultdict(float, it_mw), defaultdict(float, it_mw)
    share = power_drawn(inst, decided)
    for s, u, t, units in in_service.itertuples(index=False):
        it_mw[s, t] += units * inst.unit_types[u].it_mw
        meter_mw[s, t] += share.get((s, t), 1.0) * units * inst.meter_mw(s, u)
    for (s, o), drawn in energy_mwh(inst, decided, in_service).items():
        mwh[s, inst.states[o].period] += drawn
    connected = grid_mw(inst, decided)
    rows = [
        (s, t, it_mw[s, t], meter_mw[s, t], connected[s, t], mwh[s, t] / 1e3)
        for s, periods in open_periods(inst, decided).items()
        for t in periods
    ]
    return make_frame(rows, ["site", "period"], ["it_mw", "meter_mw", "limit_mw", "energy_gwh"])
