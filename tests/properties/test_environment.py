"""Random instances with carbon: checked, reconciled, and the same optimum twice."""

from math import inf, isinf
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.instance import Instance
from optimizer import solve
from tests.properties.common import SEEDS, close, examples
from tests.properties.environment_by_hand import formulate_environment, with_environment
from tests.properties.slices import sliced
from tests.properties.strategies import instances, yearly
from tests.small import optimum


def made(raw: dict[str, Any], **changes: Any) -> Instance:
    return Instance.model_validate(raw | changes)


def check_plan(raw: dict[str, Any]) -> None:
    """The plan passes the checker, and its cash adds up to the objective to a millionth."""
    plan = solve(made(raw))
    event(plan.status)
    if plan.objective_musd is None:
        assert plan.status == "infeasible"
        return
    assert plan.violations == ()
    cash = plan.table("cash")
    assert cash["discounted_musd"].sum() == pytest.approx(plan.objective_musd, rel=1e-6, abs=1e-6)
    bound = plan.table("limits")
    for limit in ("carbon", "efficiency", "water"):
        event(f"{limit} binds: {bound.loc[bound['limit'] == limit, 'binds'].any()}")


def check_second_formulation(raw: dict[str, Any]) -> None:
    ours, theirs = optimum(made(raw)), formulate_environment(raw).optimum()
    event(f"infeasible: {isinf(ours)}")
    assert (ours == inf and theirs == inf) or ours == close(theirs)


@examples(6)
@given(st.one_of(instances(), sliced()), SEEDS)
def test_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    check_plan(with_environment(raw, seed))


@pytest.mark.slow
@examples(200)
@given(st.one_of(instances(), sliced()), SEEDS)
def test_many_plans_are_verified(raw: dict[str, Any], seed: int) -> None:
    check_plan(with_environment(raw, seed))


@examples(25)
@given(st.one_of(yearly(), sliced(whole_years=True)), SEEDS)
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(with_environment(raw, seed))


@pytest.mark.slow
@examples(300)
@given(st.one_of(yearly(), sliced(whole_years=True)), SEEDS)
def test_a_second_formulation_of_many(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(with_environment(raw, seed))


@examples(15)
@given(instances(), SEEDS)
def test_limits_and_prices_never_make_it_cheaper(raw: dict[str, Any], seed: int) -> None:
    limited = with_environment(raw, seed)
    carbon = limited["carbon"]
    wet = ("water_limit_m3_per_year",)
    dry = {
        s: {name: value for name, value in site.items() if name not in wet}
        for s, site in limited["sites"].items()
    }
    free = optimum(made(limited, carbon=carbon | {"caps": {}}, efficiency_floors={}, sites=dry))
    capped = optimum(made(limited))
    event(f"a cap costs: {capped > free + 1e-6}")
    assert capped >= free - 1e-6 * max(1.0, abs(free))
    plain = {
        j: {name: value for name, value in place.items() if name != "carbon_price_usd_per_t"}
        for j, place in limited["jurisdictions"].items()
    }
    unpriced = optimum(
        made(limited, carbon={}, efficiency_floors={}, sites=dry, jurisdictions=plain)
    )
    assert free >= unpriced - 1e-6 * max(1.0, abs(unpriced))
