"""Solve an instance: build, search, check, and hand out the plan."""

import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from models.build import build_model
from models.instance import Instance
from optimizer import highs
from optimizer.compiling import CompiledModel, compile_model
from optimizer.hashing import instance_sha256
from optimizer.matrix import Floats
from optimizer.options import Options, resolve
from optimizer.plan.assemble import assemble
from optimizer.plan.plan import Plan
from optimizer.search import News, Result, relative_gap, search
from optimizer.verify import Verification, verify_tables


def solve(
    inst: Instance,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    on_progress: Callable[[News], None] | None = None,
    read_seconds: float = 0.0,
) -> Plan:
    """Return the best plan for an instance, checked by the independent checker.

    What is not given here is taken from the instance's `solve`, else from the machine.

    Args:
        inst: the instance.
        gap: relative gap between plan and bound at which the plan is good enough [ratio].
        time_limit: longest time for the search [s].
        threads: cores to use.
        seed: seed of random choices.
        on_progress: is told of each better plan, bound and stage.
        read_seconds: time that reading took, for the plan's account [s].

    Raises SolveError if the solver fails without leaving a plan, ValueError for options out of
    range. An instance without a plan is no error: `plan.status` says so.
    """
    highs.check_version()
    options = resolve(inst, gap, time_limit, threads, seed)
    began = time.monotonic()
    compiled = compile_model(build_model(inst, merge=True), inst)
    built = time.monotonic()
    teller = _Teller(compiled, inst, built - began, on_progress)
    result = search(compiled, options, teller.tell, teller.check_first)
    solved = time.monotonic()
    return _plan(inst, compiled, options, result, read_seconds, began, built, solved)


def _plan(
    inst: Instance,
    compiled: CompiledModel,
    options: Options,
    result: Result,
    read_seconds: float,
    began: float,
    built: float,
    solved: float,
) -> Plan:
    status, objective, bound = result.status, None, result.bound
    tables: dict[str, Any] = {}
    costs: dict[str, float] = {}
    figures: dict[str, float] = {}
    checked = None
    if result.x is not None:
        compiled.load(result.x)
        tables, costs, figures = assemble(compiled.model, inst)
        objective = sum(costs.values())
        bound = None if bound is None else min(bound, objective)
        checked = _check(inst, tables, _claim(status, objective, bound, costs, figures))
    ended = time.monotonic()
    reasons = (result.message,) if result.message else ()
    if result.interrupted:
        reasons = (*reasons, "interrupted")
    return Plan(
        name=inst.name,
        status=status,
        objective_musd=objective,
        bound_musd=bound,
        gap=relative_gap(objective, bound),
        costs_musd=costs,
        kpis=figures,
        verified=checked is not None and checked.passed,
        violations=tuple(v.message for v in checked.violations) if checked else (),
        reasons=reasons,
        instance_sha256=instance_sha256(inst),
        seconds={
            "read": read_seconds,
            "build": built - began,
            "solve": solved - built,
            "verify": ended - solved,
            "total": read_seconds + ended - began,
        },
        versions=_versions(),
        options=options.as_dict(),
        tables=tables,
    )


def _claim(
    status: str,
    objective: float,
    bound: float | None,
    costs: dict[str, float],
    figures: dict[str, float],
) -> dict[str, Any]:
    return {
        "status": status,
        "objective_musd": objective,
        "bound_musd": bound,
        "gap": relative_gap(objective, bound),
        "costs_musd": costs,
        "kpis": figures,
    }


def _check(inst: Instance, tables: dict[str, Any], claim: dict[str, Any]) -> Verification:
    return verify_tables(inst, tables, claim)


class _Teller:
    """Passes on the news of a search, and checks the first plan while the search goes on."""

    def __init__(
        self,
        compiled: CompiledModel,
        inst: Instance,
        offset: float,
        on_progress: Callable[[News], None] | None,
    ) -> None:
        self.compiled, self.inst, self.offset = compiled, inst, offset
        self.on_progress = on_progress
        self.last: News | None = None

    def tell(self, news: News) -> None:
        self.last = news
        if self.on_progress is not None:
            self.on_progress(news)

    def check_first(self, x: Floats) -> None:
        if self.on_progress is None or self.last is None:
            return
        self.compiled.load(x)
        tables, costs, figures = assemble(self.compiled.model, self.inst)
        claim = _claim("feasible", sum(costs.values()), None, costs, figures)
        passed = _check(self.inst, tables, claim).passed
        stage = "first plan checked" if passed else "first plan not yet exact"
        self.on_progress(
            News(self.last.seconds, self.last.objective, self.last.bound, stage)
        )


def _versions() -> dict[str, str]:
    return {
        "buildplan": version("buildplan"),
        "pyomo": version("pyomo"),
        "highs": highs.version(),
        "python": platform.python_version(),
    }
