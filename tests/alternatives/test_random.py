"""On random small instances the plans found are all there are, by trying every set of sites."""

from itertools import chain, combinations
from math import inf
from typing import Any

import pytest
from hypothesis import event, given

from models.build import build_model
from models.instance import Instance
from optimizer import alternatives
from optimizer.compiling import compile_model
from tests.properties.common import examples
from tests.properties.strategies import instances
from tests.small import milp_solution

WITHIN = 0.08


def least_with(inst: Instance, sites: frozenset[str]) -> float:
    """The least cost of a plan that orders units for these sites and no others [MUSD]."""
    m = build_model(inst)
    keys = {s: [key for key in m.ORDERS if key[0] == s] for s in inst.sites}
    if not all(keys[s] for s in sites):
        return inf

    @m.Constraint([s for s in keys if keys[s]])
    def taken(m, s):
        units = sum(m.order[key] for key in keys[s])
        return units >= 1 if s in sites else units <= 0

    matrix = compile_model(m, inst).matrix
    x = milp_solution(matrix)
    return inf if x is None else matrix.value(x)


def check_all_found(raw: dict[str, Any]) -> None:
    inst = Instance.model_validate(raw)
    found = alternatives(inst, within=WITHIN, differ=1, count=20)
    names = list(inst.sites)
    sets = chain.from_iterable(combinations(names, n) for n in range(len(names) + 1))
    costs = {frozenset(one): least_with(inst, frozenset(one)) for one in sets}
    least = min(costs.values())
    most = found.most_musd
    assert most is not None
    close = 1e-5 * max(1.0, abs(least))
    assert most == pytest.approx(least + WITHIN * abs(least), abs=close)
    plans = [frozenset(plan.table("orders")["site"]) for plan in found.plans]
    event(f"plans: {len(plans)}")
    assert len(set(plans)) == len(plans)
    assert found.ended == "no more"
    assert {one for one, cost in costs.items() if cost < most - close} <= set(plans)
    assert all(costs[one] <= most + close for one in plans)
    assert all(plan.verified for plan in found.plans)
    assert (found.table["cost_musd"] <= most + close).all()


def check_proven(raw: dict[str, Any]) -> None:
    inst = Instance.model_validate(raw)
    names = list(inst.sites)
    found = alternatives(inst, within=0.15, differ=len(names), count=1, threads=2, prove_sites=True)
    most = found.most_musd
    assert most is not None
    close = 1e-5 * max(1.0, abs(most))
    sets = chain.from_iterable(combinations(names, n) for n in range(len(names) + 1))
    costs = {frozenset(one): least_with(inst, frozenset(one)) for one in sets}
    surely = [one for one, cost in costs.items() if cost < most - close]
    roles = found.sites.set_index("site")
    event(f"by questions: {(found.table['answers'] != '').sum()}, roles: {set(roles['role'])}")
    assert roles["proven"].all()
    for s, role in roles["role"].items():
        assert role != "must have" or all(s in one for one in surely)
        assert role != "never" or not any(s in one for one in surely)
    assert all(plan.verified for plan in found.plans)
    assert (found.table["cost_musd"] <= most + close).all()
    first = frozenset(found.plans[0].table("orders")["site"])
    for s, cost in roles.loc[roles["role"] == "choice", "cost_otherwise_musd"].items():
        least = min(value for one, value in costs.items() if (s in one) != (s in first))
        assert least - close <= cost <= most + close


@examples(8)
@given(instances())
def test_proven_roles_are_those_of_every_set_of_sites(raw: dict[str, Any]) -> None:
    check_proven(raw)


@pytest.mark.slow
@examples(60)
@given(instances())
def test_many_times_proven_roles_are_those_of_every_set(raw: dict[str, Any]) -> None:
    check_proven(raw)


@examples(4)
@given(instances())
def test_every_set_of_sites_within_the_cost_is_found(raw: dict[str, Any]) -> None:
    check_all_found(raw)


@pytest.mark.slow
@examples(60)
@given(instances())
def test_many_times_every_set_of_sites_is_found(raw: dict[str, Any]) -> None:
    check_all_found(raw)
