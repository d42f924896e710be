"""On random instances all that a screening says is true: held against whole-number optima."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.build import build_model
from models.instance import Instance
from models.objectives import may_fall_short
from models.prices import tokens
from optimizer import highs
from optimizer.compiling import CompiledModel, compile_model
from optimizer.matrix import Matrix
from optimizer.screening.asks import elastic
from optimizer.screening.counting import counted
from optimizer.screening.dear import dear, halls, openings, orders
from optimizer.screening.relaxations import Solve, _short, falling_short, unreachable
from tests.properties.common import examples
from tests.properties.strategies import SEEDS, instances
from tests.properties.together import short, switched
from tests.small import milp_solution

ROUNDING = 1e-5


@pytest.fixture(scope="module")
def solve() -> Iterator[Solve]:
    """Relaxations by simplex, in one process for all of them."""
    with highs.Crew() as crew:
        yield lambda matrix: crew.run(highs.Job(matrix, method="simplex"))


def compiled(raw: dict[str, Any]) -> CompiledModel:
    inst = Instance.model_validate(raw)
    return compile_model(build_model(inst, merge=True), inst)


def hard(raw: dict[str, Any], scale: float) -> dict[str, Any]:
    """The instance with more or less demand, all of which must be served where that is lawful."""
    workloads = {
        k: {name: x for name, x in one.items() if name != "shortfall_price_usd_per_mtok"}
        for k, one in raw["workloads"].items()
    }
    demand = [row | {"mtok_s": row["mtok_s"] * scale} for row in raw["demand"]]
    return raw | {"workloads": workloads, "demand": demand}


@examples(40)
@given(raw=instances(), seed=SEEDS, scale=st.sampled_from([0.01, 0.1, 0.3, 1.0]))
def test_what_is_proved_to_have_no_plan_has_none(
    solve: Solve, raw: dict[str, Any], seed: int, scale: float
) -> None:
    """With any of the families, and with demand that must be served."""
    try:
        model = compiled(hard(switched(short(raw), seed), scale))
    except ValueError:
        event("no valid instance")
        return
    proved = [one for one in unreachable(model, solve) if one.proves_no_plan]
    has_plan = milp_solution(model.matrix) is not None
    event(f"has a plan: {has_plan}, proved to have none: {bool(proved)}")
    assert not (proved and has_plan)


@examples(15)
@given(raw=instances(), seed=SEEDS)
def test_no_whole_number_plan_misses_less_of_an_ask(
    solve: Solve, raw: dict[str, Any], seed: int
) -> None:
    try:
        model = compiled(hard(switched(short(raw), seed), 1.0))
    except ValueError:
        return
    matrix, asks = elastic(model)
    for ask in asks[:2]:
        cost = np.zeros_like(matrix.cost)
        cost[ask.column] = 1.0
        whole = np.append(model.matrix.whole, np.zeros(len(cost) - len(model.matrix.whole), bool))
        x = milp_solution(replace(matrix, cost=cost, whole=whole))
        # Where limits contradict each other, nothing can be had in whole numbers.
        least = ask.amount if x is None else x[ask.column]
        assert _short(matrix, ask, solve) <= least + ROUNDING * max(1.0, ask.amount)


@examples(15)
@given(raw=instances())
def test_no_plan_falls_short_by_less(solve: Solve, raw: dict[str, Any]) -> None:
    model = compiled(raw)
    m, inst = model.model, model.inst
    column = {id(v): place for place, v in enumerate(model.variables)}
    cost = np.zeros_like(model.matrix.cost)
    for j, o in m.DEMANDS:
        if may_fall_short(inst, m.groups[j].workload):
            cost[column[id(m.shortfall[j, o])]] = tokens(inst, o) / 1e6
    x = milp_solution(replace(model.matrix, cost=cost, offset=0.0))
    assert x is not None
    for finding in falling_short(model, solve):
        told = float(finding.message.split()[2].replace(",", ""))
        # Printed with three digits.
        assert told <= float(cost @ x) * 1.006 + ROUNDING


@examples(15)
@given(raw=instances())
def test_a_plan_with_what_is_dear_costs_at_least_so_much(solve: Solve, raw: dict[str, Any]) -> None:
    model = compiled(raw)
    ways = {
        "dear site": openings(model),
        "dear halls": halls(model),
        "dear unit type": orders(model),
    }
    column = {id(v): place for place, v in enumerate(model.variables)}
    findings = list(dear(model, solve))
    event(f"dear: {min(2, len(findings))} or more")
    for finding in findings[:3]:
        made = [way[0][0] for way in ways[finding.kind][str(finding.path[1])]]
        decisions = [column[id(one)] for one in made if id(one) in column]
        least = min((_forced(model.matrix, one) for one in decisions), default=np.inf)
        told = float(finding.message.partition("at least ")[2].split()[0].replace(",", ""))
        assert least >= told - 0.006 * max(1.0, abs(told))


def _forced(matrix: Matrix, column: int) -> float:
    """The least cost with a decision made at least once; infinite if there is none."""
    lower = matrix.lower.copy()
    lower[column] = 1.0
    if matrix.upper[column] < 1.0:
        return float("inf")
    x = milp_solution(matrix.with_bounds(lower, matrix.upper))
    return float("inf") if x is None else matrix.value(x)


@examples(25)
@given(raw=instances())
def test_what_is_of_no_use_is_not_missed(raw: dict[str, Any]) -> None:
    """Without the halls, and without flows at the sites, that are of no use nothing gets dearer."""
    model = compiled(raw)
    m = model.model
    found = list(counted(m, model.inst))
    halls = {one.path[1] for one in found if one.kind == "halls of no use"}
    sites = {one.path[1] for one in found if one.kind == "site of no use"}
    types = {one.path[1] for one in found if one.kind == "unit type of no use"}
    event(f"of no use: {bool(halls)} {bool(sites)} {bool(types)}")
    assert not any(s in sites for _, s, _ in m.FLOWS)
    assert not any(u in types for _, u, _, _ in m.RUNS)
    if halls:
        x = milp_solution(model.matrix)
        lower, upper = model.matrix.lower, model.matrix.upper.copy()
        for place, variable in enumerate(model.variables):
            if variable.parent_component().local_name == "hall" and variable.index()[0] in halls:
                upper[place] = 0.0
        without = milp_solution(model.matrix.with_bounds(lower, upper))
        assert x is not None
        assert without is not None
        assert model.matrix.value(without) == pytest.approx(model.matrix.value(x), rel=1e-6)
