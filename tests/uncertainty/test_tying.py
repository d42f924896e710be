"""Prices on shared decisions: they bound all scenarios, and what follows what is decided."""

import pytest

from models.instance import Instance
from optimizer.highs import Crew
from optimizer.options import resolve
from optimizer.search import relax, search
from optimizer.uncertain.problem import Problem, build_problem
from optimizer.uncertain.tying import Tied, tie
from tests.uncertainty.test_apart import protected
from tests.uncertainty.three import ALONE, three


@pytest.fixture(scope="module")
def crew():
    with Crew() as solvers:
        yield solvers


def tied(crew: Crew, inst: Instance) -> tuple[Problem, Tied, dict[str, float]]:
    """What is said of scenarios tied, and the bound of each alone."""
    problem = build_problem(inst, apart=True)
    options = resolve(inst, threads=1)
    alone = {w: relax(crew, one, options) for w, one in problem.alone.items()}
    guides = {w: result.guide for w, result in alone.items() if result.guide is not None}
    found = tie(crew, problem, guides, None, 1)
    assert found is not None
    return problem, found, {w: one.bound for w, one in alone.items() if one.bound is not None}


@pytest.mark.parametrize(("make", "optimum"), [(three, 95.0), (protected, None)])
def test_what_is_not_known_raises_the_bound(crew, make, optimum):
    # Alone the three cost 62 MUSD as expected; with one unit for all of them 95 (test_apart).
    inst = make()
    problem, found, alone = tied(crew, inst)
    assert found.bound > sum(one.probability * alone[w] for w, one in inst.scenarios.items())
    assert optimum is None or found.bound == pytest.approx(optimum)
    # Nobody gains by prices: what one scenario pays for a decision, others are paid.
    paid = [found.prices[w][j] for w in problem.alone for j in problem.columns[w].values()]
    assert sum(paid) == pytest.approx(0.0, abs=1e-6 * sum(map(abs, paid)))
    expected = sum(one.probability * found.alone[w] for w, one in inst.scenarios.items())
    assert found.bound == pytest.approx(expected, rel=1e-6)


def test_what_is_decided_bounds_what_follows(crew):
    # One unit before it is known, as is best of all: 40, 140 and 240 MUSD, 95 expected.
    inst = three()
    problem, found, _ = tied(crew, inst)
    options = resolve(inst, gap=0, threads=1)
    alone = {w: search(crew, one, options) for w, one in problem.alone.items()}
    for first, result in alone.items():
        assert result.x is not None
        decided = problem.impossible() | problem.decisions(first, result.x)
        for w in inst.scenarios:
            after = search(crew, problem.committed(w, decided), options)
            assert after.x is not None
            cost = problem.alone[w].matrix.value(after.x)
            assert found.least(problem, w, decided) <= cost + 1e-6


def test_what_is_not_decided_is_not_known_to_cost_less(crew):
    # Nothing is decided: `low` alone costs 40 MUSD, whatever it would pay for units at prices.
    problem, found, _ = tied(crew, three())
    for w, cost in ALONE.items():
        least = found.least(problem, w, {})
        assert least is None or least <= cost + 1e-6
