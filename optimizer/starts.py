"""Starting from a known plan: its decisions as data, and as numbers of another model."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pyarrow import parquet

from optimizer.columns import read_columns
from optimizer.plan.plan import Plan

if TYPE_CHECKING:
    from optimizer.compiling import CompiledModel
    from optimizer.matrix import Floats

Decisions = Mapping[str, list[list[Any]]]
"""The whole-number decisions of a plan, as JSON: by part, rows of index and number."""

_COLUMNS = {
    "openings": ("open_site", ["site", "period", "opened"]),
    "halls": ("hall", ["site", "period", "blocks"]),
    "local_control_planes": ("raise_level", ["site", "period", "raised"]),
    "volume_tiers": ("reach", ["unit_type", "tier", "period", "reached"]),
    "orders": ("order", ["site", "unit_type", "period", "units"]),
    "grid_upgrades": ("grid_upgrade", ["site", "upgrade", "period", "ordered"]),
    "network_options": ("network_option", ["site", "option", "period", "ordered"]),
    "clusters": (
        "cluster",
        ["site", "unit_type", "workload", "period", "option", "from_units", "stands"],
    ),
    "training_sites": ("trains", ["model_family", "site", "period", "trains"]),
    "holding_sites": ("holds", ["model_family", "site", "period", "holds"]),
    "retirements": ("retire", ["site", "unit_type", "period", "units"]),
    "reserve": ("reserve_step", ["site", "unit_type", "period", "units"]),
    "cohorts": ("retired", ["site", "unit_type", "cohort", "units"]),
    "cancelled": ("cancelled", ["site", "what", "name", "period", "cancelled"]),
    "delayed": ("delayed", ["site", "what", "name", "period", "delayed"]),
    "conversions": ("conversion_blocks", ["site", "period", "blocks"]),
    "rental_use": ("rented", ["offer", "period", "used"]),
    "leases": ("leased_blocks", ["site", "period", "blocks"]),
}
"""For each part the variable that it holds, and the columns of its table: index, then number."""

_TABLES = {
    "cohorts": "retirements",
    "cancelled": "commitments",
    "delayed": "commitments",
    "training_sites": "model_sites",
    "holding_sites": "model_sites",
}
"""The table of a part, where it is not called the same."""


_SCENARIO = "scenario"
"""The first column of every table of a plan with scenarios."""


def decisions_of(plan: Plan) -> Decisions:
    """What a plan decides in whole numbers; nothing for one without tables.

    Parts of a plan with scenarios are named SCENARIO/PART.
    """
    out: dict[str, list[list[Any]]] = {}
    for name, (_, columns) in _COLUMNS.items():
        table = plan.tables.get(_TABLES.get(name, name))
        if table is not None:
            wanted = [_SCENARIO] * (_SCENARIO in table.columns) + columns
            _add_rows(out, name, wanted, (table[column].tolist() for column in wanted))
    return out


def decisions_in(folder: Path) -> Decisions:
    """What the plan in a folder decides in whole numbers, as `decisions_of` tells it."""
    out: dict[str, list[list[Any]]] = {}
    for name, (_, columns) in _COLUMNS.items():
        file = folder / "tables" / f"{_TABLES.get(name, name)}.parquet"
        if file.exists():
            wanted = [_SCENARIO] * (_SCENARIO in parquet.read_schema(file).names) + columns
            found = read_columns(file, wanted).to_pydict()
            _add_rows(out, name, wanted, (found[column] for column in wanted))
    return out


def of_scenario(decisions: Decisions, w: str) -> Decisions:
    """The decisions in a scenario: its own, or all of a plan that has no scenarios."""
    own = {name[len(w) + 1 :]: rows for name, rows in decisions.items() if name.startswith(f"{w}/")}
    return own or {name: rows for name, rows in decisions.items() if "/" not in name}


def _add_rows(
    out: dict[str, list[list[Any]]], name: str, heads: list[str], columns: Iterable[Iterable[Any]]
) -> None:
    """Add the rows whose number, the last column, is above 0."""
    if heads[0] != _SCENARIO:
        out[name] = []
    for row in zip(*columns, strict=True):
        if row[-1] > 0:
            w = f"{row[0]}/" if heads[0] == _SCENARIO else ""
            out.setdefault(f"{w}{name}", []).append(list(row[1:] if w else row))


def hint_of(compiled: "CompiledModel", decisions: Decisions) -> "Floats | None":
    """Values for the whole-number variables of a model; 0 for what the plan does not know.

    None if nothing was decided.
    """
    known: dict[tuple[str, tuple[str, ...]], float] = {}
    for name, (variable, _) in _COLUMNS.items():
        for *index, number in decisions.get(name, ()):
            key = variable, tuple(index)
            # The units in service are told once for each workload.
            before = 0.0 if name == "reserve" else known.get(key, 0.0)
            known[key] = before + float(number)
    if not known:
        return None
    hint = np.zeros(len(compiled.variables))
    for column in np.flatnonzero(compiled.matrix.whole):
        variable = compiled.variables[column]
        name, index = variable.parent_component().local_name, variable.index()
        if name == "reserve_step":
            s, u, _, t, step = index
            hint[column] = float(known.get((name, (s, u, t)), 0.0) >= step)
        else:
            hint[column] = known.get((name, index), 0.0)
    return hint
