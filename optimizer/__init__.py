"""Plans for AI factories: read an instance, solve it, check and keep the plan.

    from optimizer import read_instance, solve
    inst = read_instance("instances/six-continents/instance.yaml")
    plan = solve(inst, gap=0.01, time_limit=60)

No call prints, exits, changes the working directory or keeps global state.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import models

if getattr(models, "PROJECT", None) != "buildplan":
    raise ImportError(
        f"buildplan needs its own package 'models', but Python found another one at "
        f"{getattr(models, '__file__', None) or list(models.__path__)}. Start Python from another "
        "folder, or put buildplan before it on the path."
    )

if TYPE_CHECKING:
    from models.instance import Instance
    from models.problems import InstanceError, Problem
    from optimizer.alternatives import Alternatives, alternatives
    from optimizer.certificate.bound import ProvenBound, prove_bound
    from optimizer.checking import verify
    from optimizer.commitments import commitments_from
    from optimizer.compare import Comparison, StudyComparison, compare, compare_studies
    from optimizer.errors import FamilyError, PlanError, SolveError, StudyError
    from optimizer.explain import Explanation, explain  # type: ignore[no-redef]
    from optimizer.frontier import Frontier, frontier
    from optimizer.instance_io import read_instance
    from optimizer.own import load_family
    from optimizer.plan import Plan, read_plan
    from optimizer.replan.replan import Replan, replan
    from optimizer.replan.rolling.replay import Replay, replay
    from optimizer.report.report import report
    from optimizer.screening import Screening, screen
    from optimizer.solve import solve
    from optimizer.study.case import Case, Study
    from optimizer.study.query import query
    from optimizer.study.reading import read_study
    from optimizer.study.run import run_study
    from optimizer.study.summary import summarize
    from optimizer.values import Values, values
    from optimizer.verify import Verification, Violation

_HOMES = {
    "Alternatives": "optimizer.alternatives",
    "Case": "optimizer.study.case",
    "Comparison": "optimizer.compare",
    "Explanation": "optimizer.explain",
    "FamilyError": "optimizer.errors",
    "Frontier": "optimizer.frontier",
    "Instance": "models.instance",
    "InstanceError": "models.problems",
    "Plan": "optimizer.plan",
    "PlanError": "optimizer.errors",
    "Problem": "models.problems",
    "ProvenBound": "optimizer.certificate.bound",
    "Screening": "optimizer.screening",
    "SolveError": "optimizer.errors",
    "Study": "optimizer.study.case",
    "StudyComparison": "optimizer.compare",
    "Replan": "optimizer.replan",
    "Replay": "optimizer.replan.rolling",
    "StudyError": "optimizer.errors",
    "Values": "optimizer.values",
    "Verification": "optimizer.verify",
    "Violation": "optimizer.verify",
    "alternatives": "optimizer.alternatives",
    "commitments_from": "optimizer.commitments",
    "compare": "optimizer.compare",
    "compare_studies": "optimizer.compare",
    "explain": "optimizer.explain",
    "frontier": "optimizer.frontier",
    "load_family": "optimizer.own",
    "prove_bound": "optimizer.certificate.bound",
    "query": "optimizer.study.query",
    "read_instance": "optimizer.instance_io",
    "read_plan": "optimizer.plan",
    "read_study": "optimizer.study.reading",
    "run_study": "optimizer.study.run",
    "replan": "optimizer.replan",
    "replay": "optimizer.replan.rolling",
    "report": "optimizer.report",
    "screen": "optimizer.screening",
    "solve": "optimizer.solve",
    "summarize": "optimizer.study.summary",
    "values": "optimizer.values",
    "verify": "optimizer.checking",
}

__all__ = [
    "Alternatives",
    "Case",
    "Comparison",
    "Explanation",
    "FamilyError",
    "Frontier",
    "Instance",
    "InstanceError",
    "Plan",
    "PlanError",
    "Problem",
    "ProvenBound",
    "Replan",
    "Replay",
    "Screening",
    "SolveError",
    "Study",
    "StudyComparison",
    "StudyError",
    "Values",
    "Verification",
    "Violation",
    "alternatives",
    "commitments_from",
    "compare",
    "compare_studies",
    "explain",
    "frontier",
    "load_family",
    "prove_bound",
    "query",
    "read_instance",
    "read_plan",
    "read_study",
    "replan",
    "replay",
    "report",
    "run_study",
    "screen",
    "solve",
    "summarize",
    "values",
    "verify",
]


class _Package(ModuleType):
    """Keeps `optimizer.solve`, `verify` and `compare` functions: importing the modules of these
    names would otherwise put the modules in their place."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that start-up stays fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'optimizer' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
