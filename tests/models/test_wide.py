"""Variables and rows as arrays: to whoever looks, the objects that Pyomo would have."""

from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.build import build_model
from models.instance import Instance
from models.wide import Addends, Tuples, TupleSet, WideConstraint, WideVar, spans
from optimizer.compiling import compile_model
from tests.properties.common import SEEDS, examples
from tests.properties.slices import sliced
from tests.properties.strategies import instances
from tests.properties.together import Raw, switched
from tests.small import assert_row, milp_solution, tiny

WITH_SUM = ("most[sum]", "balance[row]", "total_balance[total]")
WIDE = ("flow", "shortfall", "demand_balance", "throughput_limit", "network_balance")


def small() -> pyo.ConcreteModel:
    """2 · x[a,1] + x[b,2] ≤ 7, x[b,1] − y = 3, and total = x[a,1] + 5 · x[b,1]."""
    m = pyo.ConcreteModel()
    m.X = TupleSet(Tuples.of([("a", 1), ("b", 1), ("b", 2)], (["a", "b"], [1, 2])))
    m.x = WideVar(m.X, upper=lambda: np.array([4.0, 5.0, 6.0]))
    m.y = pyo.Var(bounds=(0, 1))
    m.most = WideConstraint(
        ["sum"],
        left=lambda: [Addends(m.x, np.array([0, -1, 0]), np.array([2.0, 9.0, 1.0]))],
        sense="<=",
        right=lambda _: 7,
    )
    m.balance = WideConstraint(
        ["row"],
        left=lambda: [Addends(m.x, np.array([-1, 0, -1]))],
        sense="==",
        right=lambda _: m.y + 3,
    )
    m.total = pyo.Var()
    m.total_balance = WideConstraint(
        ["total"],
        left=lambda: [Addends(m.x, np.array([0, 0, -1]), np.array([1.0, 5.0, 1.0]))],
        sense="==",
        right=lambda _: m.total,
        defines=m.total,
    )
    m.cost = pyo.Objective(expr=2 * m.total + 3 * m.x["b", 2] + 4)
    return m


def names(compiled: Any) -> list[str]:
    return [variable.name for variable in compiled.variables]


def test_tuples_know_their_places() -> None:
    pairs = Tuples.of([("b", 2), ("a", 1)], (["a", "b"], [1, 2]))

    assert list(pairs) == [("b", 2), ("a", 1)]
    assert pairs[0] == ("b", 2)
    assert pairs[:1] == [("b", 2)]
    assert ("a", 1) in pairs
    assert ("a", 2) not in pairs
    assert pairs.positions(np.array([0, 0]), np.array([0, 1])).tolist() == [1, -1]
    assert pairs == Tuples.of([("b", 2), ("a", 1)], (["b", "a"], [2, 1]))
    assert pairs != Tuples.of([("a", 1), ("b", 2)], (["a", "b"], [1, 2]))
    assert pairs != [("b", 2), ("a", 1)]


def test_routes_are_given_by_their_ends() -> None:
    routes = Tuples.routes({("j", 1): ["q", "p"], ("j", 2): ["p"]}, ["p", "q"], (["j"], [1, 2]))

    assert list(routes) == [("j", "q", 1), ("j", "p", 1), ("j", "p", 2)]


def test_an_index_is_a_set_of_pyomo() -> None:
    m = small()

    assert m.X.dimen == 2
    assert len(m.X) == 3
    assert m.X.at(1) == ("a", 1)
    assert m.X.ord(("b", 2)) == 3
    assert ("b", 1) in m.X


def test_rows_become_objects_when_looked_at() -> None:
    m = small()
    assert not any(m.component(name).is_made for name in ("most", "balance", "total_balance"))

    assert_row(m.most["sum"], {"x[a,1]": 2, "x[b,2]": 1}, "≤", 7)
    assert_row(m.balance["row"], {"x[b,1]": 1, "y": -1}, "=", 3)
    assert_row(m.total_balance["total"], {"x[a,1]": 1, "x[b,1]": 5, "total": -1}, "=", 0)
    assert m.most.is_made
    assert len(m.most) == 1
    assert m.most["sum"].index() == "sum"


def test_the_sum_stands_for_its_name() -> None:
    m = small()
    compiled = compile_model(m, tiny())

    # 2 · (x[a,1] + 5 · x[b,1]) + 3 · x[b,2] + 4
    cost = dict(zip(names(compiled), compiled.matrix.cost.tolist(), strict=True))
    assert cost == {"x[a,1]": 2, "x[b,1]": 10, "x[b,2]": 3, "y": 0}
    assert compiled.matrix.offset == 4
    x = {"x[a,1]": 1.0, "x[b,1]": 3.5, "x[b,2]": 2.0, "y": 0.5}
    compiled.load(np.array([x[name] for name in names(compiled)]))
    assert pyo.value(m.total) == 1 + 5 * 3.5
    assert pyo.value(m.cost) == compiled.matrix.value(compiled.values()) == 2 * 18.5 + 6 + 4


def test_a_total_lies_between_what_bounds_allow() -> None:
    m = small()
    addends = [Addends(m.x, np.array([0, 0, 1]), np.array([-2.0, 1.0, 3.0]))]

    least, most = spans(addends, 2)

    assert least.tolist() == [-8, 0]
    assert most.tolist() == [5, 18]


def test_values_are_the_same_before_and_after_looking() -> None:
    m = small()
    assert m.x.extract_values() == {("a", 1): None, ("b", 1): None, ("b", 2): None}
    m.x.load(np.array([1.0, 0.0, 2.0]))

    assert m.x.extract_values() == {("a", 1): 1, ("b", 1): 0, ("b", 2): 2}
    assert list(m.x.above(1e-6)) == [(("a", 1), 1), (("b", 2), 2)]
    assert m.x["b", 2].value == 2
    assert (m.x["b", 2].lb, m.x["b", 2].ub) == (0, 6)
    m.x["b", 2].set_value(3)
    assert m.x.extract_values()["b", 2] == 3
    assert m.x.levels().tolist() == [1, 0, 3]
    m.x.load(np.array([0.0, 4.0, 0.0]))
    assert m.x["b", 1].value == 4


def test_what_is_done_to_objects_counts() -> None:
    """Bounds, fixed values, and rows that are taken out."""
    m = small()
    m.x["b", 2].setub(1)
    m.x["a", 1].fix(3)
    m.balance["row"].deactivate()
    compiled = compile_model(m, tiny())

    at = {name: column for column, name in enumerate(names(compiled))}
    assert compiled.matrix.upper[at["x[b,2]"]] == 1
    column = at["x[a,1]"]
    assert compiled.matrix.lower[column] == compiled.matrix.upper[column] == 3
    assert [row.name for row in compiled.constraints] == ["most[sum]"]


def test_a_component_can_be_taken_out_unseen() -> None:
    m = small()
    m.balance.deactivate()
    compiled = compile_model(m, tiny())

    assert not m.balance.is_made
    assert [row.name for row in compiled.constraints] == ["most[sum]"]
    m.balance.activate()
    again = compile_model(m, tiny())
    assert [row.name for row in again.constraints] == ["most[sum]", "balance[row]"]


def test_a_model_can_be_copied() -> None:
    m = small()
    copy = m.clone()

    assert_row(copy.most["sum"], {"x[a,1]": 2, "x[b,2]": 1}, "≤", 7)
    assert copy.x["a", 1] is not m.x["a", 1]
    assert copy.most["sum"].body.args[0].args[1] is copy.x["a", 1]


def test_nobody_looks_at_flows_on_the_way_to_a_plan() -> None:
    m = build_model(tiny(), merge=True)
    compiled = compile_model(m, tiny())
    compiled.load(np.zeros(len(compiled.variables)))
    compiled.optional()
    compiled.ever_open()
    compiled.place()

    assert not any(m.component(name).is_made for name in WIDE)


@examples(20)
@given(st.one_of(instances(), sliced()), SEEDS)
def test_objects_say_what_arrays_say(raw: Raw, seed: int) -> None:
    """The matrix of random instances is the same if all wide components were looked at."""
    inst = Instance.model_validate(switched(raw, seed))
    unseen, seen = build_model(inst, merge=True), build_model(inst, merge=True)
    for component in seen.component_objects((pyo.Var, pyo.Constraint)):
        list(component.values())
    ours, theirs = compile_model(unseen, inst), compile_model(seen, inst)

    assert names(ours) == names(theirs)
    assert [row.name for row in ours.constraints] == [row.name for row in theirs.constraints]
    for name in ("cost", "row_lower", "row_upper", "lower", "upper", "whole"):
        assert getattr(ours.matrix, name) == pytest.approx(getattr(theirs.matrix, name)), name
    assert abs(ours.matrix.rows - theirs.matrix.rows).max() < 1e-12


def test_pyomo_solves_the_model_as_it_stands() -> None:
    """Pyomo's own interface to HiGHS knows nothing of arrays, and finds the same optimum."""
    inst: Instance = tiny()
    m = build_model(inst, merge=True)
    solution = milp_solution(compile_model(build_model(inst, merge=True), inst).matrix)
    assert solution is not None

    pyo.SolverFactory("appsi_highs").solve(m)

    assert pyo.value(m.net_present_cost) == pytest.approx(
        compile_model(build_model(inst, merge=True), inst).matrix.value(solution)
    )


def rows_and_names(m: pyo.ConcreteModel) -> tuple[list[str], list[str]]:
    compiled = compile_model(m, tiny())
    return [row.name for row in compiled.constraints], names(compiled)


def test_a_name_that_is_bound_is_a_variable_like_any_other() -> None:
    """2 ≤ total is a limit on what it sums up: the row stays, and so does the variable."""
    m = small()
    m.total.setlb(2)
    m.total.setub(99)
    rows, columns = rows_and_names(m)

    assert rows == [*WITH_SUM]
    assert "total" in columns


def test_a_name_that_is_fixed_holds_its_sum() -> None:
    """x[a,1] + 5 · x[b,1] = 3: with x[b,1] = 3 + y there is no plan."""
    m = small()
    m.total.fix(3)
    compiled = compile_model(m, tiny())

    assert [row.name for row in compiled.constraints] == [*WITH_SUM]
    assert milp_solution(compiled.matrix) is None


def test_a_row_of_a_sum_that_was_changed_counts_as_changed() -> None:
    m = small()
    m.total.setlb(0)
    m.total.setub(99)
    m.total_balance["total"].set_value(m.total == 2 * m.x["a", 1])
    compiled = compile_model(m, tiny())
    matrix = compiled.matrix

    assert [row.name for row in compiled.constraints] == [*WITH_SUM]
    assert dict(zip(names(compiled), matrix.cost, strict=True))["total"] == 2
    m.total_balance["total"].deactivate()
    assert rows_and_names(m)[0] == ["most[sum]", "balance[row]"]
    assert not m.total_balance["total"].active


def test_one_row_of_those_taken_out_comes_back() -> None:
    m = build_model(tiny(), merge=True)
    m.demand_balance.deactivate()
    first = next(iter(m.demand_balance))
    m.demand_balance[first].activate()

    assert [row.index() for row in m.demand_balance.values() if row.active] == [first]


def test_deleted_rows_stay_deleted() -> None:
    m = small()
    m.most.clear()

    assert rows_and_names(m)[0] == ["balance[row]"]
    assert len(m.most) == 0


def test_a_variable_without_a_value_has_none() -> None:
    m = small()
    m.x.load(np.array([1.0, np.nan, 2.0]))

    assert m.x["b", 1].value is None
    assert m.x.extract_values()["b", 1] is None


def test_an_index_is_shown_with_its_members(capsys: pytest.CaptureFixture[str]) -> None:
    m = small()
    m.X.pprint()

    assert "('b', 2)" in capsys.readouterr().out
    assert m.X in list(m.component_objects(pyo.Set))
