"""Each animal of the zoo: the conflict is smallest and names its cause, every repair works."""

from math import inf

import pytest

from models.instance import Instance
from optimizer.explain import Explanation, explain_with
from optimizer.instance_io import parse_set
from optimizer.options import resolve
from optimizer.solve import Tools, solve_with
from tests.explain.lifting import kept_of, lifted
from tests.explain.zoo.case import Case
from tests.explain.zoo.numbers import NUMBERS
from tests.explain.zoo.rules import RULES
from tests.explain.zoo.shipped import LARGER, SHIPPED
from tests.explain.zoo.times import FUTURES, SEVERAL, TIMES
from tests.explain.zoo.whole import WHOLE
from tests.small import optimum

SMALL = [*NUMBERS, *RULES, *WHOLE, *TIMES, *SEVERAL]


def named(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name.replace(" ", "-")) for case in cases]


def explained(tools: Tools, case: Case) -> tuple[Instance, Explanation]:
    """The explanation of a case, with what holds for every one of them."""
    inst = case.make()
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1))

    assert told.status == "infeasible"
    assert told.minimal
    assert told.complete
    assert case.planted <= {(one.kind, one.at) for one in told.conflict}
    assert told.indivisible == case.indivisible
    assert told.repairs
    assert list(told.repairs) == sorted(told.repairs, key=lambda one: one.price_musd)
    return inst, told


def all_repairs_work(tools: Tools, inst: Instance, told: Explanation) -> None:
    """With what `--set` says the instance has a plan that passes the checker."""
    for repair in told.repairs:
        changed = inst.with_changes(parse_set(repair.sets))
        plan = solve_with(tools, changed, resolve(changed, gap=0.5, threads=1))
        assert plan.status in ("optimal", "feasible"), repair.sets
        assert plan.verified, repair.sets


def conflict_is_smallest(inst: Instance, told: Explanation) -> None:
    """Solved again from changed data: together there is no plan, without any one there is."""
    kept, given = kept_of(told.conflict), told.law_is_given
    assert optimum(lifted(inst, kept, law_is_given=given)) == inf
    for one in kept:
        assert optimum(lifted(inst, kept - {one}, law_is_given=given)) < inf, one


@pytest.mark.parametrize("case", named(SMALL))
def test_small_animals(tools: Tools, case: Case) -> None:
    """Solved by scipy, from the changed data; `solve` itself follows for all in the slow tests."""
    inst, told = explained(tools, case)
    conflict_is_smallest(inst, told)
    for repair in told.repairs:
        assert optimum(inst.with_changes(parse_set(repair.sets))) < inf, repair.sets


@pytest.mark.parametrize("case", named(SMALL[::8]))
def test_solve_after_repairs(tools: Tools, case: Case) -> None:
    inst, told = explained(tools, case)
    all_repairs_work(tools, inst, told)


@pytest.mark.slow
@pytest.mark.parametrize("case", named(SMALL))
def test_solve_after_all_repairs(tools: Tools, case: Case) -> None:
    inst, told = explained(tools, case)
    all_repairs_work(tools, inst, told)


@pytest.mark.parametrize("case", named(FUTURES))
def test_several_futures(tools: Tools, case: Case) -> None:
    inst, told = explained(tools, case)
    assert any(one.scenarios for one in told.conflict)
    all_repairs_work(tools, inst, told)


@pytest.mark.slow
@pytest.mark.parametrize("case", named([one for one in SHIPPED if "uncertain" not in one.name]))
def test_shipped_animals(tools: Tools, case: Case) -> None:
    inst, told = explained(tools, case)
    conflict_is_smallest(inst, told)
    all_repairs_work(tools, inst, told)


@pytest.mark.slow
@pytest.mark.parametrize("case", named([*LARGER, SHIPPED[-1]]))
def test_larger_animals(tools: Tools, case: Case) -> None:
    inst, told = explained(tools, case)
    all_repairs_work(tools, inst, told)


def test_the_zoo_is_large() -> None:
    cases = [*SMALL, *FUTURES, *SHIPPED, *LARGER]
    assert len({case.name for case in cases}) == len(cases) >= 60
