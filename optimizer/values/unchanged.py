"""The plan without changes, and what a search that ended says of a least cost."""

from dataclasses import replace
from math import inf, isfinite
from pathlib import Path

from models.instance import Instance
from optimizer.errors import SolveError
from optimizer.hashing import instance_sha256
from optimizer.options import Options
from optimizer.plan.plan import Plan
from optimizer.plan.store import read_plan, write_plan
from optimizer.search.incumbent import relative_gap
from optimizer.solve import solve
from optimizer.study.case import Case, Study
from optimizer.study.folder import StudyFolder, is_whole
from optimizer.study.keys import case_key
from optimizer.study.run import CaseResult
from optimizer.values.costs import Known

BASE = Case("base", "base", {})
"""The case without changes."""


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
    plan = solve(
        inst,
        gap=options.gap,
        time_limit=options.time_limit,
        threads=options.threads,
        seed=options.seed,
    )
    if plan.objective_musd is not None and not plan.verified:
        refused = "; ".join(plan.violations[:3])
        raise SolveError(f"the plan that was found failed verification: {refused}")
    if plan.interrupted:
        raise KeyboardInterrupt
    write_plan(plan, home, csv=False)
    return plan


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
