"""Hubs in place of pairs: the relaxation keeps its optimum, its duals and its solutions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from optimizer.highs import Crew, Job
from optimizer.hubs import with_hubs
from optimizer.matrix import Matrix
from optimizer.search.bound import dual_bound
from tests.solving.problems import two_variables


def transport(
    demand: list[float], capacity: list[float], price: list[float], lawful: np.ndarray
) -> Matrix:
    """Streams served by lawful sites, each at its own price wherever; what is missing costs 100.

    Rows: demand of each stream, then capacity of each site. Variables: what is missing of each
    stream, then the routes.
    """
    streams, sites = lawful.shape
    pairs = [(g, s) for g in range(streams) for s in range(sites) if lawful[g, s]]
    rows = np.zeros((streams + sites, streams + len(pairs)))
    rows[np.arange(streams), np.arange(streams)] = 1
    for j, (g, s) in enumerate(pairs):
        rows[g, streams + j] = 1
        rows[streams + s, streams + j] = 1.5
    size = rows.shape[1]
    return Matrix(
        cost=np.array([100.0] * streams + [price[g] for g, _ in pairs]),
        offset=0.0,
        rows=csc_array(rows),
        row_lower=np.array(demand + [-np.inf] * sites),
        row_upper=np.array(demand + capacity),
        lower=np.zeros(size),
        upper=np.array(demand + [demand[g] for g, _ in pairs]),
        whole=np.zeros(size, dtype=bool),
    )


@pytest.fixture(scope="module")
def crew():
    with Crew() as solvers:
        yield solvers


def solved(crew: Crew, matrix: Matrix) -> tuple[float, float, np.ndarray]:
    """The optimum by simplex; bound and solution by interior point, which uses hubs."""
    exact = crew.run(Job(matrix, "simplex"))
    hubs = crew.run(Job(matrix, "ipm"))
    assert exact.x is not None
    assert hubs.x is not None
    assert hubs.row_duals is not None
    assert len(hubs.row_duals) == len(matrix.row_upper)
    return matrix.value(exact.x), dual_bound(matrix, hubs.row_duals), hubs.x


def test_three_streams_and_four_sites_share_one_hub(crew):
    # 3 streams x 4 sites = 12 routes; with a hub 3 + 4 = 7, beside 3 variables of what is missing.
    matrix = transport([3, 2, 1], [3, 3, 3, 0], [1, 2, 3], np.ones((3, 4), dtype=bool))
    hubs = with_hubs(matrix)
    assert len(hubs.hubs) == 1
    assert len(hubs.matrix.cost) == 3 + 7
    # Capacity for 9 / 1.5 = 6 tokens, all that is asked: 3·1 + 2·2 + 1·3 = 10.
    optimum, bound, x = solved(crew, matrix)
    assert optimum == pytest.approx(10)
    assert bound == pytest.approx(10, abs=1e-5)
    assert matrix.value(x) == pytest.approx(10, abs=1e-5)


def test_streams_with_different_sites_share_no_hub():
    lawful = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    matrix = transport([1, 1, 1], [3, 3, 3], [1, 2, 3], lawful)
    hubs = with_hubs(matrix)
    assert not hubs.hubs
    assert len(hubs.matrix.cost) == len(matrix.cost)


def test_a_problem_without_routes_has_no_hub():
    assert not with_hubs(two_variables().relaxed()).hubs


def test_a_route_with_a_limit_of_its_own_keeps_its_variable():
    matrix = transport([3, 2, 1], [3, 3, 3, 3], [1, 2, 3], np.ones((3, 4), dtype=bool))
    upper = matrix.upper.copy()
    upper[3] = 0.5  # the first stream at the first site
    hubs = with_hubs(matrix.with_bounds(matrix.lower, upper))
    assert 3 in hubs.left
    assert all(3 not in hub for hub in hubs.hubs)


def test_duals_that_presolve_spoils_are_asked_for_again(crew):
    # HiGHS 1.15.1 presolves this to nothing and restores a price of 0 for the last stream; the
    # bound would be -66.7.
    chosen = [[1, 0, 0, 1], [1, 0, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1]]
    matrix = transport([0, 1, 0, 14], [1, 0, 1, 20], [0] * 4, np.array(chosen, dtype=bool))
    optimum, bound, _ = solved(crew, matrix)
    # Stream 1 has 2 / 1.5 of room at sites 0 and 2; stream 3 gets 13.33 and the rest of site 0:
    # 15 - (1 + 1 + 20) / 1.5 = 1/3 of a token is missing.
    assert optimum == pytest.approx(100 / 3)
    assert bound == pytest.approx(100 / 3, abs=1e-5)


@given(st.data())
@settings(max_examples=12, deadline=None)
def test_optimum_bound_and_solution_stay(crew, data):
    streams, sites = data.draw(st.integers(2, 6)), data.draw(st.integers(2, 6))
    numbers = st.integers(0, 20).map(float)
    sets = data.draw(st.lists(st.integers(1, 2**sites - 1), min_size=1, max_size=3))
    chosen = data.draw(st.lists(st.sampled_from(sets), min_size=streams, max_size=streams))
    lawful = np.array([[bool(one >> s & 1) for s in range(sites)] for one in chosen])
    matrix = transport(
        data.draw(st.lists(numbers, min_size=streams, max_size=streams)),
        data.draw(st.lists(numbers, min_size=sites, max_size=sites)),
        data.draw(st.lists(numbers, min_size=streams, max_size=streams)),
        lawful,
    )
    optimum, bound, x = solved(crew, matrix)
    assert bound == pytest.approx(optimum, abs=1e-3)
    assert bound <= optimum + 1e-6
    assert matrix.value(x) == pytest.approx(optimum, abs=1e-3)
    used = matrix.rows @ x
    assert (used >= matrix.row_lower - 1e-4).all()
    assert (used <= matrix.row_upper + 1e-4).all()
    assert (x >= -1e-7).all()
