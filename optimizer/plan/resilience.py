"""Contingencies in a plan: the flows and work that show that what is protected can be served."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd
import pyomo.environ as pyo

from models.instance import Instance
from optimizer.plan.frame import make_frame

Tables = dict[str, pd.DataFrame]

DUST = 1e-7
"""Smaller flows and work are the solver's rounding."""

Key = tuple[str, ...]


class Evidence(NamedTuple):
    """That a state is served: stream, place and rate of flows and of purchases; site, unit type,
    workload and units of work."""

    flows: list[tuple[str, str, float]]
    rents: list[tuple[str, str, float]]
    runs: list[tuple[str, str, str, float]]


def contingency_tables(m: pyo.ConcreteModel, inst: Instance) -> Tables:
    """Flows and work of every contingency in a solved model."""
    return tables_of(inst, evidence_of(m, inst))


def evidence_of(m: pyo.ConcreteModel, inst: Instance) -> dict[str, Evidence]:
    """What a solved model says of each state that it has."""
    flows = _split(m, inst, m.contingency_flow)
    rents = _split(m, inst, m.contingency_rent)
    runs = _runs(m, inst)
    first = dict.fromkeys(inst.twins.values())
    return {e: Evidence(flows[e], rents[e], runs[e]) for e in first}


def tables_of(inst: Instance, found: Mapping[str, Evidence]) -> Tables:
    """The tables of every contingency, also of those that are one state to the model."""
    states = [
        (one, found[inst.twins[e]])
        for e, one in inst.contingency_states.items()
        if inst.twins[e] in found
    ]
    return {
        "contingency_flows": make_frame(
            (
                (one.contingency, *inst.streams[j], s, one.period, one.slice, mtok_s)
                for one, own in states
                for j, s, mtok_s in own.flows
            ),
            ["contingency", "region", "workload", "data_class", "site", "period", "slice"],
            ["mtok_s"],
        ),
        "contingency_rentals": make_frame(
            (
                (one.contingency, *inst.streams[j], x, one.period, one.slice, mtok_s)
                for one, own in states
                for j, x, mtok_s in own.rents
            ),
            ["contingency", "region", "workload", "data_class", "offer", "period", "slice"],
            ["mtok_s"],
        ),
        "contingency_runs": make_frame(
            (
                (one.contingency, s, u, k, one.period, one.slice, units)
                for one, own in states
                for s, u, k, units in own.runs
            ),
            ["contingency", "site", "unit_type", "workload", "period", "slice"],
            ["units"],
        ),
    }


def _split(
    m: pyo.ConcreteModel, inst: Instance, variable: Any
) -> dict[str, list[tuple[str, str, float]]]:
    """Stream, place and rate of each flow, by state; split in proportion to what is asked for."""
    found: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for (j, s, e), flow in variable.extract_values().items():
        members = m.contingency_members[j, e]
        asked = sum(inst.asked_mtok_s[member, e] for member in members)
        for member in members:
            part = flow * inst.asked_mtok_s[member, e] / asked
            if part > DUST:
                found[e].append((member, s, part))
    return found


def _runs(m: pyo.ConcreteModel, inst: Instance) -> dict[str, list[tuple[str, str, str, float]]]:
    """Site, unit type, workload and units of all work, by state; no more than the flows need."""
    found: dict[str, list[tuple[str, str, str, float]]] = defaultdict(list)
    for s, k, e in m.CONTINGENCY_SERVING:
        t, peak = inst.contingency_states[e].period, inst.workloads[k].peak_factor
        made = sum(m.contingency_flow[j, s, e].value for j in m.contingency_streams[s, k, e])
        units = {u: m.contingency_run[s, u, k, e].value for u in m.contingency_types[s, k, e]}
        able = sum(n * inst.tokens_per_unit(s, u, k, t) for u, n in units.items())
        needed = min(1.0, peak * made / able) if able > 0 else 0.0
        found[e] += [(s, u, k, needed * n) for u, n in units.items() if needed * n > DUST]
    return found


def _served(tables: Tables) -> Iterator[tuple[str, str, str, str, str, str, float]]:
    """Contingency, stream, period, slice and rate of what is made and bought in contingencies."""
    for name in ("contingency_flows", "contingency_rentals"):
        for x, r, k, d, _, t, h, mtok_s in tables[name].itertuples(index=False):
            yield x, r, k, d, t, h, mtok_s


def missing(inst: Instance, tables: Tables) -> Iterator[tuple[str, str, float]]:
    """Stream, state and rate of what is missing at a price in contingencies [Mtok/s]."""
    name = _name_of(inst)
    served: dict[tuple[str, str], float] = defaultdict(float)
    for x, r, k, d, t, h, mtok_s in _served(tables):
        served[f"{r}/{k}/{d}", name[x, t, h]] += mtok_s
    for (j, e), asked in inst.asked_mtok_s.items():
        short = asked - served[j, e]
        if inst.protected[j].price_usd_per_mtok is not None and short > DUST:
            yield j, e, short


def resilience(inst: Instance, tables: Tables) -> pd.DataFrame:
    """What is asked for and served of protected demand, by contingency, workload and state."""
    rows: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (j, e), asked in inst.asked_mtok_s.items():
        one = inst.contingency_states[e]
        row = rows[one.contingency, inst.streams[j].workload, one.period, one.slice]
        row[0] += inst.demand_mtok_s[j, inst.normal_state[e]]
        row[1] += asked
    for x, _, k, _, t, h, mtok_s in _served(tables):
        rows[x, k, t, h][2] += mtok_s
    return make_frame(
        ((*key, *amounts, amounts[2] / amounts[0]) for key, amounts in rows.items()),
        ["contingency", "workload", "period", "slice"],
        ["demand_mtok_s", "asked_mtok_s", "served_mtok_s", "share"],
    )


def worst_share_kept(tables: Tables) -> float:
    """The least part of the protected demand of a workload that is served in a contingency."""
    shares = tables["resilience"]["share"]
    return float(shares.min()) if len(shares) else 1.0


def work_in_contingencies(
    inst: Instance, tables: Tables
) -> Iterator[tuple[str, str, float, float]]:
    """Contingency, period, units at work and units available, in the slice with the least left."""
    ordered = tables["orders"].set_index(["site", "unit_type", "period"])["units"].to_dict()
    busy = tables["contingency_runs"].groupby(["contingency", "period", "slice"])["units"].sum()
    at_work: dict[tuple[str, str], float] = {}
    for e in dict.fromkeys(e for _, e in inst.asked_mtok_s):
        one = inst.contingency_states[e]
        key = one.contingency, one.period
        used = float(busy.get((*key, one.slice), 0.0))
        at_work[key] = max(used, at_work.get(key, 0.0))
    for (x, t), used in at_work.items():
        available = 0.0
        for s, u, period, units in tables["online"].itertuples(index=False):
            if period == t and s not in inst.losses[x].sites:
                late = inst.late_orders.get((x, s, u, t), ())
                left = units - sum(ordered.get((s, u, τ), 0) for τ in late)
                available += inst.unit_types[u].availability * max(left, 0)
        yield x, t, used, available


def _name_of(inst: Instance) -> dict[Key, str]:
    """The state of a contingency, a period and a slice."""
    states = inst.contingency_states.items()
    return {(one.contingency, one.period, one.slice): e for e, one in states}
