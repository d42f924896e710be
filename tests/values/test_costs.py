"""What is known of one least cost tells something of the other, where a change adds nothing."""

from math import inf, isnan

import pytest

from optimizer.values.costs import Known, difference, shared


def test_bounds_and_plans_are_shared_where_a_change_adds_nothing() -> None:
    # The base costs 90 to 100. What adds nothing costs no more than the base at its best, 100, and
    # its bound of 95 is one of the base. What may add anything tells nothing.
    base, changed = shared(
        Known(90, 100),
        {"more power": Known(95, 103), "less demand": Known(80, 120)},
        {"more power": 0.0, "less demand": inf},
    )
    assert base == (95, 100)
    assert changed == {"more power": (95, 100), "less demand": (80, 120)}
    assert difference(base, changed["more power"], 0.0) == (0, -5, 0)
    assert difference(base, changed["less demand"], inf) == (20, -20, 25)


def test_what_a_change_adds_at_most_is_taken_off_its_bound() -> None:
    # A change that adds 10 at most and costs at least 105: the base costs at least 95.
    base, changed = shared(Known(90, 100), {"dearer": Known(105, 120)}, {"dearer": 10.0})
    assert base == (95, 100)
    assert changed["dearer"] == (105, 110)


def test_a_search_without_a_plan_leaves_that_of_the_base() -> None:
    base, changed = shared(Known(90, 100), {"more power": Known(80, inf)}, {"more power": 0.0})
    assert difference(base, changed["more power"], 0.0) == (0, -20, 0)
    told = difference(base, Known(-inf, inf), inf)
    assert all(isnan(amount) for amount in told)


@pytest.mark.parametrize("bound", [100, 101])
def test_a_bound_never_passes_a_plan(bound: float) -> None:
    # Rounding of the other solve may put its bound a little above the plan of the base.
    base, changed = shared(Known(90, 100), {"lever": Known(bound, bound)}, {"lever": 0.0})
    assert base == (100, 100)
    assert changed["lever"].bound <= changed["lever"].cost
