"""The search for large problems finds, on small ones, what branch and bound proves."""

from collections.abc import Callable
from importlib import import_module
from itertools import product
from typing import Any

import numpy as np
import pytest

from models.build import build_model
from models.instance import Instance
from optimizer import read_instance, solve
from optimizer.compiling import CompiledModel, compile_model
from optimizer.highs import Crew, Job, Outcome, run
from optimizer.matrix import Floats
from optimizer.options import resolve
from optimizer.search.guided import guide
from optimizer.search.incumbent import Incumbent, News, relative_gap
from optimizer.search.neighbourhoods import KINDS, Neighbourhoods
from optimizer.search.openings import decide_openings
from optimizer.search.polish import fixed_except, polish
from optimizer.search.restriction import relative_reduced_cost, restrict, widen


def test_guided_search_agrees_with_branch_and_bound(
    southgate: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = solve(southgate, gap=0.002)
    monkeypatch.setattr(import_module("optimizer.search.pace"), "LARGE", 0)
    stages: list[str] = []
    guided = solve(southgate, gap=0.002, on_progress=lambda news: stages.append(news.stage))

    assert plain.status == guided.status == "optimal"
    assert plain.verified
    assert guided.verified
    assert plain.objective_musd == pytest.approx(guided.objective_musd, rel=0.004)
    assert plain.bound_musd is not None
    assert guided.objective_musd is not None
    assert guided.objective_musd >= plain.bound_musd * (1 - 1e-9)
    assert "relaxation" in stages


def test_a_restriction_keeps_what_the_relaxation_uses(compiled: CompiledModel) -> None:
    matrix = compiled.matrix
    relaxed = run(Job(matrix.relaxed(), method="simplex"))
    assert relaxed.x is not None
    assert relaxed.row_duals is not None
    distance = relative_reduced_cost(matrix, relaxed.row_duals)
    small = restrict(matrix, compiled.optional(), relaxed.x, distance, 0.0)

    assert small.kept.sum() < len(matrix.cost)
    again = run(Job(small.matrix.relaxed(), method="simplex"))
    assert again.x is not None
    assert small.matrix.value(again.x) == pytest.approx(matrix.value(relaxed.x), rel=1e-7)
    assert small.expand(small.shrink(relaxed.x)) == pytest.approx(relaxed.x, abs=1e-5)
    assert widen(matrix, small, np.ones(len(matrix.cost))).kept.all()


def test_polishing_makes_whole_numbers_exact(compiled: CompiledModel) -> None:
    matrix = compiled.matrix
    outcome = run(Job(matrix, gap=0.05))
    assert outcome.x is not None
    with Crew() as crew:
        x = polish(crew, matrix, outcome.x)

    assert x is not None
    assert np.array_equal(x[matrix.whole], np.round(x[matrix.whole]))
    assert matrix.value(x) <= matrix.value(outcome.x) + 1e-6 * abs(matrix.value(x))


def test_polishing_what_cannot_be_is_none(compiled: CompiledModel) -> None:
    matrix = compiled.matrix
    with Crew() as crew:
        assert polish(crew, matrix, matrix.upper) is None


def test_neighbourhoods_free_some_and_fix_the_rest(compiled: CompiledModel) -> None:
    place, matrix = compiled.place(), compiled.matrix
    neighbourhoods = Neighbourhoods(place, matrix.lower, seed=1, share=0.35)
    for _ in range(2 * len(KINDS)):
        _, free = neighbourhoods.next(matrix.lower)
        assert 0 < free.sum() <= len(place.columns)
        problem = fixed_except(compiled.matrix, compiled.matrix.lower, place.columns[free])
        fixed = problem.lower == problem.upper
        assert fixed[place.columns[~free]].all()


def test_time_limit_gives_a_checked_plan_with_its_gap() -> None:
    inst = read_instance("instances/southgate")
    news: list[News] = []
    plan = solve(inst, gap=0.0, time_limit=4.0, on_progress=news.append)

    assert plan.status == "feasible"
    assert plan.verified
    assert plan.gap is not None
    assert plan.gap > 0
    assert [n.seconds for n in news] == sorted(n.seconds for n in news)


def test_incumbent_keeps_the_best(compiled: CompiledModel) -> None:
    matrix = compiled.matrix
    best = Incumbent(matrix, gap=0.01, time_limit=None)
    best.offer_plan(None)
    assert best.x is None
    best.offer_plan(matrix.upper)
    best.offer_plan(matrix.upper + 1e-15)
    assert best.objective == matrix.value(matrix.upper)
    best.offer_bound(-5.0)
    best.offer_bound(-7.0)
    assert best.bound == -5.0


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [
        (100.0, 99.0, 0.01),
        (-100.0, -101.0, 0.01),
        (0.0, 0.0, 0.0),
        (5.0, 6.0, 0.0),
        (1.0, None, None),
    ],
)
def test_relative_gap(objective: float, bound: float | None, gap: float | None) -> None:
    assert relative_gap(objective, bound) == (None if gap is None else pytest.approx(gap))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"gap": 1.5}, "gap must be at least 0 and below 1"),
        ({"time_limit": -1}, "time limit must be above 0 s"),
        ({"threads": 1000}, "threads must be between 1 and 256"),
        ({"seed": -1}, "seed must be between 0"),
    ],
)
def test_options_out_of_range_are_refused(
    southgate: Instance, asked: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        resolve(southgate, **asked)  # type: ignore[arg-type]


def test_deciding_which_sites_open_gives_the_bound_of_the_cheapest_way_to_decide_all() -> None:
    """Two sites open by a fraction in the relaxation; all 64 ways to open six sites are tried."""
    inst = read_instance("instances/southgate").with_changes(
        {
            "budget.pools.southgate.scale": 0.9,
            "demand.scale": 1.2,
            "sites.*.energy_price_usd_per_mwh.scale": 0.7,
        }
    )
    compiled = compile_model(build_model(inst, merge=True), inst)
    matrix, sites = compiled.matrix.relaxed(), compiled.ever_open()
    best = Incumbent(matrix, 0.0, 500.0)
    costs: list[float] = []
    asked: list[Job] = []
    with Crew() as crew:
        real = crew.run

        def noted(job: Job) -> Outcome:
            asked.append(job)
            return real(job)

        crew.run = noted  # type: ignore[method-assign, assignment]
        options = resolve(inst, 0.0, None, 1, 0)
        guided = guide(crew, best, compiled, options)
        assert guided is not None
        root = best.bound
        decided = decide_openings(crew, best, compiled, guided, options)
        assert all(job.time_limit is not None for job in asked)
        for way in product((0.0, 1.0), repeat=len(sites)):
            lower, upper = matrix.lower.copy(), matrix.upper.copy()
            lower[sites] = upper[sites] = way
            outcome = crew.run(Job(matrix.with_bounds(lower, upper), method="simplex"))
            if outcome.status == "optimal" and outcome.x is not None:
                costs.append(matrix.value(outcome.x))

    assert len(sites) == 6
    assert root is not None
    assert best.bound is not None
    assert best.bound > root + 5.0
    assert best.bound == pytest.approx(min(costs), rel=1e-7)
    assert matrix.value(decided) == pytest.approx(min(costs), rel=1e-7)


def test_the_same_instance_gives_the_same_plan(southgate: Instance) -> None:
    plans = [solve(southgate, gap=0.003, threads=2) for _ in range(2)]
    assert plans[0].objective_musd == plans[1].objective_musd
    for name, table in plans[0].tables.items():
        assert table.equals(plans[1].tables[name]), name


@pytest.mark.parametrize("limit", [0, 10**9])
def test_who_listens_changes_no_small_search(
    southgate: Instance, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan that was checked on the way is handed back to the search of a large problem only."""
    module = import_module("optimizer.solve")
    real, handed_back, news = module.search_goals, [], []

    def watched(*arguments: Any, on_plan: Callable[[Floats], Floats | None], **more: Any) -> Any:
        def noted(x: Floats) -> Floats | None:
            handed_back.append(on_plan(x))
            return handed_back[-1]

        return real(*arguments, on_plan=noted, **more)

    monkeypatch.setattr(import_module("optimizer.search.pace"), "LARGE", limit)
    monkeypatch.setattr(module, "search_goals", watched)
    solve(southgate, gap=0.02, on_progress=news.append)

    assert handed_back
    assert all((x is None) is (limit > 0) for x in handed_back)
    assert [n.stage for n in news].count(module.CHECKED) == len(handed_back)


def test_a_start_changes_the_answer_by_no_more_than_the_gap(southgate: Instance) -> None:
    start = solve(southgate.with_changes({"demand.scale": 0.8}), gap=0.01)
    warm, cold = solve(southgate, gap=0.01, start=start), solve(southgate, gap=0.01)
    for one, other in ((warm, cold), (cold, warm)):
        assert one.verified
        assert one.objective_musd is not None
        assert other.bound_musd is not None
        assert one.objective_musd >= other.bound_musd * (1 - 1e-9)
        assert one.objective_musd <= other.bound_musd * 1.03


def test_an_exact_plan_takes_the_place_of_an_equal_one(compiled: CompiledModel) -> None:
    best = Incumbent(compiled.matrix, 0.0, None)
    with Crew() as crew:
        x = polish(crew, compiled.matrix, compiled.matrix.lower)
    assert x is not None
    best.offer_plan(x + 1e-12)
    assert not best.is_exact
    best.offer_plan(x, exact=True)
    assert best.is_exact
    assert best.x is not None
    assert np.array_equal(best.x, x)
    best.offer_plan(x - 1e-12)
    assert best.is_exact
