"""HiGHS as a way to solve a problem: its own settings, in this process, and nothing of ours."""

from typing import Any

import highspy
import numpy as np

from benchmarks.speed.cases import Case
from benchmarks.speed.trace import Trace
from optimizer.matrix import Matrix

THREADS = 1
"""Branch and bound uses one core; two runs go side by side."""


def loaded(matrix: Matrix) -> highspy.Highs:
    """A silent HiGHS with the problem as it stands."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    rows = matrix.rows
    solver.passModel(
        *(rows.shape[1], rows.shape[0], rows.nnz),
        *(int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), matrix.offset),
        *(matrix.cost, matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper),
        *(rows.indptr, rows.indices, rows.data, matrix.whole.astype(np.int32)),
    )
    if solver.getNumNz() != rows.nnz:
        raise RuntimeError("HiGHS did not take the whole problem")
    return solver


def by_highs(solver: highspy.Highs, case: Case, trace: Trace) -> None:
    """One branch and bound by HiGHS on all variables."""
    limit(solver, case.gap, case.time_s, THREADS)
    heard_by(trace, solver)


def limit(solver: highspy.Highs, gap: float, time_s: float, threads: int) -> None:
    """Set what all ways have in common; all other settings stay HiGHS's own."""
    options = {"mip_rel_gap": gap, "time_limit": float(time_s), "threads": threads}
    for name, value in options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise RuntimeError(f"HiGHS did not take the option {name} = {value}")


def heard_by(trace: Trace, solver: highspy.Highs) -> None:
    """Run a solver, with a trace that hears of plans and bounds at once.

    HiGHS logs every five seconds, but looks at its limits all the time, and tells what it knows.
    """

    def hear(objective: float, bound: float) -> None:
        known = [side if abs(side) < highspy.kHighsInf else None for side in (objective, bound)]
        trace.hear(*known)

    def heard(event: Any) -> None:
        hear(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)

    for callback in (solver.cbMipImprovingSolution, solver.cbMipLogging, solver.cbMipInterrupt):
        callback.subscribe(heard)
    solver.run()
    info = solver.getInfo()
    planned = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    hear(info.objective_function_value if planned else highspy.kHighsInf, info.mip_dual_bound)
