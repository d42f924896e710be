"""Large decisions first: what is a small count, how a draft is made whole, and that bounds hold."""

from collections.abc import Callable
from importlib import import_module
from math import inf

import numpy as np
import pytest
from scipy.sparse import csc_array

from models.instance import Instance
from optimizer import read_instance, solve
from optimizer.compiling import Place
from optimizer.highs import Crew, Outcome
from optimizer.matrix import Floats, Matrix
from optimizer.options import resolve
from optimizer.search.drafts import Drafts
from optimizer.search.guided import Guide
from optimizer.search.incumbent import Incumbent
from optimizer.search.neighbourhoods import Neighbourhoods
from optimizer.search.pace import QUICK_PACE, SMALL_PACE
from optimizer.search.restriction import everything
from tests.properties.strategies import any_instance
from tests.properties.together import switched
from tests.small import optimum, tiny

STAGE = "branch and bound on the large decisions"


def halls_and_units(least: float) -> Matrix:
    """Halls of 10 units for 100 MUSD each, at most 3; at least so many units for 0.5 MUSD each."""
    return Matrix(
        cost=np.array([100.0, 0.5]),
        offset=0.0,
        rows=csc_array(np.array([[-10.0, 1.0], [0.0, -1.0]])),
        row_lower=np.full(2, -np.inf),
        row_upper=np.array([0.0, -least]),
        lower=np.zeros(2),
        upper=np.array([3.0, 30.0]),
        whole=np.array([True, True]),
    )


def test_small_counts_are_cheap_and_many() -> None:
    # Of 100,000 MUSD to 1 %, a tenth of the gap is 100 MUSD: units and halls. Of 1,000 MUSD it is
    # 1 MUSD: units. Of 200 MUSD it is 0.2 MUSD: none. Halls are no more than 3 in any case.
    matrix = halls_and_units(12.5)
    assert Drafts.of(matrix, 0.01, 100_000.0).small.tolist() == [False, True]
    assert Drafts.of(matrix, 0.01, 1000.0).small.tolist() == [False, True]
    assert Drafts.of(matrix, 0.01, 200.0).small.tolist() == [False, False]
    assert Drafts.of(matrix, 0.01, -1000.0).small.tolist() == [False, True]


def test_counts_in_parts_leave_large_decisions_whole() -> None:
    problem = Drafts.of(halls_and_units(12.5), 0.01, 1000.0).problem
    assert problem.whole.tolist() == [True, False]


def test_a_draft_is_made_whole() -> None:
    # 12.5 units in two halls cost 206.25; whole ones are 13, for 206.5.
    matrix = halls_and_units(12.5)
    drafts = Drafts.of(matrix, 0.01, 1000.0)
    guided = Guide(np.array([1.25, 12.5]), matrix, np.zeros(2), everything(matrix))
    with Crew() as crew:
        best = Incumbent(matrix, 0.01, None)
        x = drafts.completed(crew, np.array([2.0, 12.5]), guided, best, QUICK_PACE, None)
    assert x is not None
    assert x.tolist() == [2.0, 13.0]


def test_a_draft_without_room_for_whole_counts_has_no_plan() -> None:
    # Three halls of 9.9 units hold 29.7: 29.5 would fit, but whole ones are 30.
    matrix = halls_and_units(29.5)
    matrix.rows[0, 0] = -9.9
    drafts = Drafts.of(matrix, 0.01, 1000.0)
    guided = Guide(np.array([2.98, 29.5]), matrix, np.zeros(2), everything(matrix))
    with Crew() as crew:
        best = Incumbent(matrix, 0.01, None)
        x = drafts.completed(crew, np.array([3.0, 29.5]), guided, best, QUICK_PACE, None)
    assert x is None


def test_a_draft_refutes_no_bound_of_whole_plans() -> None:
    # The best draft costs 206.25, the best plan 206.5: 206.4 may well be known from elsewhere.
    matrix = halls_and_units(12.5)
    best = Incumbent(matrix, 0.03, None)
    best.bound = 206.4
    best.offer_plan(np.array([3.0, 30.0]))
    guided = Guide(np.array([1.25, 12.5]), matrix, np.zeros(2), everything(matrix))
    nothing = np.zeros(0, dtype=np.intp)
    place = Place(nothing, nothing, nothing, nothing, np.zeros((1, 1)), 1, {})
    around = Neighbourhoods(place, guided.relaxed, 0, 0.5)
    options = resolve(tiny(), gap=0.03, threads=1)
    small = import_module("optimizer.search.small")
    with Crew() as crew:
        small._large_first(crew, best, matrix, guided, around, options, SMALL_PACE)

    assert best.objective == pytest.approx(206.5)
    assert best.bound == 206.4


def test_the_first_draft_is_made_a_plan_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Ended by its first report: without a plan until then, there is one nevertheless.
    matrix = halls_and_units(12.5)
    best = Incumbent(matrix, 0.03, None)
    best.bound = 200.0
    guided = Guide(np.array([1.25, 12.5]), matrix, np.zeros(2), everything(matrix))
    small = import_module("optimizer.search.small")

    def interrupted(*_: object, on_draft: Callable[[Floats], None], **__: object) -> None:
        on_draft(np.array([2.0, 12.5]))
        raise KeyboardInterrupt

    monkeypatch.setattr(small, "branch", interrupted)
    options = resolve(tiny(), gap=0.03, threads=1)
    with Crew() as crew, pytest.raises(KeyboardInterrupt):
        small._large_first(crew, best, matrix, guided, None, options, SMALL_PACE)
    assert best.objective == pytest.approx(206.5)


def test_what_is_good_enough_for_a_draft_is_no_matter_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A bound of 200 is known at first: 200 / 0.97 is good enough. Which others have been told of
    # when a draft comes depends on how long the solver took.
    matrix = halls_and_units(12.5)
    best = Incumbent(matrix, 0.03, None)
    best.bound = 200.0
    guided = Guide(np.array([1.25, 12.5]), matrix, np.zeros(2), everything(matrix))
    small = import_module("optimizer.search.small")
    targets: list[float | None] = []

    def slow(*_: object, on_draft: Callable[[Floats], None], **__: object) -> Outcome:
        best.offer_bound(205.0)
        on_draft(np.array([2.0, 12.5]))
        return Outcome("stopped")

    def noted(*given: object) -> None:
        targets.append(float(str(given[-1])))

    monkeypatch.setattr(small, "branch", slow)
    monkeypatch.setattr(Drafts, "completed", noted)
    options = resolve(tiny(), gap=0.03, threads=1)
    with Crew() as crew:
        small._large_first(crew, best, matrix, guided, None, options, SMALL_PACE)
    assert targets == pytest.approx([200.0 / 0.97], rel=1e-6)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """All counts are small, and neighbourhoods come after drafts."""
    drafts = import_module("optimizer.search.drafts")
    monkeypatch.setattr(drafts, "CHEAP_STEP", inf)
    monkeypatch.setattr(drafts, "FEWEST", 1)
    monkeypatch.setattr(import_module("optimizer.search.incumbent"), "NEARLY", -1.0)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("threads", [1, 2])
def test_drafts_lead_to_a_plan_within_the_gap(threads: int) -> None:
    inst = read_instance("instances/southgate").with_changes({"horizon.months": [3, 3, 3, 3, 6]})
    stages: list[str] = []
    plan = solve(inst, gap=0.002, threads=threads, on_progress=lambda n: stages.append(n.stage))
    again = solve(inst, gap=0.002, threads=threads)
    exact = solve(inst, gap=0.01, threads=threads, method="monolith")

    assert STAGE in stages
    assert plan.status == "optimal"
    assert plan.verified
    assert plan.objective_musd is not None
    assert plan.bound_musd is not None
    assert exact.objective_musd is not None
    assert exact.bound_musd is not None
    assert plan.bound_musd <= exact.objective_musd * (1 + 1e-9)
    assert plan.objective_musd >= exact.bound_musd * (1 - 1e-9)
    assert plan.table("orders").equals(again.table("orders"))


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("seed", range(12))
def test_bounds_from_drafts_hold(seed: int) -> None:
    inst = Instance.model_validate(switched(any_instance(seed), seed, without=("objectives",)))
    least = optimum(inst)
    plan = solve(inst, gap=0.02, threads=1)
    if least == inf:
        assert plan.status == "infeasible"
        return
    assert plan.verified
    assert plan.objective_musd is not None
    assert plan.bound_musd is not None
    size = max(1.0, abs(least))
    assert plan.bound_musd <= least + 1e-6 * size
    assert least - 1e-6 * size <= plan.objective_musd <= plan.bound_musd + 0.021 * size
