"""On random instances with profiles, debt and caps: checked, reconciled, and the same optimum."""

from math import inf, isinf
from typing import Any

import pytest
from hypothesis import event, given

from models.instance import Instance
from optimizer import solve
from tests.properties.capital_by_hand import formulate_capital, with_capital
from tests.properties.common import SEEDS, close, examples
from tests.properties.strategies import instances, yearly
from tests.small import optimum


def made(raw: dict[str, Any], **budget: Any) -> Instance:
    return Instance.model_validate(raw | {"budget": raw["budget"] | budget})


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
    shares = cash.groupby("term")["discounted_musd"].sum()
    for term, musd in plan.costs_musd.items():
        assert shares.get(term, 0.0) == pytest.approx(musd, rel=1e-6, abs=1e-6)
    event(f"owes: {len(plan.table('debt')) > 0}")
    bound = plan.table("limits")
    for limit in ("borrowing", "opex", "budget"):
        event(f"{limit} binds: {bound.loc[bound['limit'] == limit, 'binds'].any()}")


def check_second_formulation(raw: dict[str, Any]) -> None:
    ours, theirs = optimum(made(raw)), formulate_capital(raw).optimum()
    event(f"infeasible: {isinf(ours)}")
    assert (ours == inf and theirs == inf) or ours == close(theirs)


@examples(6)
@given(instances(), SEEDS)
def test_cash_reconciles_with_the_objective(raw: dict[str, Any], seed: int) -> None:
    check_plan(with_capital(raw, seed))


@pytest.mark.slow
@examples(150)
@given(instances(), SEEDS)
def test_cash_reconciles_with_the_objective_of_many(raw: dict[str, Any], seed: int) -> None:
    check_plan(with_capital(raw, seed))


@examples(40)
@given(yearly(), SEEDS)
def test_a_second_formulation_finds_the_same_optimum(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(with_capital(raw, seed))


@pytest.mark.slow
@examples(400)
@given(yearly(), SEEDS)
def test_a_second_formulation_of_many(raw: dict[str, Any], seed: int) -> None:
    check_second_formulation(with_capital(raw, seed))


@examples(12)
@given(instances(), SEEDS)
def test_limits_never_make_it_cheaper(raw: dict[str, Any], seed: int) -> None:
    """Less to borrow and a cap on running costs never lower the optimal cost."""
    limited = with_capital(raw, seed)
    budget = limited["budget"]
    free = optimum(made(limited, opex_caps={}))
    assert optimum(made(limited)) >= free - 1e-6 * max(1.0, abs(free))
    strict = {
        p: {name: value for name, value in pool.items() if name != "borrowing"}
        for p, pool in budget["pools"].items()
    }
    without = optimum(made(limited, opex_caps={}, pools=strict))
    event(f"borrowing pays: {without > free + 1e-6}")
    assert without >= free - 1e-6 * max(1.0, abs(free))
