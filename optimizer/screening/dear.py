"""What makes every plan dearer: sites, halls and unit types, by the duals of the relaxation.

Whatever the duals, a plan costs at least their Lagrangian bound; and for each variable that must be
more than 0, its reduced cost times that on top of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.figures import money
from optimizer.matrix import Floats, Matrix
from optimizer.screening.finding import Finding, Kind
from optimizer.screening.relaxations import Solve
from optimizer.search.bound import dual_bound

DEAR = 0.01
"""What makes every plan so much dearer than the bound is worth knowing [ratio]."""

Ways = Mapping[str, Sequence[Sequence[tuple[Any, float]]]]
"""By name the ways to use it: of each, the variables, with the least that they then are."""


def dear(compiled: CompiledModel, solve: Solve) -> Iterator[Finding]:
    """Sites and unit types without which plans are cheaper by at least a part of the bound."""
    matrix = compiled.matrix.relaxed()
    outcome = solve(matrix)
    if outcome.row_duals is None:
        return
    bound = dual_bound(matrix, outcome.row_duals)
    reduced = _reduced(matrix, outcome.row_duals)
    more_by_variable = {
        id(v): max(0.0, float(reduced[place])) for place, v in enumerate(compiled.variables)
    }
    kinds: tuple[tuple[Kind, str, Ways, str], ...] = (
        ("dear site", "sites", openings(compiled), "that opens it"),
        ("dear halls", "sites", halls(compiled), "that builds a hall there"),
        ("dear unit type", "unit_types", orders(compiled), "that orders one"),
    )
    for kind, table, found, words in kinds:
        for name, ways in found.items():
            more = min(
                (sum(more_by_variable.get(id(v), 0.0) * least for v, least in way) for way in ways),
                default=0.0,
            )
            if more > DEAR * max(1.0, abs(bound)):
                message = (
                    f"every plan {words} costs at least {money(bound + more)}, {money(more)} more "
                    "than the least that the relaxation allows."
                )
                yield Finding(kind, False, (table, name), message)


def openings(compiled: CompiledModel) -> Ways:
    """A site that is opened is open from then on."""
    m, names = compiled.model, list(compiled.inst.periods)
    return {
        s: [
            [(m.open_site[s, t], 1.0), *((m.is_open[s, later], 1.0) for later in names[n:])]
            for n, t in enumerate(names)
        ]
        for s, site in compiled.inst.sites.items()
        if not site.opened
    }


def orders(compiled: CompiledModel) -> Ways:
    """A unit that is ordered is in service; one that may leave early at least for a period."""
    m, inst = compiled.model, compiled.inst
    found: dict[str, list[list[tuple[Any, float]]]] = {u: [] for u in inst.unit_types}
    for (s, u, t), serves in inst.services.items():
        sure = serves[:1] if inst.unit_types[u].early_retirement else serves
        online = [(m.online[s, u, served], 1.0) for served in sure]
        found[u].append([(m.order[s, u, t], 1.0), *online])
    return found


def halls(compiled: CompiledModel) -> Ways:
    """A hall that is built is in use for its life."""
    m, inst = compiled.model, compiled.inst
    found: dict[str, list[list[tuple[Any, float]]]] = {s: [] for s in inst.sites}
    for (s, t), serves in inst.hall_services.items():
        block = inst.sites[s].hall_block_mw
        found[s].append(
            [(m.hall[s, t], 1.0), *((m.hall_mw[s, served], block) for served in serves)]
        )
    return found


def _reduced(matrix: Matrix, duals: Floats) -> Floats:
    """What one more of each variable adds to the bound of the duals."""
    side = np.where(duals > 0, matrix.row_lower, matrix.row_upper)
    valid: Floats = np.where(np.isfinite(side), duals, 0.0)
    reduced: Floats = matrix.cost - matrix.rows.T @ valid
    return reduced
