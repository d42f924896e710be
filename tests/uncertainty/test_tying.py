"""Prices on shared decisions: found from a few of the variables, they bound as those of all do."""

from dataclasses import replace

import pytest

from models.instance import Instance
from optimizer.highs import Crew, Job
from optimizer.options import resolve
from optimizer.search import relax, search
from optimizer.uncertain.problem import Problem, build_problem
from optimizer.uncertain.tying import Tied, _tied, tie
from tests.uncertainty.test_apart import protected
from tests.uncertainty.three import three


@pytest.fixture(scope="module")
def crew():
    with Crew() as solvers:
        yield solvers


def tied(crew: Crew, inst: Instance, *, kept: bool) -> tuple[Problem, Tied, float]:
    """What is said of scenarios from all variables or from few, and the tied optimum by simplex."""
    problem = build_problem(inst, apart=True)
    options = resolve(inst, threads=1)
    guides = {w: relax(crew, one, options).guide for w, one in problem.alone.items()}
    known = {w: guide for w, guide in guides.items() if guide is not None}
    assert len(known) == len(inst.scenarios)
    whole = _tied(problem, known).matrix
    outcome = crew.run(Job(whole, method="simplex"))
    assert outcome.x is not None
    if not kept:
        for w, guide in known.items():
            least = replace(guide.part, kept=~problem.alone[w].optional())
            assert least.kept.sum() < guide.part.kept.sum()
            known[w] = replace(guide, part=least)
    found = tie(crew, problem, known, None, 1)
    assert found is not None
    return problem, found, whole.value(outcome.x)


@pytest.mark.parametrize(("make", "kept"), [(three, True), (three, False), (protected, True)])
def test_the_bound_is_that_of_all_variables(crew, make, kept):
    _, found, optimum = tied(crew, make(), kept=kept)
    assert found.bound <= optimum * (1 + 1e-9)
    assert found.bound == pytest.approx(optimum, rel=3e-4)


def test_what_is_decided_bounds_what_follows(crew):
    # One unit before it is known, as is best of all: 40, 140 and 240 MUSD, 95 expected.
    inst = three()
    problem, found, _ = tied(crew, inst, kept=True)
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
