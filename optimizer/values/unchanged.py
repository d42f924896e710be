"""The plan without changes: solved first, and once more where plans with a change are cheaper.

Without the second time a lever would be worth what its search found by luck, whether or not that
uses the lever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from math import inf, isfinite
from pathlib import Path

from models.instance import Instance
from optimizer import highs
from optimizer.errors import SolveError
from optimizer.hashing import instance_sha256
from optimizer.options import Options
from optimizer.own import compile_with
from optimizer.plan.plan import Plan
from optimizer.plan.store import read_plan, write_plan
from optimizer.search.incumbent import NO_GAP, relative_gap, scale
from optimizer.solve import Tools, solve_with
from optimizer.starts import Decisions, decisions_in
from optimizer.study.case import Case, Study
from optimizer.study.folder import StudyFolder, is_whole
from optimizer.study.keys import case_key
from optimizer.study.results import write_results
from optimizer.study.run import CaseResult
from optimizer.values.costs import Known

BASE = Case("base", "base", {})
"""The case without changes."""

STARTS = 3
"""From so many cheaper plans with a change the plan without is looked for once more."""


def title(inst: Instance) -> str:
    """The name of the study of all solves."""
    return f"{inst.name}: values"


def solved_once(place: Path, inst: Instance, options: Options) -> Plan:
    """The plan without changes: a finished case of the study, or solved and kept as one.

    Raises KeyboardInterrupt if interrupted, SolveError if the solver fails or the plan is not
    verified, PlanError if the folder cannot be used.
    """
    key = case_key(instance_sha256(inst), options)
    folder = StudyFolder.create(place, Study(title(inst), inst, (BASE,)), {BASE.name: key})
    home = folder.plan_folder(BASE.name)
    if is_whole(home):
        return read_plan(home)
    plan = _solved(inst, options)
    write_plan(plan, home, csv=False)
    return plan


def cheaper_than(plan: Plan, found: Iterable[CaseResult]) -> list[CaseResult]:
    """The cheapest of the changed plans, if the plan without changes may gain by them.

    That is where it is not proven to be the best, and one that was found now is cheaper.
    """
    bound, cost = known(plan)
    least = NO_GAP * scale(cost)
    some = [one for one in found if known(one).cost < cost - least]
    if cost - bound <= least or all(one.kept for one in some):
        return []
    return sorted(some, key=lambda one: (known(one).cost, one.case.name))[:STARTS]


def solved_again(
    place: Path, inst: Instance, options: Options, plan: Plan, cheaper: Sequence[CaseResult]
) -> Plan:
    """The plan without changes, or a better one that a search from changed ones finds; with the
    better bound of both. Raises as `solved_once`.
    """
    # Not from the plan itself: it is within the gap, so that the search would be over.
    other = _solved(inst, options, [decisions_in(one.folder) for one in cheaper])
    bound = max(known(plan).bound, known(other).bound)
    if known(other).cost < known(plan).cost:
        plan, folder = other, StudyFolder(place)
        write_plan(plan, folder.plan_folder(BASE.name), csv=False)
        write_results(folder)
    return with_bound(plan, bound)


def known(found: Plan | CaseResult) -> Known:
    """What a search that ended says of the least cost."""
    bound = found.bound_musd if isinstance(found, Plan) else found.summary.get("bound_musd")
    cost = found.objective_musd
    return Known(-inf if bound is None else bound, inf if cost is None else cost)


def with_bound(plan: Plan, bound: float) -> Plan:
    """The plan with a bound that was proven elsewhere."""
    if not isfinite(bound):
        return plan
    return replace(plan, bound_musd=bound, gap=relative_gap(plan.objective_musd, bound))


def _solved(inst: Instance, options: Options, starts: Sequence[Decisions] = ()) -> Plan:
    with highs.Crew() as crew:
        plan = solve_with(Tools(crew, partial(compile_with, ())), inst, options, starts=starts)
    if plan.objective_musd is not None and not plan.verified:
        refused = "; ".join(plan.violations[:3])
        raise SolveError(f"the plan that was found failed verification: {refused}")
    if plan.interrupted:
        raise KeyboardInterrupt
    return plan
