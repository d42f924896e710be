"""Why there is no plan: which kinds of limit, lifted alone, would allow one."""

from dataclasses import replace
from typing import Any

import numpy as np

from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job
from optimizer.matrix import Flags, Matrix
from optimizer.options import Options
from optimizer.search.pace import is_large

PROTECTED = "contingency_demand_balance"
"""The constraint that says what is still served in a contingency."""

KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "the grid connections of sites": (
        ("site_power_limit", "order_link"),
        ("order", "online", "run"),
    ),
    "the caps of grid regions": (("grid_region_limit",), ()),
    "the halls that can be built": (("hall_limit", "hall_link"), ("hall", "hall_mw")),
    "the install rates of sites": (("install_limit",), ()),
    "the supply quotas": (("quota_limit",), ()),
    "the capital granted": (("unspent_balance", "spend_limit"), ()),
    "what pools may borrow": (("borrowing_limit",), ("debt",)),
    "the caps on running costs": (("opex_limit",), ()),
    "the caps on emissions": (("carbon_limit",), ()),
    "the floors on efficiency": (("efficiency_minimum",), ()),
    "the water that sites may use": (("water_limit",), ()),
    "the least build of sites": (("build_minimum",), ()),
    "the demand that must be served": (("demand_balance",), ()),
    "the shares protected in contingencies": ((PROTECTED,), ()),
}
"""Kinds of limit in words, with the constraints, and the variables whose bounds, stand for them."""

FAR = 1e6
"""A bound that nothing reaches."""

TRY_S = 10.0
"""Longest time to look for a plan without one kind of limit [s]."""


def reasons(crew: Crew, compiled: CompiledModel, options: Options) -> tuple[str, ...]:
    """What an infeasible instance cannot meet: each kind of limit without which it has a plan."""
    if is_large(len(compiled.matrix.cost)):
        return ()
    rows = np.array([row.parent_component().local_name for row in compiled.constraints])
    columns = np.array([var.parent_component().local_name for var in compiled.variables])
    blamed = []
    for kind, (constraints, variables) in KINDS.items():
        lifted, raised = np.isin(rows, constraints), np.isin(columns, variables)
        if lifted.any() and _has_a_plan(crew, _without(compiled.matrix, lifted, raised), options):
            blamed += (PROTECTED in constraints and _protected(crew, compiled, options)) or [kind]
    if not blamed:
        return ("no single kind of limit is to blame: lifting any one of them is not enough",)
    return tuple(f"there would be a plan if {kind} gave way" for kind in blamed)


def _protected(crew: Crew, compiled: CompiledModel, options: Options) -> list[str]:
    """The contingencies of which each alone asks for too much, in words."""
    names = np.array([_contingency(compiled, row) for row in compiled.constraints])
    nothing = np.zeros(len(compiled.variables), dtype=bool)
    return [
        f"the protected share in contingency {name}"
        for name in dict.fromkeys(name for name in names.tolist() if name)
        if _has_a_plan(crew, _without(compiled.matrix, names == name, nothing), options)
    ]


def _contingency(compiled: CompiledModel, row: Any) -> str:
    """The contingency in which a row protects a share of demand; empty for any other row."""
    if row.parent_component().local_name != PROTECTED:
        return ""
    contingency: str = compiled.inst.contingency_states[row.index()[1]].contingency
    return contingency


def _without(matrix: Matrix, lifted: Flags, raised: Flags) -> Matrix:
    """The problem of finding any plan, with some constraints lifted and some bounds raised."""
    return replace(
        matrix,
        cost=np.zeros_like(matrix.cost),
        row_lower=np.where(lifted, -np.inf, matrix.row_lower),
        row_upper=np.where(lifted, np.inf, matrix.row_upper),
        upper=np.where(raised, FAR, matrix.upper),
    )


def _has_a_plan(crew: Crew, matrix: Matrix, options: Options) -> bool:
    job = Job(matrix, time_limit=TRY_S, threads=options.threads, seed=options.seed)
    return crew.run(job).x is not None
