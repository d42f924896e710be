"""Limits on service recomputed: demand, floors, emissions, contingencies, reserves."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from optimizer.verify.checks.contingencies import contingency_work
from optimizer.verify.checks.demand import optional
from optimizer.verify.checks.efficiency import efficiency
from optimizer.verify.checks.emissions import carbon_use
from optimizer.verify.checks.limit_parts import limit_part, places_at
from optimizer.verify.checks.reserve import target_work
from optimizer.verify.checks.sufficiency import hosted, served
from optimizer.verify.facts import Facts
from optimizer.verify.plan import Plan


def carbon(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Emissions under each cap."""
    at = places_at(plan, facts.inst.carbon.caps)
    return limit_part("carbon", at, carbon_use(facts, plan), np.zeros(len(at)), "ktCO2")


def tokens_per_mwh(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Tokens per MWh under each floor, where energy is drawn."""
    at = places_at(plan, facts.inst.efficiency_floors)
    made, mwh, floor = efficiency(facts, plan)
    draws = mwh > 0
    use = np.where(draws, made / np.where(draws, mwh, 1.0), 0.0)
    rows = limit_part("efficiency", at, (use, floor), np.zeros(len(at)), "Mtok/MWh")
    return rows.assign(slack=rows["use"] - rows["allowed"])[draws.ravel()]


def demand(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Demand that must be served, by workload."""
    streams, workloads = facts.streams, facts.inst.workloads
    shape = (len(workloads), facts.calendar.count)
    served, demand = np.zeros(shape), np.zeros(shape)
    np.add.at(served, streams.workload, plan.served @ facts.slices.share)
    np.add.at(demand, streams.workload, streams.demand @ facts.slices.share)
    strict = ~optional(facts)
    names = [name for name, must in zip(workloads, strict, strict=True) if must]
    nothing = np.zeros(len(names))
    return limit_part(
        "demand", places_at(plan, names), (served[strict], demand[strict]), nothing, "Mtok/s"
    )


def floors(facts: Facts, plan: Plan) -> Iterator[pd.DataFrame]:
    """What territories serve and host, where a floor asks for something."""
    at, nothing = places_at(plan, facts.inst.sufficiency), np.zeros(len(facts.inst.sufficiency))
    for limit, (use, least), unit in (
        ("sufficiency_share", served(facts, plan), "Mtok/s"),
        ("sufficiency_mw", hosted(facts, plan), "MW"),
    ):
        asked = np.where(least > 0, least, np.inf)
        rows = limit_part(limit, at, (use, asked), nothing, unit)
        yield rows.assign(slack=rows["use"] - rows["allowed"], required=True)


def contingencies(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Units at work in each contingency, in the periods in which something is asked for."""
    names = facts.contingencies.names
    shape = (len(names), facts.calendar.count)
    work, there, asked = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    for x in range(len(names)):
        work[x], there[x], asked[x] = contingency_work(facts, plan, x)
    rows = limit_part(
        "contingency", places_at(plan, names), (work, there), np.ones(len(names)), "units"
    )
    return rows[asked.ravel()]


def reserves(facts: Facts, plan: Plan) -> pd.DataFrame:
    """Units at work under each availability target, where any are in service."""
    workloads = list(facts.inst.workloads.values())
    aimed = [k for k, one in enumerate(workloads) if one.availability_target is not None]
    names = [list(facts.inst.workloads)[k] for k in aimed]
    shape = (len(names), facts.calendar.count)
    work, may, there = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    for i, k in enumerate(aimed):
        work[i], may[i], there[i] = target_work(facts, plan, k)
    rows = limit_part("reserve", places_at(plan, names), (work, may), np.ones(len(names)), "units")
    return rows[there.ravel()]
