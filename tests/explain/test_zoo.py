"""Each animal of the zoo: the conflict is smallest and names its cause, every repair works."""

import pytest

from optimizer.solve import Tools
from tests.explain.checks import (
    all_repairs_work,
    conflict_is_smallest,
    explained,
    repairs_have_plans,
)
from tests.explain.zoo.case import Case
from tests.explain.zoo.largest import LARGEST
from tests.explain.zoo.numbers import NUMBERS
from tests.explain.zoo.rules import RULES
from tests.explain.zoo.shipped import LARGER, SHIPPED
from tests.explain.zoo.times import FUTURES, SEVERAL, TIMES
from tests.explain.zoo.whole import WHOLE

SMALL = [*NUMBERS, *RULES, *WHOLE, *TIMES, *SEVERAL]


def named(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name.replace(" ", "-")) for case in cases]


@pytest.mark.parametrize("case", named(SMALL))
def test_small_animals(tools: Tools, case: Case) -> None:
    """Solved by scipy, from the changed data; `solve` itself follows for all in the slow tests."""
    inst, told = explained(tools, case)
    conflict_is_smallest(inst, told)
    repairs_have_plans(inst, told)


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


@pytest.mark.slow
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("case", named(LARGEST))
def test_largest_animals(tools: Tools, case: Case) -> None:
    """Any plan will do after a repair: a good one takes far longer."""
    inst, told = explained(tools, case, repairs=2, time_limit=3600, threads=None)
    all_repairs_work(tools, inst, told, gap=0.9, time_limit=600, threads=None)


def test_the_zoo_is_large() -> None:
    cases = [*SMALL, *FUTURES, *SHIPPED, *LARGER, *LARGEST]
    assert len({case.name for case in cases}) == len(cases) >= 60
