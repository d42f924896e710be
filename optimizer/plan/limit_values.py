"""What one more unit of each limit is worth: the relaxation's duals of the limits' own rows.

The relaxation lets units, halls and openings be parts. Its dual of a row says by how much its cost
falls with one more unit on the row's right-hand side, for small steps. For the connection of a site
that is a MW once the site is open.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pandas as pd

from models.instance import Instance
from optimizer.compiling import CompiledModel
from optimizer.matrix import Floats
from optimizer.plan.frame import make_frame

INDEX = ["limit", "at", "period"]
VALUE = "musd_per_unit"

Key = tuple[str, str, str]
"""Limit, at and period, as in the table of limits."""

SMALLEST = 1e-9
"""Smaller values are rounding of the solver [MUSD per unit]."""


def _at(limit: str) -> Callable[[Instance, Any], Key]:
    return lambda _, index: (limit, *index)


def _of_holder(limit: str) -> Callable[[Instance, Any], Key]:
    return lambda _, index: (limit, f"{index[0]}/{index[1]}", index[2])


def _rental(inst: Instance, index: Any) -> Key:
    x, o = index
    return "rental", x, inst.states[o].period


ROWS: dict[str, Callable[[Instance, Any], Key]] = {
    "site_power_limit": _at("site_power"),
    "grid_region_limit": _at("grid_region_power"),
    "install_limit": _at("install_rate"),
    "quota_limit": _at("quota"),
    "unspent_balance": _at("budget"),
    "spend_limit": _at("budget"),
    "borrowing_limit": _at("borrowing"),
    "opex_limit": _at("opex"),
    "carbon_limit": _at("carbon"),
    "water_limit": _at("water"),
    "build_minimum": lambda _, s: ("min_build", s, ""),
    "conversion_limit": _at("conversion"),
    "lease_limit": _at("lease"),
    "rental_limit": _rental,
    "rental_link": _rental,
    "within_minimum": _at("sufficiency_share"),
    "hosted_minimum": _at("sufficiency_mw"),
    "token_share_limit": _of_holder("tokens_share"),
    "mw_share_limit": _of_holder("it_mw_share"),
    "capital_share_limit": _of_holder("capital_share"),
}
"""By constraint, the limit that its row holds, in the unit of the table of limits."""

LEAST = frozenset({"build_minimum", "within_minimum", "hosted_minimum"})
"""Rows of least amounts, which give way downwards."""

FLOORS = {"within": "sufficiency_share", "hosted_mw": "sufficiency_mw"}
"""By variable, the floor that is its lower bound."""


def limit_values(compiled: CompiledModel, row_duals: Floats) -> pd.DataFrame:
    """What one more unit allowed saves, by limit, place and period [MUSD per unit, discounted].

    Least amounts: one unit less. What is worth nothing is left out. Only limits are there that a
    row of the model holds in their own unit (ROWS), or a bound (FLOORS); of one future.
    """
    inst = compiled.inst
    found: dict[Key, float] = defaultdict(float)
    for row in compiled.constraints.named(*ROWS).tolist():
        if abs(dual := float(row_duals[row])) > SMALLEST:
            constraint = compiled.constraints[row]
            name = constraint.parent_component().local_name
            found[ROWS[name](inst, constraint.index())] += dual if name in LEAST else -dual
    reduced = compiled.matrix.cost - compiled.matrix.rows.T @ row_duals
    for column in compiled.variables.named(*FLOORS).tolist():
        variable, cost = compiled.variables[column], float(reduced[column])
        if cost > SMALLEST and variable.lb > 0:
            found[(FLOORS[variable.parent_component().local_name], *variable.index())] += cost
    _sum_up_grants(inst, found)
    rows = [(*key, value) for key, value in found.items() if abs(value) > SMALLEST]
    return make_frame(rows, INDEX, [VALUE])


def _sum_up_grants(inst: Instance, found: dict[Key, float]) -> None:
    """Money that is kept: a grant is there in all later periods, a limit in its own one only."""
    for p, pool in inst.budget.pools.items():
        if pool.carry_over:
            keys = [("budget", p, t) for t in inst.periods]
            later = [found.get(key, 0.0) for key in keys[1:]] + [0.0]
            found |= {k: found.get(k, 0.0) - n for k, n in zip(keys, later, strict=True)}
