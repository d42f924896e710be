"""Every declared limit with its use, what it allows, what is left, and whether it binds."""

from collections.abc import Iterator

import pandas as pd

from models.instance import Instance
from models.objectives import may_fall_short
from optimizer.plan.brownfield import brownfield_limits
from optimizer.plan.decisions import Tables
from optimizer.plan.dependence import caps, floors
from optimizer.plan.frame import period_means
from optimizer.plan.limit_rows import Row, limit_row, limits_frame
from optimizer.plan.limits_of_money import debt_limits, opex_limits, pool_limits
from optimizer.plan.limits_of_nature import carbon_limits, efficiency_limits, water_limits
from optimizer.plan.limits_of_sites import (
    build_minimums,
    cluster_limits,
    frozen_limits,
    grid_region_limits,
    quota_limits,
    site_limits,
    smallest_steps,
)
from optimizer.plan.model_families import training_limits
from optimizer.plan.rentals import rental_limits
from optimizer.plan.reserve import work_under_targets
from optimizer.plan.resilience import work_in_contingencies


def limits(inst: Instance, tables: Tables, paid: pd.DataFrame) -> pd.DataFrame:
    """The limits of the instance, in the order of docs/plan-format.md."""
    it_step, meter_step = smallest_steps(inst, tables)
    rows = [
        *site_limits(inst, tables, it_step, meter_step),
        *grid_region_limits(inst, tables, meter_step),
        *quota_limits(inst, tables),
        *pool_limits(inst, tables, paid),
        *debt_limits(inst, tables),
        *opex_limits(inst, paid),
        *carbon_limits(inst, tables),
        *efficiency_limits(inst, tables),
        *water_limits(inst, tables),
        *build_minimums(inst, tables),
        *cluster_limits(inst, tables),
        *training_limits(inst, tables),
        *frozen_limits(inst, tables),
        *_demands(inst, tables),
        *(limit_row(*limit) for limit in brownfield_limits(inst, tables)),
        *(limit_row(*limit) for limit in rental_limits(inst, tables)),
        *floors(inst, tables),
        *caps(inst, tables),
        *_contingencies(inst, tables),
        *_reserves(inst, tables),
    ]
    return limits_frame(rows)


def _contingencies(inst: Instance, tables: Tables) -> Iterator[Row]:
    for x, t, at_work, available in work_in_contingencies(inst, tables):
        yield limit_row("contingency", x, t, at_work, available, "units", 1.0)


def _reserves(inst: Instance, tables: Tables) -> Iterator[Row]:
    for k, t, at_work, may_work in work_under_targets(inst, tables):
        yield limit_row("reserve", k, t, at_work, may_work, "units", 1.0)


def _demands(inst: Instance, tables: Tables) -> Iterator[Row]:
    served: dict[tuple[str, str], float] = {}
    for name in ("flows", "rentals"):
        rows = period_means(inst, tables[name])
        for k, t, mtok_s in rows[["workload", "period", "mtok_s"]].itertuples(index=False):
            served[k, t] = served.get((k, t), 0.0) + mtok_s
    asked: dict[tuple[str, str], float] = {}
    for (j, o), mtok_s in inst.demand_mtok_s.items():
        key = inst.streams[j].workload, inst.states[o].period
        asked[key] = asked.get(key, 0.0) + mtok_s * inst.states[o].share
    for k in inst.workloads:
        if not may_fall_short(inst, k):
            for t in inst.periods:
                use, demand = served.get((k, t), 0.0), asked.get((k, t), 0.0)
                yield limit_row("demand", k, t, use, demand, "Mtok/s")
