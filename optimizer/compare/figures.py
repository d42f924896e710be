"""Key figures and service of two plans, and what their gaps leave open."""

from math import inf, isclose

import pandas as pd

from models.instance import Instance
from models.prices import tokens
from optimizer.plan.frame import look_up_states, make_frame
from optimizer.plan.plan import Plan

SAME = 1e-6
"""Relative difference below which two costs are the same."""


def kpi_changes(a: Plan, b: Plan) -> pd.DataFrame:
    """Key figures before and after: kpi, before, after, change, ratio (after over before)."""
    rows = []
    for name in dict.fromkeys((*a.kpis, *b.kpis)):
        before, after = a.kpis.get(name, float("nan")), b.kpis.get(name, float("nan"))
        rows.append((name, before, after, after - before, after / before if before else None))
    return make_frame(rows, ["kpi"], ["before", "after", "change", "ratio"])


def service_changes(
    a: Plan, b: Plan, inst_a: Instance | None, inst_b: Instance | None
) -> pd.DataFrame:
    """Tokens served and short by workload over the whole horizon, before and after [Ttok].

    Columns: workload, served_before, served_after, short_before, short_after. Empty where an
    instance, and so the length of its periods, is not known.
    """
    columns = ["served_before", "served_after", "short_before", "short_after"]
    if inst_a is None or inst_b is None:
        return make_frame([], ["workload"], columns)
    sums = [
        _ttok(plan, names, inst)
        for names in (("flows", "rentals"), ("shortfall",))
        for plan, inst in ((a, inst_a), (b, inst_b))
    ]
    workloads = dict.fromkeys((*inst_a.workloads, *inst_b.workloads))
    rows = [(k, *(one.get(k, 0.0) for one in sums)) for k in workloads]
    return make_frame(rows, ["workload"], columns)


def _ttok(plan: Plan, names: tuple[str, ...], inst: Instance) -> dict[str, float]:
    """Tokens by workload in tables of a plan; one of an older version may lack some [Ttok]."""
    per_rate = {o: tokens(inst, o) / 1e6 for o in inst.states}
    found = [plan.tables[name] for name in names if name in plan.tables]
    table = pd.concat([frame[["workload", "period", "slice", "mtok_s"]] for frame in found])
    amounts = table["mtok_s"] * look_up_states(inst, table, per_rate)
    return {str(k): float(x) for k, x in amounts.groupby(table["workload"]).sum().items()}


def interval(objective: float, bound: float | None) -> tuple[float, float]:
    """Where the least cost lies [MUSD]: no lower than the bound, no higher than the plan's cost."""
    return (-inf if bound is None else min(bound, objective)), objective


def overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """True if two least costs can be the same: their intervals meet, rounding apart."""
    scale = SAME * max(1.0, abs(one[1]), abs(other[1]))
    return one[0] <= other[1] + scale and other[0] <= one[1] + scale


def left_open(a: Plan, b: Plan) -> tuple[float, float] | None:
    """How much the least costs of two instances may differ [MUSD], if that may be not at all.

    None if the gaps are small enough to tell which costs more, or the plans cost the same.
    """
    if a.objective_musd is None or b.objective_musd is None:
        return None
    if isclose(a.objective_musd, b.objective_musd, rel_tol=SAME, abs_tol=SAME):
        return None
    one = interval(a.objective_musd, a.bound_musd)
    other = interval(b.objective_musd, b.bound_musd)
    return (other[0] - one[1], other[1] - one[0]) if overlap(one, other) else None
