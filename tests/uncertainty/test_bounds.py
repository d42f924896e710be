"""Bounds on all scenarios: the best is kept with what proved it, unless a plan refutes it."""

from typing import Any

import numpy as np

from optimizer.highs import Crew
from optimizer.options import resolve
from optimizer.uncertain.problem import build_problem
from optimizer.uncertain.search import Search
from optimizer.uncertain.solve import _better
from tests.uncertainty.three import three


def searches(count: int) -> list[Search]:
    """Searches that have not begun, on the same problem."""
    inst = three()
    problem, options = build_problem(inst), resolve(inst)
    return [Search(Crew(), problem, options, [], None) for _ in range(count)]


def nothing(search: Search) -> dict[str, Any]:
    """A plan of the whole that costs 0, as far as the model's costs go."""
    return {w: np.zeros(len(one.variables)) for w, one in search.problem.alone.items()}


def test_the_better_bound_comes_with_what_proved_it() -> None:
    first, last = searches(2)
    first.found.plans = nothing(first)
    first.raise_bound(-2.0, "each scenario alone")
    last.raise_bound(-1.0, "scenarios at prices")

    better = _better(first, last)

    assert better is first
    assert (better.found.bound, better.found.bound_from) == (-1.0, "scenarios at prices")


def test_without_any_plan_the_last_search_has_the_better_bound() -> None:
    first, last = searches(2)
    first.raise_bound(-1.0, "each scenario alone")

    better = _better(first, last)

    assert better is last
    assert (better.found.bound, better.found.bound_from) == (-1.0, "each scenario alone")


def test_a_bound_that_a_plan_refutes_is_not_taken() -> None:
    first, last = searches(2)
    first.found.plans = nothing(first)
    first.raise_bound(-1.0, "each scenario alone")
    last.raise_bound(1.0, "scenarios at prices")  # it knows no plan

    assert _better(first, last) is first
    assert (first.found.bound, first.found.bound_from) == (-1.0, "each scenario alone")


def test_a_bound_that_a_plan_refutes_is_dropped() -> None:
    (search,) = searches(1)
    search.raise_bound(1.0, "each scenario alone")
    search._offer(nothing(search))

    assert (search.found.bound, search.found.bound_from) == (None, "")
