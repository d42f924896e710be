"""Random instances with mines and shells: plans are checked, exact, and never worse for more."""

from functools import partial
from typing import Any

import pytest
from hypothesis import event, given

from tests.properties.brownfield import formulate, with_brownfield
from tests.properties.strategies import instances, yearly
from tests.properties.test_random_instances import (
    check_plan,
    close,
    examples,
    made,
    no_worse,
)
from tests.small import optimum

BROWN = instances().map(partial(with_brownfield, yearly=False))
BROWN_YEARLY = yearly().map(partial(with_brownfield, yearly=True))


@examples(12)
@given(BROWN)
def test_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


@pytest.mark.slow
@examples(400)
@given(BROWN)
def test_many_plans_are_verified_and_as_cheap_as_scipy_finds(raw: dict[str, Any]) -> None:
    check_plan(raw)


def check_second_formulation(raw: dict[str, Any]) -> None:
    event(f"mines: {len(raw['mines'])}, shells: {len(raw['shells'])}")
    assert optimum(made(raw)) == close(formulate(raw).optimum())


@examples(40)
@given(BROWN_YEARLY)
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@pytest.mark.slow
@examples(1000)
@given(BROWN_YEARLY)
def test_a_second_formulation_finds_the_same_optimum_of_many(raw: dict[str, Any]) -> None:
    check_second_formulation(raw)


@examples(25)
@given(BROWN)
def test_shells_and_mines_that_share_nothing_never_cost_more(raw: dict[str, Any]) -> None:
    free = [mine | {"shares_connection": False} for mine in raw["mines"]]
    no_worse(raw | {"mines": free}, raw | {"mines": [], "shells": []})
    no_worse(raw | {"mines": free}, raw)
