"""Links between a part and a whole, worked by hand; the jobs 'cuts' and 'dive'."""

from itertools import product

import numpy as np
import pytest
from scipy.sparse import csc_array

from models.build import build_model
from optimizer import read_instance
from optimizer.compiling import CompiledModel, compile_model
from optimizer.cuts import Links
from optimizer.cuts.lattice import steps
from optimizer.highs import Crew, Job, run
from optimizer.matrix import Matrix
from optimizer.options import resolve
from optimizer.search.bound import dual_bound
from optimizer.search.dives import turns_of
from optimizer.search.guided import guide
from optimizer.search.incumbent import Incumbent

INF = np.inf


def two_dates() -> Matrix:
    """A site that may open at two dates, orders halls of 5 MW, and serves a demand of 10.

    Variables: open1, open2 (whole); is1, is2; hall1 (whole, in use at 2); hall_mw2; flow2; short2.
    is1 = open1; is2 = is1 + open2; hall_mw2 = 5 · hall1; hall1 ≤ 4 · is1; flow2 ≤ hall_mw2;
    flow2 + short2 = 10. Opening costs 12, a hall 20, a short unit 9.
    """
    rows = [
        # open1 open2 is1 is2 hall1 mw2 flow2 short2
        [-1, 0, 1, 0, 0, 0, 0, 0],
        [0, -1, -1, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, -5, 1, 0, 0],
        [0, 0, -4, 0, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, -1, 1, 0],
        [0, 0, 0, 0, 0, 0, 1, 1],
    ]
    return Matrix(
        cost=np.array([12.0, 12.0, 0, 0, 20.0, 0, 0, 9.0]),
        offset=0.0,
        rows=csc_array(np.array(rows, dtype=float)),
        row_lower=np.array([0, 0, 0, -INF, -INF, 10.0]),
        row_upper=np.array([0, 0, 0, 0, 0, 10.0]),
        lower=np.zeros(8),
        upper=np.array([1.0, 1, 1, 1, 4, 20, 10, 10]),
        whole=np.array([True, True, False, False, True, False, False, False]),
    )


def test_what_balances_make_whole_is_known_to_be_whole() -> None:
    assert steps(two_dates()).tolist() == [1, 1, 1, 1, 1, 5, 0, 0]


def test_a_step_needs_numbers_that_are_multiples() -> None:
    """With 2 · hall1 and 5 · open1 in one balance, no step is known."""
    plain = two_dates()
    rows = plain.rows.toarray()
    rows[2, 0] = -2.0
    problem = Matrix(**{**vars(plain), "rows": csc_array(rows)})
    assert steps(problem)[5] == 0


def test_links_ask_for_the_hall_and_for_the_site_when_the_hall_is_ordered() -> None:
    # The relaxation serves 10 with 2 halls; hall1 ≤ 4 · is1 opens half of the site: 6 + 40 = 46.
    # flow2 / 10 ≤ open1, which is is1, since only a hall ordered at 1 is in use at 2: 12 + 40 = 52.
    problem = two_dates()
    links = Links(problem)
    first = run(Job(problem.relaxed(), method="simplex"))
    assert first.x is not None
    assert problem.value(first.x) == pytest.approx(46.0)
    cuts = links.separate(first.x)
    assert cuts.rows.toarray().tolist() == [[-1, 0, 0, 0, 0, 0, 0.1, 0]]
    tighter = cuts.added_to(problem)
    second = run(Job(tighter.relaxed(), method="simplex"))
    assert second.x is not None
    assert problem.value(second.x) == pytest.approx(52.0)
    assert len(links.separate(second.x)) == 0


def test_links_lose_no_plan_of_the_two_dates() -> None:
    problem = two_dates()
    links = Links(problem)
    random = np.random.default_rng(1)
    cuts = [links.separate(problem.upper * random.random(8), -INF) for _ in range(20)]
    for open1, open2, hall in product((0, 1), (0, 1), range(5)):
        is2, served = open1 + open2, min(10, 5 * hall)
        x = np.array([open1, open2, open1, is2, hall, 5 * hall, served, 10 - served], dtype=float)
        if is2 <= 1 and hall <= 4 * open1:
            assert all((one.rows @ x <= one.most + 1e-9).all() for one in cuts)


@pytest.fixture(scope="module")
def southgate() -> CompiledModel:
    inst = read_instance("instances/southgate").with_changes({"horizon.months": [3, 3, 3, 6]})
    return compile_model(build_model(inst, merge=True), inst)


def test_cuts_of_a_part_and_then_of_the_whole_raise_the_bound() -> None:
    # As above, first without shortfall, which is too dear to change anything: 46, then 52.
    problem = two_dates()
    plain = run(Job(problem.relaxed(), method="ipm"))
    assert plain.x is not None
    extra = {"kept": np.arange(8) < 7, "relaxed": plain.x}
    outcome = run(Job(problem, method="cuts", extra=extra))

    assert outcome.status == "optimal"
    assert outcome.cuts is not None
    assert outcome.row_duals is not None
    assert outcome.x is not None
    tighter = outcome.cuts.added_to(problem)
    assert dual_bound(tighter, outcome.row_duals) == pytest.approx(52.0)
    assert problem.value(outcome.x) == pytest.approx(52.0)


def test_a_dive_ends_with_a_plan(southgate: CompiledModel) -> None:
    matrix = southgate.matrix
    outcome = run(Job(matrix, method="dive", extra=turns_of(southgate)))

    assert outcome.status == "optimal"
    assert outcome.x is not None
    assert np.abs(outcome.x - np.round(outcome.x))[matrix.whole].max() <= 1e-6
    gap = matrix.value(outcome.x) / matrix.value(run(Job(matrix, gap=1e-3)).x) - 1  # type: ignore[arg-type]
    assert gap <= 0.1


def test_a_dive_turns_back_where_rounding_leaves_nothing() -> None:
    problem = two_dates()
    lower = problem.lower.copy()
    lower[6] = 8.0  # at least 8 must be served: rounding 1.6 halls down leaves no solution
    tight = problem.with_bounds(lower, problem.upper)
    turn = np.array([0, 0, -1, -1, 1, -1, -1, -1])
    extra = {"turn": turn, "up_from": np.full(8, 0.9), "share": np.ones(8)}
    outcome = run(Job(tight, method="dive", extra=extra))

    assert outcome.status == "optimal"
    assert outcome.x is not None
    # Opened at 1 for 12, two halls for 40, all served.
    assert problem.value(outcome.x) == pytest.approx(52.0)


def test_a_stopped_cut_loop_leaves_the_relaxation_as_guide(southgate: CompiledModel) -> None:
    best = Incumbent(southgate.matrix, 0.0, 0.001)
    with Crew() as crew:
        guided = guide(crew, best, southgate, resolve(southgate.inst, 0.0, 0.001, 1, 0))
    assert guided is None or len(guided.matrix.row_upper) == len(southgate.matrix.row_upper)
