"""Random instances with mines, shells and offers: plans are checked, exact, no worse for more."""

from functools import partial
from typing import Any

import pytest
from hypothesis import event, given

from tests.properties.brownfield import formulate, with_brownfield
from tests.properties.common import close, examples
from tests.properties.slices import sliced
from tests.properties.strategies import instances, yearly
from tests.properties.test_random_instances import (
    check_merging,
    check_plan,
    made,
    no_worse,
)
from tests.small import optimum

BROWN = instances().map(partial(with_brownfield, yearly=False))
BROWN_YEARLY = (yearly() | sliced(whole_years=True)).map(partial(with_brownfield, yearly=True))


@examples(6)
@given(BROWN)
def test_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


@pytest.mark.slow
@examples(400)
@given(BROWN)
def test_many_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


def check_second_formulation(raw: dict[str, Any]) -> None:
    event(", ".join(f"{name}: {len(raw[name])}" for name in ("mines", "shells", "rentals")))
    assert optimum(made(raw)) == close(formulate(raw).optimum())


@examples(20)
@given(BROWN_YEARLY)
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@pytest.mark.slow
@examples(1000)
@given(BROWN_YEARLY)
def test_a_second_formulation_finds_the_same_optimum_of_many(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@examples(12)
@given(BROWN)
def test_merging_equivalent_streams_keeps_the_optimum(raw: dict[str, Any]) -> None:
    check_merging(raw)


@examples(12)
@given(BROWN)
def test_what_can_be_had_besides_never_costs_more(raw: dict[str, Any]) -> None:
    free = [mine | {"shares_connection": False} for mine in raw["mines"]]
    no_worse(raw | {"mines": free}, raw | {"mines": [], "shells": [], "rentals": {}})
    no_worse(raw | {"mines": free}, raw)
