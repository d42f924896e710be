"""Ways to solve an instance, and to get a problem into HiGHS: all have the same problem."""

import pytest

from benchmarks.generated import Size
from benchmarks.speed import highs_way, ways
from benchmarks.speed.cases import Case
from benchmarks.speed.handing import handed_over, passed

SMALL = Case("", Size(3, 3, 2), "even", 1, 0.01, 20.0)


def test_a_problem_handed_over_is_the_one_that_is_passed() -> None:
    matrix = ways.compiled(SMALL.instance(), merge=False)
    optima = []
    for load in (passed, handed_over, highs_way.loaded):
        solver = load(matrix)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.run()
        optima.append(solver.getInfo().objective_function_value)
    assert optima == pytest.approx([optima[0]] * 3, rel=1e-6)


def test_plain_highs_tells_plan_bound_and_times() -> None:
    found = ways.run(SMALL, "highs")

    assert found["gap"] <= 0.01
    assert found["first_s"] <= found["to_s"]["5%"] <= found["to_s"]["1%"]
    assert found["build_s"] + found["load_s"] <= found["first_s"]
    assert found["bound_musd"] <= found["objective_musd"]
