"""Commitments beside decisions: one row for each thing that can be ordered at a site."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from optimizer.verify.arrays import Bools, Floats, Ints
from optimizer.verify.facts import Facts
from optimizer.verify.plan import Plan
from optimizer.verify.specs import COMMITTED, EMPTY

Thing = tuple[str, str, str]
"""Site, what (one of COMMITTED), and unit type or upgrade; empty for openings and halls."""


@dataclass(frozen=True)
class Agreed:
    """What is committed, ordered and changed; arrays by thing and period."""

    things: list[Thing]
    site: Ints
    """Position of the site, by thing."""
    committed: Floats
    ordered: Floats
    cancelled: Floats
    delayed: Floats
    frozen: Bools
    """True, by period, if nothing but what is committed can be decided."""
    change_cost: Floats
    """What cancelling and delaying costs, by site and period [MUSD]."""


def read_agreed(facts: Facts, plan: Plan) -> Agreed:
    """Lay a plan's orders beside what the instance commits to."""
    inst, count = facts.inst, facts.calendar.count
    things, prices, ordered = _things(facts, plan)
    row = {thing: i for i, thing in enumerate(things)}
    committed = np.zeros((len(things), count))
    for thing, day, amount in _told(facts):
        committed[row[thing], facts.calendar.start == np.datetime64(day, "D")] += amount
    cancelled, delayed = np.zeros(committed.shape), np.zeros(committed.shape)
    table, sites = plan.tables["commitments"], list(inst.sites)
    for s, x, n, t, _, _, gone, late in table.itertuples(index=False):
        name = "" if n == EMPTY else plan.names["name"][int(n)]
        place = row.get((sites[int(s)], COMMITTED[int(x)], name))
        if place is not None:
            cancelled[place, int(t)], delayed[place, int(t)] = gone, late
    told = inst.commitments
    shares = (told.cancel_share or 0.0) * cancelled + (told.delay_share or 0.0) * delayed
    site = np.array([sites.index(s) for s, _, _ in things], dtype=np.int64)
    cost = np.zeros((len(sites), count))
    np.add.at(cost, site, prices[:, None] * shares)
    until = told.frozen_until or inst.horizon.start
    frozen = facts.calendar.start < np.datetime64(until, "D")
    return Agreed(things, site, committed, ordered, cancelled, delayed, frozen, cost)


def _things(facts: Facts, plan: Plan) -> tuple[list[Thing], Floats, Floats]:
    """Everything that can be ordered, with prices [MUSD] and what is ordered by period."""
    inst = facts.inst
    things: list[Thing] = []
    prices: list[float] = []
    ordered: list[Floats] = []
    for i, (s, site) in enumerate(inst.sites.items()):
        things += [(s, "opening", ""), (s, "halls", "")]
        prices += [site.open_cost_musd, site.hall_capex_musd_per_mw * site.hall_block_mw]
        ordered += [plan.opened[i], plan.blocks[i]]
        things += [(s, "units", u) for u in inst.unit_types]
        prices += facts.unit_capex[i].tolist()
        ordered += list(plan.orders[i])
        things += [(s, "upgrade", g) for g in inst.grid_upgrades]
        prices += facts.upgrades.cost.tolist()
        ordered += list(plan.upgraded[i])
    return things, np.array(prices), np.array(ordered)


def _told(facts: Facts) -> Iterator[tuple[Thing, date, int]]:
    """The commitments of the instance: thing, first day of the period, how many."""
    told = facts.inst.commitments
    for opening in told.openings:
        yield (opening.site, "opening", ""), opening.period, 1
    for hall in told.halls:
        yield (hall.site, "halls", ""), hall.period, hall.blocks
    for unit in told.orders:
        yield (unit.site, "units", unit.unit_type), unit.period, unit.units
    for one in told.upgrades:
        site = facts.inst.grid_upgrades[one.upgrade].site
        yield (site, "upgrade", one.upgrade), one.period, 1
