"""Cuts on random instances of all families: no plan violates them, and none is lost."""

import numpy as np
import pytest
from hypothesis import event, given, reject
from pydantic import ValidationError

from models.build import build_model
from models.instance import Instance
from optimizer.compiling import compile_model
from optimizer.cuts import Cuts, Links, joined
from optimizer.highs import Crew, Job
from optimizer.matrix import Matrix
from optimizer.search.bound import dual_bound
from tests.properties.common import SEEDS, examples
from tests.properties.slices import sliced
from tests.properties.strategies import instances
from tests.properties.test_brownfield import BROWN
from tests.properties.test_together import switched
from tests.small import milp_solution

CREW = Crew()


def all_cuts(matrix: Matrix) -> tuple[Cuts, float]:
    """Cuts of four solutions of the relaxation, each without the cuts found before; the bound.

    And all links of three points at random, whether these violate them or not.
    """
    links, found, problem, bound = Links(matrix), [], matrix, -np.inf
    for _ in range(4):
        outcome = CREW.run(Job(problem.relaxed(), method="simplex"))
        if outcome.x is None or outcome.row_duals is None or outcome.status != "optimal":
            break
        bound = dual_bound(problem, outcome.row_duals)
        found.append(links.separate(outcome.x, 1e-6))
        problem = found[-1].added_to(problem)
    event(f"violated: {min(sum(len(one) for one in found), 3)} or more")
    random = np.random.default_rng(0)
    for _ in range(3):
        x = matrix.lower + (matrix.upper - matrix.lower) * random.random(len(matrix.upper))
        found.append(links.separate(x, -np.inf))
    return joined(found), bound


def check(inst: Instance) -> None:
    """The best plan meets all cuts; with them it is still the best; no bound is above it."""
    matrix = compile_model(build_model(inst, merge=True), inst).matrix
    x = milp_solution(matrix)
    cuts, bound = all_cuts(matrix)
    event(f"links: {min(len(cuts), 40) // 10 * 10} or more")
    if x is None:
        return
    best = matrix.value(x)
    scale = max(1.0, abs(best))
    assert (cuts.rows @ x <= cuts.most + 1e-5).all()
    assert bound <= best + 1e-6 * scale
    again = milp_solution(cuts.added_to(matrix))
    assert again is not None
    assert matrix.value(again) == pytest.approx(best, rel=1e-6, abs=1e-6)


@examples(30)
@given(instances(), SEEDS)
def test_cuts_lose_no_plan(raw: dict[str, object], seed: int) -> None:
    try:
        inst = Instance.model_validate(switched(raw, seed))
    except ValidationError:
        reject()
    check(inst)


@examples(15)
@given(sliced())
def test_cuts_lose_no_plan_of_slices(raw: dict[str, object]) -> None:
    check(Instance.model_validate(raw))


@examples(15)
@given(BROWN)
def test_cuts_lose_no_plan_of_brownfields(raw: dict[str, object]) -> None:
    check(Instance.model_validate(raw))
