"""SCIP, in a process of its own: started as `python -m optimizer.crosscheck.scip FOLDER`.

Needs the extra `scip`. The process ends when its input ends, so that it never outlives its parent.
"""

import json
import os
import sys
import tempfile
import threading
from pathlib import Path
from queue import Empty
from typing import Any

import numpy as np

from optimizer.children import GRACE_S, ChildProcess
from optimizer.highs.files import read_problem, read_solution, write_problem, write_solution
from optimizer.highs.job import Outcome, Status
from optimizer.matrix import Matrix
from optimizer.options import Options

MOST_ENTRIES = 1_000_000
"""SCIP is not asked about problems with more coefficients."""

ENDINGS: dict[str, Status] = {
    "optimal": "optimal",
    "gaplimit": "optimal",
    "infeasible": "infeasible",
    "inforunbd": "infeasible",
    "timelimit": "stopped",
}


def run_scip(matrix: Matrix, options: Options) -> Outcome:
    """Solve a problem with SCIP; one that fails or is late says so in its outcome."""
    settings = {"gap": options.gap, "time_limit": options.time_limit, "seed": options.seed}
    with tempfile.TemporaryDirectory(prefix="buildplan-") as name:
        folder = Path(name)
        write_problem(folder, matrix, settings, None)
        child = ChildProcess("optimizer.crosscheck.scip", name)
        late = None if options.time_limit is None else options.time_limit + 2 * GRACE_S
        try:
            told = child.said.get(timeout=late)
        except Empty:
            return Outcome("stopped", message="SCIP did not end in time")
        finally:
            child.end(grace_s=0.0)
        if told.get("event") != "end":
            return Outcome("failed", message=str(told.get("message")))
        x = read_solution(folder, told["solution"])
        return Outcome(told["status"], x, told["bound"], message=told["message"])


def loaded(matrix: Matrix) -> tuple[Any, list[Any]]:
    """A silent SCIP with a problem, and its variables in the order of the columns."""
    from pyscipopt import Model, quicksum

    scip = Model()
    scip.hideOutput()
    columns = zip(matrix.lower, matrix.upper, matrix.cost, matrix.whole, strict=True)
    variables = [
        scip.addVar(lb=low, ub=high, obj=cost, vtype="I" if whole else "C")
        for low, high, cost, whole in columns
    ]
    scip.addObjoffset(matrix.offset)
    rows = matrix.rows.tocsr()
    for i, (low, high) in enumerate(zip(matrix.row_lower, matrix.row_upper, strict=True)):
        part = slice(rows.indptr[i], rows.indptr[i + 1])
        entries = zip(rows.indices[part], rows.data[part], strict=True)
        body = quicksum(value * variables[j] for j, value in entries)
        if np.isfinite(low):
            scip.addCons(body >= low)
        if np.isfinite(high):
            scip.addCons(body <= high)
    return scip, variables


def solve(folder: Path) -> dict[str, Any]:
    """Solve the problem in a folder; how it ended."""
    matrix, settings, _ = read_problem(folder)
    scip, variables = loaded(matrix)
    scip.setParam("limits/gap", settings["gap"])
    scip.setParam("randomization/randomseedshift", settings["seed"])
    if settings["time_limit"] is not None:
        scip.setParam("limits/time", settings["time_limit"])
    scip.optimize()
    best = scip.getBestSol() if scip.getNSols() else None
    values = None if best is None else np.array([scip.getSolVal(best, one) for one in variables])
    bound = scip.getDualbound()
    return {
        "event": "end",
        "status": ENDINGS.get(scip.getStatus(), "failed"),
        "message": f"SCIP {scip.version()}: {scip.getStatus()}",
        "bound": bound if abs(bound) < scip.infinity() else None,
        "solution": None if values is None else write_solution(folder, "solution.npy", values),
    }


def _end_with_the_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Solve the problem in the folder that is named, and say how it ended."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    try:
        told = solve(Path(sys.argv[1]))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is told
        told = {"event": "failed", "message": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
