"""The child process: loads one problem after the other into HiGHS, solves it, says how it goes.

Started as `python -m optimizer.highs.child`. Reads lines from standard input: 'solve FOLDER',
'stop FOLDER' and, after a beat, 'go FOLDER'; ends when the input ends, whatever it is doing, and
removes the folder of the job in hand. Writes one JSON object a line to standard output.
"""

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import highspy
import numpy as np

from optimizer.highs.dive import dive
from optimizer.highs.files import read_extra, read_problem, write_cuts, write_solution
from optimizer.highs.tighten import tighten
from optimizer.hubs import Hubs, with_hubs
from optimizer.matrix import Floats, Matrix

_PIPE = os.dup(1)
"""The way to the parent; what the solver itself prints goes to standard error."""

FINE = 1e-10
"""The least tolerance that HiGHS has [row's unit, or part of a whole]."""

ROOT_STEPS = 10
"""How many steps one at the root counts as."""

LOGGED_S = 1.0
"""Time between two reports of the bound of branch and bound [s]."""

LP_METHODS = {
    "ipm": ("ipx", "off"),
    "simplex": ("simplex", "on"),
    "cuts": ("ipx", "on"),
    "dive": ("ipx", "on"),
}

FAR_OFF = 1e-3
"""A reduced cost of the wrong sign beyond this is no matter of precision [MUSD per unit]."""

ENDINGS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kTimeLimit: "stopped",
    highspy.HighsModelStatus.kInterrupt: "stopped",
    highspy.HighsModelStatus.kIterationLimit: "stopped",
    highspy.HighsModelStatus.kSolutionLimit: "stopped",
    highspy.HighsModelStatus.kObjectiveTarget: "stopped",
}


def say(event: str, **facts: object) -> None:
    """Tell the parent something, on the one pipe that nothing else may write to."""
    os.write(_PIPE, (json.dumps({"event": event, **facts}) + "\n").encode())


def load(matrix: Matrix, settings: dict[str, Any]) -> highspy.Highs:
    """A solver with the problem and options loaded; each is read back and compared."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": settings["threads"],
        "random_seed": settings["seed"],
        "presolve": "choose" if settings["presolve"] else "off",
    }
    if settings["time_limit"] is not None:
        options["time_limit"] = float(settings["time_limit"])
    if settings["method"] == "mip":
        options |= {"mip_rel_gap": settings["gap"], "mip_feasibility_tolerance": 1e-7}
        options |= {"mip_min_logging_interval": LOGGED_S, "mip_allow_restart": settings["restart"]}
        if settings["node_limit"] is not None:
            options["mip_max_nodes"] = settings["node_limit"]
        if settings["target"] is not None:
            options["objective_target"] = float(settings["target"])
        if settings["root_by_ipm"]:
            options["mip_lp_solver"] = "ipm"
    else:
        options["solver"], options["run_crossover"] = LP_METHODS[settings["method"]]
    if settings["fine"]:
        options |= {"primal_feasibility_tolerance": FINE, "mip_feasibility_tolerance": FINE}
    for name, value in options.items():
        status = solver.setOptionValue(name, value)
        if status != highspy.HighsStatus.kOk or solver.getOptionValue(name)[1] != value:
            raise RuntimeError(f"HiGHS did not take the option {name} = {value}")
    whole = matrix.whole if settings["method"] == "mip" else np.zeros_like(matrix.whole)
    rows = matrix.rows
    status = solver.passModel(
        *(rows.shape[1], rows.shape[0], rows.nnz),
        *(int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), matrix.offset),
        *(matrix.cost, matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper),
        *(rows.indptr, rows.indices, rows.data, whole.astype(np.int32)),
    )
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS refused the problem")
    if solver.getNumNz() != matrix.rows.nnz:
        raise RuntimeError("HiGHS dropped coefficients of the problem; its numbers are too small")
    return solver


class Orders:
    """What the parent asks for; a parent that is gone wants nothing any more."""

    def __init__(self) -> None:
        self.folders: Queue[str] = Queue()
        self.stopped: set[str] = set()
        self.leave: Queue[str] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        last = ""
        for line in sys.stdin:
            word, _, folder = line.rstrip("\n").partition(" ")
            if word == "solve":
                last = folder
                self.folders.put(folder)
            elif word == "go":
                self.leave.put(folder)
            else:
                self.stopped.add(folder)
        if last:
            shutil.rmtree(last, ignore_errors=True)
        os._exit(0)

    def stops(self, folder: str) -> Callable[[], bool]:
        """Says whether the job in a folder is to stop."""
        return lambda: folder in self.stopped

    def goes_on(self, folder: str) -> bool:
        """Wait for leave to go on with the job in a folder; False if it is to stop."""
        while folder not in self.stopped:
            with suppress(Empty):
                if self.leave.get(timeout=0.1) == folder:
                    return True
        return False


def watch(solver: highspy.Highs, folder: Path, stops: Callable[[], bool]) -> None:
    """Report plans and bounds as they come, and interrupt when told to.

    Each plan has a file of its own, so that whoever is slow to read sees the same ones.
    """
    numbers = count(1)

    def improved(event: Any) -> None:
        out = event.data_out
        name = write_solution(folder, f"plan-{next(numbers)}.npy", np.array(out.mip_solution))
        say("progress", plan=name, **_figures(out))

    def logged(event: Any) -> None:
        say("progress", **_figures(event.data_out))

    def interrupt(event: Any) -> None:
        if stops():
            event.interrupt()

    solver.cbMipImprovingSolution.subscribe(improved)
    solver.cbMipLogging.subscribe(logged)
    for callback in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
        callback.subscribe(interrupt)


def keep_time(solver: highspy.Highs, beat: int, goes_on: Callable[[], bool]) -> None:
    """Ask for leave to go on after every so many steps, and say how far it has come.

    A step is a look at its limits by branch and bound; one of the root, which takes longer, counts
    as ROOT_STEPS.
    """
    steps, asked = 0, 0

    def heard(event: Any) -> None:
        nonlocal steps, asked
        steps += 1 if event.data_out.mip_node_count else ROOT_STEPS
        if steps // beat > asked:
            asked = steps // beat
            say("beat", beats=asked, **_figures(event.data_out))
            if not goes_on():
                event.interrupt()

    solver.cbMipInterrupt.subscribe(heard)


def _figures(out: Any) -> dict[str, float]:
    pairs = {"objective": out.mip_primal_bound, "bound": out.mip_dual_bound}
    return {name: value for name, value in pairs.items() if abs(value) < highspy.kHighsInf}


def finish(
    solver: highspy.Highs,
    folder: Path,
    mip: bool,
    hubs: Hubs | None = None,
    **facts_known: object,
) -> None:
    """Say how the solve ended, and leave the solution on disk, without hubs."""
    model_status = solver.getModelStatus()
    info, solution = solver.getInfo(), solver.getSolution()
    facts: dict[str, object] = {
        "status": ENDINGS.get(model_status, "failed"),
        "message": solver.modelStatusToString(model_status),
        "solution": None,
        **facts_known,
        "iterations": max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0),
    }
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if solution.value_valid and (feasible or not mip):
        x = np.array(solution.col_value)
        facts["solution"] = write_solution(folder, "solution.npy", hubs.expand(x) if hubs else x)
    if mip and abs(info.mip_dual_bound) < highspy.kHighsInf:
        facts["bound"] = info.mip_dual_bound
    if not mip and solution.dual_valid:
        duals = np.array(solution.row_dual)
        kept = hubs.duals(duals) if hubs else duals
        facts["row_duals"] = write_solution(folder, "duals.npy", kept)
    say("end", **facts)


def set_start(solver: highspy.Highs, matrix: Matrix, start: Floats) -> None:
    """Give the whole-number part of a plan to start from; HiGHS completes it."""
    index = np.flatnonzero(matrix.whole).astype(np.int32)
    solver.setSolution(len(index), index, np.round(start[index]))


def solve(folder: Path, stops: Callable[[], bool], goes_on: Callable[[], bool]) -> None:
    """Solve the problem in a job's folder; ask for leave to go on at each beat, if it has any."""
    matrix, settings, start = read_problem(folder)
    if settings["method"] == "cuts":
        _solve_with_cuts(folder, matrix, settings, stops)
        return
    if settings["method"] == "ipm":
        _solve_with_hubs(folder, matrix, settings, stops)
        return
    solver = load(matrix, settings)
    watch(solver, folder, stops)
    if settings["beat"] is not None:
        keep_time(solver, settings["beat"], goes_on)
    if start is not None and settings["method"] == "mip":
        set_start(solver, matrix, start)
    if settings["method"] == "dive":
        dive(solver, matrix, read_extra(folder))
    else:
        solver.run()
    finish(solver, folder, settings["method"] == "mip")


def _solve_with_hubs(
    folder: Path, matrix: Matrix, settings: dict[str, Any], stops: Callable[[], bool]
) -> None:
    hubs = with_hubs(matrix)
    solver = load(hubs.matrix, settings)
    watch(solver, folder, stops)
    solver.run()
    unknown = solver.getModelStatus() == highspy.HighsModelStatus.kUnknown
    if unknown and settings["presolve"] and solver.getInfo().max_dual_infeasibility > FAR_OFF:
        # Duals that presolve restores can be far off; those of the problem as it stands are not.
        solver.setOptionValue("presolve", "off")
        solver.run()
    finish(solver, folder, mip=False, hubs=hubs)


def _solve_with_cuts(
    folder: Path, matrix: Matrix, settings: dict[str, Any], stops: Callable[[], bool]
) -> None:
    extra = read_extra(folder)

    def prepared(problem: Matrix) -> highspy.Highs:
        solver = load(problem, settings)
        watch(solver, folder, stops)
        return solver

    found = tighten(prepared, matrix, extra["kept"], extra["relaxed"])
    if found is None:
        say("end", status="stopped", message="no cuts", iterations=0)
        return
    solver, cuts = found
    finish(solver, folder, mip=False, cuts=write_cuts(folder, cuts))


def main() -> None:
    """Solve what the parent asks for until it asks no more."""
    orders = Orders()
    while True:
        folder = orders.folders.get()
        solve(Path(folder), orders.stops(folder), partial(orders.goes_on, folder))


if __name__ == "__main__":
    os.dup2(2, 1)
    main()
