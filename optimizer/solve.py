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
from optimizer.search import News, Result, polish, relative_gap, search
from optimizer.verify import verify_tables

CHECKED = "first plan, checked"
"""The stage of the news that the first plan has passed the checker."""


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
    teller = _Teller(compiled, inst, options.threads, on_progress)
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
        checked = verify_tables(inst, tables, _claim(status, objective, bound, costs, figures))
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


class _Teller:
    """Passes on the news of a search, and checks the first plan while the search goes on."""

    def __init__(
        self,
        compiled: CompiledModel,
        inst: Instance,
        threads: int,
        on_progress: Callable[[News], None] | None,
    ) -> None:
        self.compiled, self.inst, self.threads = compiled, inst, threads
        self.on_progress = on_progress
        self.last: News | None = None

    def tell(self, news: News) -> None:
        self.last = news
        if self.on_progress is not None:
            self.on_progress(news)

    def check_first(self, x: Floats) -> None:
        """Check the first plan, for the news only, with its whole numbers made exact."""
        exact = polish(self.compiled.matrix, x, self.threads)
        if self.on_progress is None or self.last is None or exact is None:
            return
        self.compiled.load(exact)
        tables, costs, figures = assemble(self.compiled.model, self.inst)
        claim = _claim("feasible", sum(costs.values()), None, costs, figures)
        if verify_tables(self.inst, tables, claim).passed:
            news = News(self.last.seconds, claim["objective_musd"], self.last.bound, CHECKED)
            self.on_progress(news)


def _versions() -> dict[str, str]:
    return {
        "buildplan": version("buildplan"),
        "pyomo": version("pyomo"),
        "highs": highs.version(),
        "python": platform.python_version(),
    }
