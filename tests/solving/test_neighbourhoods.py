"""Neighbourhoods: what is reconsidered together, on four sites drawn up by hand."""

import numpy as np
import pytest

from models.build import build_model
from optimizer import read_instance
from optimizer.compiling import Place, _positions, compile_model
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
        assert free[orders].sum() == 16  # 4 × 0.5 ≥ 1: 4 sites × 2 periods × 2 of the 3 unit types
        assert free[~orders].sum() == 4  # 2 sites × 2 periods
        types.add(tuple(np.unique(DECIDED[orders & free]).tolist()))

    assert types == {(1, 2), (1, 3), (2, 3)}


def test_unit_types_are_free_at_fewer_sites_once_they_are_hard() -> None:
    neighbourhoods = series()
    neighbourhoods.share["units"] = 0.125
    kinds = (neighbourhoods.next(np.ones(32)) for _ in KINDS)
    free = next(free for kind, free in kinds if kind == "units")

    assert free[DECIDED > 0].sum() == 8  # 4 × 0.125: 2 sites × 2 periods × 2 unit types
    assert free[DECIDED == 0].sum() == 2  # 1 site × 2 periods


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

    neighbourhoods.share["differing"] = 1.5
    for _ in range(len(KINDS)):
        kind, free = neighbourhoods.next(plan)
    assert free[[5, 17]].all()
    assert free.sum() == 3  # 1.5 × 2: one more, whichever it is


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
    for _ in range(20):
        neighbourhoods.learn("sites", solved=True, better=True)
        neighbourhoods.learn("window", solved=False, better=False)
        neighbourhoods.learn("differing", solved=True, better=False)
    assert neighbourhoods.share["sites"] == 1.0
    assert neighbourhoods.share["window"] == 0.05
    assert neighbourhoods.share["differing"] == 10.0


def test_what_decisions_belong_to_is_read_off_the_instance() -> None:
    inst = read_instance("instances/southgate")
    compiled = compile_model(build_model(inst, merge=True), inst)
    place = compiled.place()
    sites, units, periods = (list(table) for table in (inst.sites, inst.unit_types, inst.periods))
    orders = 0
    for n, column in enumerate(place.columns):
        variable = compiled.variables[column]
        site, period = sites[place.site[n]], periods[place.period[n]]
        if variable.parent_component().local_name == "order":
            orders += 1
            assert variable.index() == (site, units[place.unit[n]], period)
        elif variable.parent_component().local_name == "hall":
            assert (site, period, -1) == (*variable.index(), place.unit[n])
    assert orders > 0
    for name in ("jurisdiction", "operator"):
        of = [getattr(site, name) for site in inst.sites.values()]
        together = [[a == b for a in of] for b in of]
        groups = place.groups[name]
        assert np.array_equal(groups[:, None] == groups[None, :], together)


def test_a_name_counts_once() -> None:
    # The site and the unit type are both called one: each takes a part of the index of its own.
    places = _positions([("one", "one", "2027"), ("one", "2027"), ()], ["one"], ["2027"], ["one"])

    assert [place.tolist() for place in places] == [[0, 0, -1], [0, 0, -1], [0, -1, -1]]
