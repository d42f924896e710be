"""Ways to solve an instance: ours, HiGHS and SCIP on the plain formulation, PyPSA on its own."""

import time
from typing import Any

from benchmarks.speed.cases import Case
from benchmarks.speed.trace import Trace
from models.build import build_model
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.crosscheck.scip import loaded
from optimizer.highs import Crew, Job, Progress
from optimizer.matrix import Matrix
from optimizer.solve import CHECKED

THREADS = 2

OURS = "buildplan"
WAYS = (OURS, "highs", "highs-merged", "scip", "pypsa")


def run(case: Case, way: str) -> dict[str, Any]:
    """Solve a case one way in this process; the figures that a table needs."""
    inst = case.instance()
    if way == "pypsa":
        from benchmarks.speed.pypsa_way import by_pypsa

        return by_pypsa(inst, case.gap, case.time_s, THREADS)
    began, cpu_began = time.monotonic(), time.process_time()
    matrix = compiled(inst, merge=way in {"buildplan", "highs-merged"})
    built = time.monotonic() - began, time.process_time() - cpu_began
    rows, columns = matrix.rows.shape
    about = {"rows": rows, "columns": columns, "entries": int(matrix.rows.nnz)}
    about |= {"whole": int(matrix.whole.sum()), "build_s": built[0], "load_s": load_s(matrix)}
    if way == "buildplan":
        del matrix
        trace = ours(inst, case)
    elif way == "scip":
        trace = by_scip(matrix, case, Trace(*built))
    else:
        trace = by_highs(matrix, case, Trace(*built))
    return {**about, **trace.figures()}


def compiled(inst: Instance, *, merge: bool) -> Matrix:
    """The model as arrays, with equivalent streams merged or each for itself."""
    return compile_model(build_model(inst, merge=merge), inst).matrix


def load_s(matrix: Matrix) -> float:
    """How long HiGHS takes to take over the arrays [s]."""
    from optimizer.highs.child import load

    began = time.monotonic()
    load(matrix, Job(matrix, threads=THREADS).settings())
    return time.monotonic() - began


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


def by_highs(matrix: Matrix, case: Case, trace: Trace) -> Trace:
    """One branch and bound by HiGHS, with its own settings, on all variables."""

    def heard(progress: Progress) -> None:
        trace.hear(progress.objective, progress.bound)

    job = Job(matrix, gap=case.gap, time_limit=case.time_s, threads=THREADS)
    with Crew() as crew:
        outcome = crew.run(job, heard)
    trace.hear(None if outcome.x is None else matrix.value(outcome.x), outcome.bound)
    return trace


def by_scip(matrix: Matrix, case: Case, trace: Trace) -> Trace:
    """One branch and bound by SCIP, with its own settings, on all variables."""
    from pyscipopt import SCIP_EVENTTYPE, Eventhdlr

    watched = SCIP_EVENTTYPE.BESTSOLFOUND | SCIP_EVENTTYPE.LPSOLVED | SCIP_EVENTTYPE.NODESOLVED

    class Listener(Eventhdlr):  # type: ignore[misc]
        def eventinit(self) -> None:
            self.model.catchEvent(watched, self)

        def eventexec(self, _: object) -> None:
            sides = (self.model.getPrimalbound(), self.model.getDualbound())
            known = [side if abs(side) < self.model.infinity() else None for side in sides]
            trace.hear(*known)

    scip, _ = loaded(matrix)
    scip.setParam("limits/gap", case.gap)
    scip.setParam("limits/time", case.time_s)
    scip.includeEventhdlr(Listener(), "listener", "plans and bounds as they come")
    scip.optimize()
    if scip.getNSols():
        trace.hear(scip.getPrimalbound(), None)
    bound = scip.getDualbound()
    trace.hear(None, bound if abs(bound) < scip.infinity() else None)
    return trace
