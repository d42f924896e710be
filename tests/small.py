"""A small instance for tests: change one thing, and the arithmetic stays short.

    tiny()      one open site with room for ten units, one unit type, one stream, the year 2027
    twins()     the same with a second site, Nairobi, which is closed and stands in Kenya

Nothing is discounted and nothing is worth anything at the end. 1 Mtok/s for the 365 days of 2027
is 31.536 million Mtok, so that at 10 USD per Mtok 1 Mtok/s that is not served costs 315.36 MUSD,
far more than a unit.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from math import inf
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn import generate_standard_repn
from scipy.optimize import Bounds, LinearConstraint, milp

from models.build import build_model
from models.instance import Instance
from optimizer.compiling import compile_model
from optimizer.matrix import Floats, Matrix

SHORT = 315.36
"""Cost of 1 Mtok/s of chat not served in 2027: 10 USD/Mtok · 31.536 million Mtok [MUSD]."""

OSLO: dict[str, Any] = {
    "operator": "fjord",
    "jurisdiction": "NO",
    "lat": 59.9,
    "lon": 10.8,
    "grid_mw": 25,
    "pue": {"liquid": 1.25},
    "opened": True,
    "initial_hall_mw": 20,
    "hall_block_mw": 4,
    "hall_capex_musd_per_mw": 5,
    "energy_price_usd_per_mwh": 0,
}

NAIROBI: dict[str, Any] = OSLO | {
    "operator": "savanna",
    "jurisdiction": "KE",
    "lat": -1.3,
    "lon": 36.8,
    "opened": False,
    "initial_hall_mw": 0,
}

GEN1: dict[str, Any] = {
    "generation": "one",
    "cooling": "liquid",
    "it_mw": 2,
    "capex_musd": 40,
    "life_years": 5,
    "available_from": 2020,
}

TINY: dict[str, Any] = {
    "name": "tiny",
    "horizon": {"start": 2027, "months": 12},
    "finance": {"discount_rate_per_year": 0, "end_of_horizon_value": "none"},
    "jurisdictions": {"NO": {"continent": "europe", "blocs": ["EEA"]}},
    "operators": {"fjord": {"home_jurisdiction": "NO", "control_plane_jurisdiction": "NO"}},
    "sites": {"oslo": OSLO},
    "unit_types": {"gen1": GEN1},
    "throughput": [{"unit_type": "gen1", "workload": "chat", "mtok_s": 10}],
    "workloads": {"chat": {"shortfall_price_usd_per_mtok": 10}},
    "data_classes": {"public": {}},
    "regions": {"norway": {"jurisdiction": "NO", "lat": 59.9, "lon": 10.8}},
    "demand": [
        {"region": "norway", "workload": "chat", "data_class": "public", "date": 2027, "mtok_s": 50}
    ],
    "solve": {"gap": 0, "threads": 1},
}

NAMED: dict[str, Any] = {
    "jurisdictions": {"KE": {"continent": "africa"}},
    "operators": {"savanna": {"home_jurisdiction": "KE", "control_plane_jurisdiction": "KE"}},
    "sites": {"nairobi": NAIROBI},
    "regions": {"kenya": {"jurisdiction": "KE", "lat": -1.3, "lon": 36.8}},
}
"""What `twins` adds to `tiny`."""


def tiny(**changes: Any) -> Instance:
    """The small instance with changes merged in: tables and records grow, all else is replaced."""
    return Instance.model_validate(merged(TINY, changes))


def twins(**changes: Any) -> Instance:
    """The small instance with a second site, with changes merged in."""
    return Instance.model_validate(merged(merged(TINY, NAMED), changes))


def years(count: int) -> dict[str, Any]:
    """A horizon of so many years from 2027 on."""
    return {"start": 2027, "months": 12, "count": count}


def demands(*rows: tuple[Any, ...], workload: str = "chat") -> list[dict[str, Any]]:
    """Rows of the demand table from (region, data class, date, Mtok/s)."""
    names = ("region", "data_class", "date", "mtok_s")
    return [dict(zip(names, row, strict=True)) | {"workload": workload} for row in rows]


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data with changes: mappings are merged, anything else is replaced; None removes."""
    out = deepcopy(dict(old))
    for name, value in new.items():
        if value is None:
            del out[name]
        elif isinstance(value, Mapping) and isinstance(out.get(name), Mapping):
            out[name] = merged(out[name], value)
        else:
            out[name] = deepcopy(value)
    return out


def solved(inst: Instance, *, merge: bool = False) -> pyo.ConcreteModel:
    """The model of an instance with its optimum loaded; solved here, by scipy, without a child.

    What `solve` makes of it, and that its plan is verified, is tested elsewhere.
    """
    compiled = compile_model(build_model(inst, merge=merge), inst)
    x = milp_solution(compiled.matrix)
    assert x is not None, "the instance has no plan"
    compiled.load(x)
    return compiled.model


def optimum(inst: Instance, *, merge: bool = False) -> float:
    """The optimal cost; infinite if there is no plan [MUSD]."""
    matrix = compile_model(build_model(inst, merge=merge), inst).matrix
    x = milp_solution(matrix)
    return inf if x is None else matrix.value(x)


def optimum_without(inst: Instance, rows_of: Callable[[pyo.ConcreteModel], Any]) -> float:
    """The optimal cost if a constraint of the model did not exist: how a test shows it binds."""
    m = build_model(inst)
    rows_of(m).deactivate()
    matrix = compile_model(m, inst).matrix
    x = milp_solution(matrix)
    return inf if x is None else matrix.value(x)


def milp_solution(matrix: Matrix) -> Floats | None:
    """The optimum of a matrix by scipy.optimize.milp; None if there is none.

    With and without presolve, whichever finds the better plan: scipy's solver is HiGHS too, which
    can miss the optimum in either way (tests/properties/test_wrong_optimum.py).
    """
    found = []
    for presolve in (True, False):
        result = milp(
            matrix.cost,
            integrality=matrix.whole,
            bounds=Bounds(matrix.lower, matrix.upper),
            constraints=LinearConstraint(matrix.rows, matrix.row_lower, matrix.row_upper),
            options={"mip_rel_gap": 0.0, "presolve": presolve},
        )
        assert result.status in (0, 2), result.message
        if result.x is not None:
            found.append((float(result.fun), np.asarray(result.x)))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def cost(m: pyo.ConcreteModel) -> float:
    """The objective of a solved model [MUSD]."""
    return float(pyo.value(m.net_present_cost))


def terms(m: pyo.ConcreteModel) -> dict[str, float]:
    """The terms of a solved model's cost that are not 0 [MUSD]."""
    values = {term: float(pyo.value(m.cost_musd[term])) for term in m.TERMS}
    return {term: value for term, value in values.items() if abs(value) > 1e-9}


def values(variable: Any) -> dict[Any, float]:
    """The values of a solved model's variable that are not 0, rounded to 6 digits."""
    rounded = {index: round(value, 6) for index, value in variable.extract_values().items()}
    return {index: value for index, value in rounded.items() if value}


def assert_row(row: Any, terms: Mapping[str, float], sense: str, bound: float) -> None:
    """Assert that a constraint of a model reads Σ coefficient · variable {≤, =, ≥} bound.

    Variables are named as on paper: 'order[oslo,gen1,2027]'. The row may stand the other way round.
    """
    found, low, high = read_row(row)
    first = next(iter(terms))
    if found.get(first, 0.0) * terms[first] < 0:
        found = {name: -coefficient for name, coefficient in found.items()}
        low, high = -high, -low
    assert found == pytest.approx(dict(terms))
    sides = {"≤": (-inf, bound), "≥": (bound, inf), "=": (bound, bound)}
    assert (low, high) == pytest.approx(sides[sense])


def read_row(row: Any) -> tuple[dict[str, float], float, float]:
    """The coefficients of a constraint by variable, and its lower and upper bound."""
    body = generate_standard_repn(row.body)
    assert body.is_linear()
    low = -inf if row.lower is None else pyo.value(row.lower) - body.constant
    high = inf if row.upper is None else pyo.value(row.upper) - body.constant
    return coefficients(row.body), low, high


def coefficients(expression: Any) -> dict[str, float]:
    """The coefficients of a linear expression that are not 0, by variable."""
    body = generate_standard_repn(expression)
    pairs = zip(body.linear_vars, body.linear_coefs, strict=True)
    return {plain(variable): float(coefficient) for variable, coefficient in pairs if coefficient}


def plain(variable: Any) -> str:
    """The name of a variable without Pyomo's quotes around numbers."""
    return str(variable.name).replace("'", "")
