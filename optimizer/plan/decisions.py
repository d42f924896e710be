"""What was decided, read from a solved model: the tables from which all others follow."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import pyomo.environ as pyo

from models.equivalence import StreamGroup
from models.instance import Instance
from models.wide import WideVar
from optimizer.plan.commitments import commitments
from optimizer.plan.frame import look_up, make_frame
from optimizer.plan.retirements import retirements

Tables = dict[str, pd.DataFrame]

DUST = 1e-7
"""Smaller flows, shortfalls and work are the solver's rounding, not a decision."""


def read_decisions(m: pyo.ConcreteModel, inst: Instance) -> Tables:
    """The decisions of a solved model, by name: openings, hall blocks, orders, flows and so on."""
    return {
        "convert": _amounts(m.convert, "mw"),
        "leased": _amounts(m.leased_mw, "mw"),
        "openings": _whole(m.open_site, ["site", "period"], "opened"),
        "blocks": _whole(m.hall, ["site", "period"], "blocks"),
        "orders": _whole(m.order, ["site", "unit_type", "period"], "units"),
        "debt": make_frame(
            ((*key, debt) for key, debt in _values(m.debt)), ["pool", "period"], ["debt_musd"]
        ),
        "retirements": retirements(m, inst),
        "grid_upgrades": _upgrades(m, inst),
        "network_options": _whole(m.network_option, ["site", "option", "period"], "ordered"),
        "commitments": commitments(m, inst),
        "local_control_planes": _whole(m.raise_level, ["site", "period"], "raised"),
        "runs": make_frame(
            ((s, u, k, *_when(inst, o), run) for (s, u, k, o), run in _values(m.run)),
            ["site", "unit_type", "workload", "period", "slice"],
            ["units"],
        ),
        "flows": make_frame(
            _split(m, inst, _values(m.flow)),
            ["region", "workload", "data_class", "site", "period", "slice"],
            ["mtok_s"],
        ),
        "rentals": make_frame(
            _split(m, inst, _values(m.rent)),
            ["region", "workload", "data_class", "offer", "period", "slice"],
            ["mtok_s"],
        ),
        "violations": make_frame(
            ((*key, excess) for key, excess in _values(m.excess)),
            ["limit", "at", "period"],
            ["excess"],
        ),
        "shortfall": make_frame(
            _split(m, inst, _values(m.shortfall)),
            ["region", "workload", "data_class", "period", "slice"],
            ["mtok_s"],
        ),
    }


def _values(variable: Any) -> Iterator[tuple[Any, float]]:
    if isinstance(variable, WideVar):
        yield from variable.above(DUST)
        return
    for index, value in variable.extract_values().items():
        if value is not None and value > DUST:
            yield index, value


def _when(inst: Instance, o: str) -> tuple[str, str]:
    """The period and the slice of a state."""
    return inst.states[o].period, inst.states[o].slice


def _whole(variable: Any, index: list[str], quantity: str) -> pd.DataFrame:
    rows = ((*key, round(value)) for key, value in _values(variable) if round(value))
    return make_frame(rows, index, whole=[quantity])


def _amounts(variable: Any, quantity: str) -> pd.DataFrame:
    rows = ((*key, value) for key, value in _values(variable))
    return make_frame(rows, ["site", "period"], [quantity])


def _upgrades(m: pyo.ConcreteModel, inst: Instance) -> pd.DataFrame:
    frame = _whole(m.grid_upgrade, ["site", "upgrade", "period"], "ordered")
    for name in ("added_mw", "added_cap_mw"):
        added = {g: getattr(upgrade, name) for g, upgrade in inst.grid_upgrades.items()}
        frame[name] = look_up(frame["upgrade"], added)
    return frame


def _split(
    m: pyo.ConcreteModel, inst: Instance, values: Iterable[tuple[Any, float]]
) -> Iterator[tuple[Any, ...]]:
    """Rows by stream from values by group, in proportion to demand (formulation §6)."""
    for (j, *site, o), value in values:
        group: StreamGroup = m.groups[j]
        for member in group.members:
            part = value * inst.demand_mtok_s[member, o] / group.demand_mtok_s[o]
            if part > 0:
                yield (*inst.streams[member], *site, *_when(inst, o), part)
