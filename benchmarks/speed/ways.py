"""Ways to solve an instance: ours, HiGHS and SCIP on the plain formulation, PyPSA on its own."""

import time
from collections.abc import Callable
from typing import Any

from benchmarks.speed import highs_way, scip_way
from benchmarks.speed.cases import Case
from benchmarks.speed.handing import handed_over
from benchmarks.speed.trace import Trace
from models.build import build_model
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.matrix import Matrix
from optimizer.solve import CHECKED

THREADS = 2

OURS = "buildplan"
WAYS = (OURS, "highs", "highs-merged", "scip", "pypsa")
MERGED = (OURS, "highs-merged")
"""Ways whose problem has equivalent streams merged."""

RIVALS: dict[str, tuple[Callable[[Matrix], Any], Callable[[Any, Case, Trace], None]]] = {
    "highs": (highs_way.loaded, highs_way.by_highs),
    "highs-merged": (highs_way.loaded, highs_way.by_highs),
    "scip": (scip_way.loaded, scip_way.by_scip),
}
"""How other solvers take a problem, and how they solve it."""


def run(case: Case, way: str) -> dict[str, Any]:
    """Solve a case one way in this process; the figures that a table needs."""
    if way == "pypsa":
        from benchmarks.speed.pypsa_way import by_pypsa

        return by_pypsa(case.instance(), case.gap, case.time_s, highs_way.THREADS)
    inst = case.instance()
    began, cpu_began = time.monotonic(), time.process_time()
    matrix = compiled(inst, merge=way in MERGED)
    trace = Trace(time.monotonic() - began, time.process_time() - cpu_began)
    load, solved = (handed_over, None) if way == OURS else RIVALS[way]
    solver = load(matrix)
    about = {"rows": matrix.rows.shape[0], "columns": matrix.rows.shape[1]}
    about |= {"entries": int(matrix.rows.nnz), "whole": int(matrix.whole.sum())}
    times = {"build_s": trace.lead_s, "load_s": time.monotonic() - trace.began}
    if solved is None:
        del inst, matrix, solver
        trace = ours(case.instance(), case)  # nothing that was worked out above is known to it
    else:
        solved(solver, case, trace)
    return {**about, **times, **trace.figures()}


def compiled(inst: Instance, *, merge: bool) -> Matrix:
    """The model as arrays, with equivalent streams merged or each for itself."""
    return compile_model(build_model(inst, merge=merge), inst).matrix


def ours(inst: Instance, case: Case) -> Trace:
    """As users solve it: built, searched, checked."""
    trace = Trace()
    plan = solve(
        inst,
        gap=case.gap,
        time_limit=case.time_s,
        threads=THREADS,
        on_progress=lambda news: trace.hear(
            news.objective if news.stage != CHECKED else None, news.bound
        ),
    )
    if plan.objective_musd is not None and not plan.verified:
        raise RuntimeError(f"{case.name}: the plan did not pass the checker")
    trace.hear(plan.objective_musd, plan.bound_musd)
    return trace
