"""Starting from a known plan: its decisions as data, and as numbers of another model."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import parquet

from optimizer.compiling import CompiledModel
from optimizer.matrix import Floats
from optimizer.plan.plan import Plan

Decisions = Mapping[str, list[list[Any]]]
"""The whole-number decisions of a plan, as JSON: by part, rows of index and number."""

_COLUMNS = {
    "openings": ("open_site", ["site", "period", "opened"]),
    "halls": ("hall", ["site", "period", "blocks"]),
    "local_control_planes": ("raise_level", ["site", "period", "raised"]),
    "volume_tiers": ("reach", ["unit_type", "tier", "period", "reached"]),
    "orders": ("order", ["site", "unit_type", "period", "units"]),
    "grid_upgrades": ("grid_upgrade", ["site", "upgrade", "period", "ordered"]),
    "retirements": ("retire", ["site", "unit_type", "period", "units"]),
    "reserve": ("reserve_step", ["site", "unit_type", "workload", "period", "units"]),
    "cohorts": ("retired", ["site", "unit_type", "cohort", "units"]),
    "conversions": ("conversion_blocks", ["site", "period", "blocks"]),
    "rental_use": ("rented", ["offer", "period", "used"]),
    "leases": ("leased_blocks", ["site", "period", "blocks"]),
}
"""For each part the variable that it holds, and the columns of its table: index, then number."""

_TABLES = {"cohorts": "retirements"}
"""The table of a part, where it is not called the same."""


def decisions_of(plan: Plan) -> Decisions:
    """What a plan decides in whole numbers; nothing for one without tables."""
    return {
        name: _rows(plan.tables[table][column].tolist() for column in columns)
        for name, (_, columns) in _COLUMNS.items()
        if (table := _TABLES.get(name, name)) in plan.tables
    }


def decisions_in(folder: Path) -> Decisions:
    """What the plan in a folder decides in whole numbers; nothing if it has no tables."""
    files = {name: folder / "tables" / f"{_TABLES.get(name, name)}.parquet" for name in _COLUMNS}
    return {
        name: _rows(parquet.read_table(file, columns=_COLUMNS[name][1]).to_pydict().values())
        for name, file in files.items()
        if file.exists()
    }


def _rows(columns: Iterable[Iterable[Any]]) -> list[list[Any]]:
    """The rows of columns whose number, the last column, is above 0."""
    return [list(row) for row in zip(*columns, strict=True) if row[-1] > 0]


def hint_of(compiled: CompiledModel, decisions: Decisions) -> Floats | None:
    """Values for the whole-number variables of a model; 0 for what the plan does not know.

    None if nothing was decided.
    """
    known: dict[tuple[str, tuple[str, ...]], float] = {}
    for name, (variable, _) in _COLUMNS.items():
        for *index, number in decisions.get(name, ()):
            key = variable, tuple(index)
            known[key] = known.get(key, 0.0) + float(number)
    if not known:
        return None
    hint = np.zeros(len(compiled.variables))
    for column in np.flatnonzero(compiled.matrix.whole):
        variable = compiled.variables[column]
        name, index = variable.parent_component().local_name, variable.index()
        if name == "reserve_step":
            *place, step = index
            hint[column] = float(known.get((name, tuple(place)), 0.0) >= step)
        else:
            hint[column] = known.get((name, index), 0.0)
    return hint
