"""What a plan's decisions cost: at its own data, and at another instance's."""

from collections.abc import Collection, Mapping

import pandas as pd

from models.instance import Instance
from models.objectives import may_fall_short
from optimizer.plan.decisions import Tables
from optimizer.plan.emissions import emissions
from optimizer.plan.money import payments
from optimizer.plan.physical import online, power
from optimizer.plan.plan import Plan
from optimizer.plan.volume import volume_tiers

CLOSE = 1e-6
"""Relative difference up to which a plan's costs are found again."""


def place_payments(plan: Plan, inst: Instance | None) -> dict[tuple[str, str], float] | None:
    """Discounted payments by term and place [MUSD]: a site, and where no site pays, a period.

    None where the instance is not known, or its prices do not give the plan's costs.
    """
    paid = _own_payments(plan, inst)
    if paid is None:
        return None
    place = paid["site"].where(paid["site"] != "", paid["period"])
    found: dict[tuple[str, str], float] = {}
    rows = zip(paid["term"], place, paid["discounted_musd"], strict=True)
    for term, at, musd in rows:
        found[term, at] = found.get((term, at), 0.0) + float(musd)
    return found


def paid_under(plan: Plan, own: Instance | None, other: Instance | None) -> dict[str, float] | None:
    """What a plan's decisions would cost at another instance's data, by term [MUSD, discounted].

    Openings, halls, orders, work, flows and shortfall stay as they are; what follows from them
    (units in service, energy) and all prices are the other instance's. None where that has no
    meaning: other periods, sites, unit types, regions or workloads, sites that are open in only one
    of the two, orders, upgrades or early leavers that are not possible there, or shortfall that is
    not allowed there.
    """
    if own is None or other is None or _own_payments(plan, own) is None:
        return None
    if not _same_words(own, other):
        return None
    tables = _decisions(plan)
    if not _possible(tables, other):
        return None
    short = set(tables["shortfall"]["workload"])
    if not all(may_fall_short(other, k) for k in short):
        return None
    tables["volume_tiers"] = volume_tiers(other, tables["orders"])
    tables["online"] = online(other, tables)
    tables["emissions"] = emissions(other, tables)
    tables["power"] = power(other, tables, tables["online"])
    return paid_by_term(payments(other, tables))


def _possible(tables: Tables, inst: Instance) -> bool:
    """True if what is ordered, converted, leased, set up or leaves early can be at its dates."""
    possible: Mapping[str, Collection[tuple[str, ...]]] = {
        "orders": inst.services,
        "blocks": inst.hall_services,
        "convert": inst.conversion_services,
        "leased": inst.lease_terms,
        "local_control_planes": inst.control_plane_use,
        "missed": inst.soft,
    }
    return (
        all(row[:-1] in keys for name, keys in possible.items() for row in _rows(tables[name]))
        and all(row[:3] in inst.grid_upgrade_services for row in _rows(tables["grid_upgrades"]))
        and all(row[:3] in inst.network_option_services for row in _rows(tables["network_options"]))
        and _can_leave(tables, inst)
    )


def _can_leave(tables: Tables, inst: Instance) -> bool:
    """True if the units that leave early are there, in cohorts that may."""
    leaving: dict[tuple[str, str, str], int] = {}
    for s, u, c, t, units in _rows(tables["retirements"]):
        if (cohort := inst.cohorts.get((s, u, c))) is None or t not in cohort.leaves:
            return False
        leaving[s, u, c] = leaving.get((s, u, c), 0) + int(units)
    agreed = {tuple(row[:4]): int(row[4]) for row in _rows(tables["commitments"])}
    there = ((inst.cohorts[key].units, units) for key, units in leaving.items())
    known = {tuple(key): units for key, units in inst.committed.items()}
    return agreed == known and all(most is None or units <= most for most, units in there)


def paid_by_term(paid: pd.DataFrame) -> dict[str, float]:
    """Discounted payments by term [MUSD]."""
    sums = paid["discounted_musd"].groupby(paid["term"]).sum()
    return {str(term): float(musd) for term, musd in sums.items()}


def _own_payments(plan: Plan, inst: Instance | None) -> pd.DataFrame | None:
    """A plan's payments at its own data, if they add up to its costs term by term."""
    if inst is None:
        return None
    try:
        paid = payments(inst, _decisions(plan))
    except KeyError:
        return None
    return paid if _agree(paid_by_term(paid), plan.costs_musd) else None


def _agree(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    scale = CLOSE * max(1.0, *(abs(musd) for musd in other.values()))
    return all(abs(one.get(term, 0.0) - other.get(term, 0.0)) <= scale for term in {*one, *other})


def _decisions(plan: Plan) -> Tables:
    """The plan's tables, with orders of halls and so on by themselves as pricing reads them."""
    sources = {
        "blocks": ("halls", "blocks"),
        "convert": ("conversions", "ordered_mw"),
        "leased": ("leases", "leased_mw"),
    }
    found = {name: plan.tables[table] for name, (table, _) in sources.items()}
    return {
        **plan.tables,
        "missed": plan.tables["violations"][["limit", "at", "period", "excess"]],
        **{
            name: found[name].loc[found[name][column] > 0, ["site", "period", column]]
            for name, (_, column) in sources.items()
        },
    }


def _rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(table.itertuples(index=False, name=None))


def _same_words(own: Instance, other: Instance) -> bool:
    """True if periods and all names are the same, and the same sites are open at the start."""
    names = ("sites", "unit_types", "workloads", "regions", "rentals")
    return (
        own.periods == other.periods
        and own.states == other.states
        and own.contingency_states == other.contingency_states
        and all(set(getattr(own, name)) == set(getattr(other, name)) for name in names)
        and all(site.opened == other.sites[s].opened for s, site in own.sites.items())
    )
