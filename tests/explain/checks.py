"""What holds for every explanation: the conflict is smallest and names its cause, repairs work."""

from math import inf
from typing import Any

from models.instance import Instance
from optimizer.explain import Explanation, explain_with
from optimizer.instance_io import parse_set
from optimizer.options import resolve
from optimizer.solve import Tools, solve_with
from tests.explain.lifting import kept_of, lifted
from tests.explain.zoo.case import Case
from tests.small import optimum


def explained(
    tools: Tools,
    case: Case,
    *,
    repairs: int = 3,
    time_limit: float | None = None,
    threads: int | None = 1,
) -> tuple[Instance, Explanation]:
    """The explanation of a case, with what holds for every one of them."""
    inst = case.make()
    options = resolve(inst, threads=threads, time_limit=time_limit)
    told = explain_with(tools.crew, (), inst, options, repairs=repairs)

    assert told.status == "infeasible"
    assert told.minimal
    assert told.complete
    assert case.planted <= {(one.kind, one.at) for one in told.conflict}
    assert told.indivisible == case.indivisible
    assert told.repairs
    assert list(told.repairs) == sorted(told.repairs, key=lambda one: one.price_musd)
    return inst, told


def repairs_have_plans(inst: Instance, told: Explanation) -> None:
    """With what `--set` says the instance has a plan: solved by scipy, from the changed data."""
    for repair in told.repairs:
        assert optimum(inst.with_changes(parse_set(repair.sets))) < inf, repair.sets


def all_repairs_work(tools: Tools, inst: Instance, told: Explanation, **asked: Any) -> None:
    """With what `--set` says the instance has a plan that passes the checker."""
    for repair in told.repairs:
        changed = inst.with_changes(parse_set(repair.sets))
        options = resolve(changed, **({"gap": 0.5, "threads": 1} | asked))
        plan = solve_with(tools, changed, options)
        assert plan.status in ("optimal", "feasible"), repair.sets
        assert plan.verified, repair.sets


def conflict_is_smallest(inst: Instance, told: Explanation) -> None:
    """Solved again from changed data: together there is no plan, without any one there is."""
    kept, given = kept_of(told.conflict), told.law_is_given
    assert optimum(lifted(inst, kept, law_is_given=given)) == inf
    for one in kept:
        assert optimum(lifted(inst, kept - {one}, law_is_given=given)) < inf, one
