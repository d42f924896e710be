"""Second formulations beside all other families: the optimum is the same.

tests/properties/all_by_hand.py writes whole years down without Pyomo. Here other formulations of
single families stand in the model of all: retirement by cohort and period and commitments by
destination together; clusters by whole units, with each way to order network options.
"""

from math import inf
from typing import Any

import pyomo.environ as pyo
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.build import FAMILIES, build_model
from models.families import commitments, retirement
from models.instance import Instance
from optimizer.compiling import compile_model
from tests.properties.all_by_hand import formulate_all, with_some
from tests.properties.common import SEEDS, close, examples
from tests.properties.slices import sliced
from tests.properties.strategies import yearly
from tests.properties.test_clusters import second_optimum
from tests.properties.test_commitments import by_destination
from tests.properties.test_fleet import by_cohort_and_period
from tests.properties.test_together import ANY
from tests.properties.together import Raw, bound, possible, short, switched
from tests.small import milp_solution, optimum

OTHER: dict[Any, Any] = {
    retirement.add_to: by_cohort_and_period,
    commitments.add_to: by_destination,
}
YEARLY = st.one_of(yearly(most_years=2), sliced(whole_years=True))

SECOND = tuple(OTHER.get(one, one) for one in FAMILIES)


def least(m: pyo.ConcreteModel, inst: Instance) -> float:
    """The optimal cost of a model; infinite without a plan [MUSD]."""
    matrix = compile_model(m, inst).matrix
    x = milp_solution(matrix)
    return inf if x is None else matrix.value(x)


def assert_same(ours: float, theirs: float) -> None:
    event(f"infeasible: {ours == inf}")
    assert ours == theirs == inf or ours == close(theirs)


def check_fleet(raw: Raw, seed: int) -> None:
    inst = bound(Instance.model_validate(switched(raw, seed, surely=("fleet",))), seed)
    event(f"committed: {bool(inst.committed)}")
    assert_same(optimum(inst), least(build_model(inst, SECOND), inst))


def check_clusters(raw: Raw, seed: int) -> None:
    """With two periods, so that the ways to order network options are few."""
    inst = Instance.model_validate(switched(short(raw), seed, surely=("clusters",)))
    assert_same(optimum(inst), second_optimum(inst))


@examples(4)
@given(ANY, SEEDS)
def test_retirement_and_commitments(raw: Raw, seed: int) -> None:
    check_fleet(raw, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@examples(150)
@given(ANY, SEEDS)
def test_retirement_and_commitments_of_many(raw: Raw, seed: int) -> None:
    check_fleet(raw, seed)


@examples(4)
@given(ANY, SEEDS)
def test_clusters_and_network_options(raw: Raw, seed: int) -> None:
    check_clusters(raw, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@examples(150)
@given(ANY, SEEDS)
def test_clusters_and_network_options_of_many(raw: Raw, seed: int) -> None:
    check_clusters(raw, seed)


def check_by_hand(raw: Raw, seed: int) -> None:
    full = possible(with_some(raw, seed))
    assert_same(optimum(Instance.model_validate(full)), formulate_all(full).optimum())


@examples(10)
@given(YEARLY, SEEDS)
def test_whole_years_by_hand(raw: Raw, seed: int) -> None:
    check_by_hand(raw, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@examples(300)
@given(YEARLY, SEEDS)
def test_whole_years_by_hand_of_many(raw: Raw, seed: int) -> None:
    check_by_hand(raw, seed)
