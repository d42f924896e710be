"""Neighbourhoods: what is reconsidered together, on four sites drawn up by hand."""

import numpy as np
import pytest

from optimizer.compiling import Place
from optimizer.matrix import Flags
from optimizer.search.neighbourhoods import KINDS, Neighbourhoods

SITE, PERIOD, DECIDED = (grid.ravel() for grid in np.indices((4, 2, 4)))
"""For each of four sites and two periods a hall, then the orders of three unit types."""

PAIRS = {
    "jurisdiction": {(0, 1), (2, 3)},
    "operator": {(0, 2), (1, 3)},
    "continent": {(0, 3), (1, 2)},
    "sites": {(0, 1), (2, 3)},
}
"""Sites that belong together, of each kind; half of the sites are one pair."""


def series() -> Neighbourhoods:
    """Neighbourhoods beside a relaxation that decides nothing, half of the sites at a time."""
    groups = {
        "jurisdiction": np.array([0, 0, 1, 1]),
        "operator": np.array([0, 1, 0, 1]),
        "continent": np.array([0, 1, 1, 0]),
    }
    distance_km = np.array([[0, 1, 9, 9], [1, 0, 9, 9], [9, 9, 0, 1], [9, 9, 1, 0]], float)
    place = Place(np.arange(32), SITE, PERIOD, DECIDED - 1, distance_km, 2, groups)
    return Neighbourhoods(place, np.zeros(32), seed=3, share=0.5)


def found(kind: str) -> list[Flags]:
    """What is free in the first twelve neighbourhoods of a kind, of a plan that decides all."""
    neighbourhoods = series()
    every = [neighbourhoods.next(np.ones(32)) for _ in range(12 * len(KINDS))]
    return [free for name, free in every if name == kind]


@pytest.mark.parametrize("kind", PAIRS)
def test_sites_that_belong_together_are_free_together(kind: str) -> None:
    pairs = {tuple(np.unique(SITE[free]).tolist()) for free in found(kind)}

    assert pairs == PAIRS[kind]  # each pair comes up in twelve tries, and no other does
    assert all(free.sum() == 16 for free in found(kind))  # all that these two sites decide


def test_a_window_is_a_period_everywhere() -> None:
    windows = {tuple(np.flatnonzero(free).tolist()) for free in found("window")}

    assert windows == {tuple(np.flatnonzero(period == PERIOD).tolist()) for period in (0, 1)}


def test_two_unit_types_are_free_everywhere_and_halls_at_half_of_the_sites() -> None:
    orders = DECIDED > 0
    types = set()
    for free in found("units"):
        assert free[orders].sum() == 16  # 4 sites × 2 periods × 2 of the 3 unit types
        assert free[~orders].sum() == 4  # 2 sites × 2 periods
        types.add(tuple(np.unique(DECIDED[orders & free]).tolist()))

    assert types == {(1, 2), (1, 3), (2, 3)}


def test_what_differs_from_the_relaxation_is_free_all_of_it_or_a_part() -> None:
    neighbourhoods = series()
    plan = np.zeros(32)
    plan[[5, 17]] = 1.0
    kind, free = neighbourhoods.next(plan)

    assert kind == "differing"
    assert np.flatnonzero(free).tolist() == [5, 17]

    neighbourhoods.share["differing"] = 0.5
    for _ in range(len(KINDS)):
        kind, free = neighbourhoods.next(plan)
    assert kind == "differing"
    assert np.flatnonzero(free).tolist() in ([5], [17])


def test_neighbourhoods_grow_where_they_are_easy_and_shrink_where_they_are_hard_for_nothing() -> (
    None
):
    neighbourhoods = series()
    neighbourhoods.learn("sites", solved=False, better=True)
    assert neighbourhoods.share["sites"] == 0.5
    neighbourhoods.learn("sites", solved=False, better=False)
    assert neighbourhoods.share["sites"] == pytest.approx(0.4)
    neighbourhoods.learn("sites", solved=True, better=False)
    assert neighbourhoods.share["sites"] == pytest.approx(0.5)
