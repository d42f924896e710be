"""Rows of the model that stand for a limit which no family lets give way by itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from models.commitments import rows
from models.objectives import may_fall_short
from optimizer.explain.routes import Obstacle, origin_rules

if TYPE_CHECKING:
    from models.instance import Instance

Found = tuple[tuple[Obstacle, ...] | None, str]
"""The limits that a row stands for, by kind and place, and its period; None for a row that the
instance does not have: it is there only because something stands where nothing could."""


def _demand(inst: "Instance", index: Any) -> Found:
    j, o = index
    firm = not may_fall_short(inst, inst.streams[j].workload)
    return ((("demand", j),) if firm else ()), inst.states[o].period


def _protection(inst: "Instance", index: Any) -> Found:
    j, e = index
    if (state := inst.contingency_states.get(e)) is None:
        return None, ""
    firm = inst.protected[j].price_usd_per_mtok is None
    return ((("protection", state.contingency),) if firm else ()), state.period


def _committed(inst: "Instance", index: Any) -> Found:
    *thing, t = index
    for row in rows(inst):
        if row.thing == tuple(thing) and row.day == inst.periods[t].start:
            return (("commitment", f"{row.table}/{row.position}"),), t
    return (), t


def _origin(inst: "Instance", index: Any) -> Found:
    _, k, o, _ = index
    state = inst.states.get(o) or inst.contingency_states.get(o)
    return (None, "") if state is None else (origin_rules(inst, k), state.period)


GIVING: dict[str, Callable[["Instance", Any], Found]] = {
    "demand_balance": _demand,
    "contingency_demand_balance": _protection,
    "carbon_limit": lambda _, index: ((("carbon", index[0]),), index[1]),
    "water_limit": lambda _, index: ((("water", index[0]),), index[1]),
    "efficiency_minimum": lambda _, index: ((("efficiency", index[0]),), index[1]),
    "commitment_minimum": _committed,
    "training_minimum": lambda _, index: ((("model_training", index[0]),), index[2]),
    "frozen_limit": lambda _, index: ((("frozen", ""),), index[-1]),
    "cluster_link": lambda _, index: ((("cluster", index[2]),), index[3]),
    "reserve_limit": lambda inst, index: ((("reserve", index[2]),), inst.states[index[3]].period),
    "origin_limit": _origin,
    "contingency_origin_limit": _origin,
}
"""By constraint, what its row stands for."""
