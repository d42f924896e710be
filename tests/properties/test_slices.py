"""Random instances with slices: verified, exact, and the same where slices change nothing."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.build import build_model
from optimizer import compare
from optimizer.reuse import ModelKeeper
from tests.compare.test_random import assert_adds_up, planned
from tests.properties.common import close, examples
from tests.properties.slices import (
    flat_within_slices,
    sliced,
    split_in_two,
    whole_day,
    with_slices,
)
from tests.properties.strategies import instances
from tests.properties.test_random_instances import (
    check_merging,
    check_plan,
    check_second_formulation,
    made,
    no_worse,
)
from tests.small import optimum
from tests.solving.test_reuse import assert_same, random_walk


@examples(6)
@given(sliced())
def test_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


@pytest.mark.slow
@examples(400)
@given(sliced())
def test_many_plans_are_verified(raw: dict[str, Any]) -> None:
    check_plan(raw)


@examples(30)
@given(sliced(whole_years=True))
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@pytest.mark.slow
@examples(600)
@given(sliced(whole_years=True))
def test_a_second_formulation_finds_the_same_optimum_of_many(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@examples(12)
@given(sliced())
def test_merging_equivalent_streams_keeps_the_optimum(raw: dict[str, Any]) -> None:
    check_merging(raw)


@examples(20)
@given(sliced())
def test_demand_over_the_slices_is_the_demand_of_the_period(raw: dict[str, Any]) -> None:
    inst, plain = made(raw), made(raw | {"slices": {}} | no_factors(raw))
    for (j, t), mtok_s in plain.demand_mtok_s.items():
        parts = [(o, state.share) for o, state in inst.states.items() if state.period == t]
        assert sum(part for _, part in parts) == pytest.approx(1)
        assert sum(inst.demand_mtok_s[j, o] * part for o, part in parts) == close(mtok_s)


def no_factors(raw: dict[str, Any]) -> dict[str, Any]:
    return {"sites": {s: site | {"energy_price_factor": {}} for s, site in raw["sites"].items()}}


@examples(12)
@given(instances())
def test_one_slice_of_the_whole_day_changes_nothing(raw: dict[str, Any]) -> None:
    assert optimum(made(whole_day(raw))) == close(optimum(made(raw)))


@examples(12)
@given(sliced())
def test_a_slice_split_in_two_alike_changes_nothing(raw: dict[str, Any]) -> None:
    assert optimum(made(split_in_two(raw))) == close(optimum(made(flat_within_slices(raw))))


@examples(12)
@given(sliced())
def test_work_that_can_wait_never_costs_more(raw: dict[str, Any]) -> None:
    must_not = deepcopy(raw)
    for workload in must_not["workloads"].values():
        workload["deferrable_share"] = 0
    no_worse(raw, must_not)


@examples(12)
@given(sliced())
def test_the_same_everywhere_and_always_costs_no_more(raw: dict[str, Any]) -> None:
    """A flat profile asks for the mean of the other, which is easier to serve; prices alike."""
    varied = deepcopy(raw) | no_factors(raw)
    alike = deepcopy(varied)
    for workload in alike["workloads"].values():
        workload["daily_profile"] = []
    no_worse(alike, varied)


@examples(3)
@given(sliced(), st.integers(0, 10**6))
def test_comparisons_add_up(raw: dict[str, Any], seed: int) -> None:
    other = with_slices(raw, seed)
    dearer = deepcopy(raw)
    for site in dearer["sites"].values():
        site["energy_price_factor"] = dict.fromkeys(raw["slices"], 3)
    for changed in (other, dearer):
        found = compare(planned(made(raw)), planned(made(changed)))
        assert_adds_up(found)


@examples(4)
@given(raw=sliced(), seed=st.integers(0, 10**6))
def test_models_with_slices_are_reused(raw: dict[str, Any], seed: int) -> None:
    keeper, dice = ModelKeeper(), Random(seed)
    inst = made(raw)
    event(f"waits: {len(build_model(inst).moved) > 0}")
    k = next(iter(inst.workloads))
    changes: list[dict[str, Any]] = [
        {f"workloads.{k}.deferrable_share": dice.choice([0, 0.3, 1])},
        {f"workloads.{k}.daily_profile": [dice.choice([1, 5]) for _ in range(24)]},
        {"regions.r0.utc_offset_hours": dice.choice([-3, 7.25])},
        {"sites.s0.energy_price_factor": {next(iter(inst.slices)): 2}},
    ]
    walk = [*random_walk(inst, dice), *(inst.with_changes(change) for change in changes)]
    for one in (*walk, inst):
        compiled = keeper.compiled(one)

        assert_same(compiled, one)
