"""What more workers gain where states are answered and scenarios are searched side by side.

    python -m benchmarks.scaling [CASE ...]

A case is one of `benchmarks.states`. Of `southgate-N` and `protected` all contingency states of one
future are answered for a fleet, that of a plan without them; `southgate-1` has its three scenarios
searched. Workers are threads with a solver process each (`here`), or single-threaded Dask workers
on this machine, started before the clock is (`dask`). Each row is the median of three runs. The
processor time is that of all processes; `parent` is its part in the process that hands out, which
for Dask has the scheduler in it. `peak` is the most that all processes had in memory at a time,
pages that they share counted for each.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import psutil

from benchmarks.processes import peak_memory, processor_s
from benchmarks.shipped import machine
from benchmarks.states import GAP, made
from models.instance import Instance
from models.standing import Fleet
from optimizer import read_instance, solve
from optimizer.cluster.crew import ClusterCrew
from optimizer.highs import Crew
from optimizer.options import resolve
from optimizer.own import compile_with
from optimizer.solve import Tools, solve_with
from optimizer.states import evaluate

DEFAULT = ("southgate-1", "southgate-24", "protected")
SEARCHED = "southgate-1"
RUNS = 3
SAME = 1e-9
"""Answers that differ by less differ by the order in which costs are added up [ratio]."""

ROUGH = 0.05
"""Gap of the plan whose fleet is asked; any fleet would do [ratio]."""

Work = Callable[[Crew, int], float]
"""With solvers, and cores for them here, does what is measured; returns a figure of what it found:
what all costs, and what is missing of work that may not be."""


@dataclass(frozen=True)
class Run:
    """What a run took [s, MB]."""

    wall_s: float
    cpu_s: float
    parent_s: float
    peak_mb: float


def answering(name: str) -> Work:
    """Answer the contingency states of a case, of its first future, for a fleet."""
    inst, _, _ = made(name)
    inst = next(iter(inst.scenario_instances.values()), inst)
    fleet = fleet_for("southgate" if name.startswith("southgate") else "six-continents")

    def answered(crew: Crew, threads: int) -> float:
        found = evaluate(crew, inst, fleet, threads)
        missing = sum(answer.unserved_mtok_s for answer in found.answers.values())
        return sum(found.musd.values()) + missing

    return answered


def fleet_for(name: str) -> Fleet:
    """The fleet of a plan of a shipped instance."""
    plan = solve(read_instance(f"instances/{name}"), gap=ROUGH)
    online, orders = (
        {(s, u, t): float(units) for s, u, t, units in plan.table(one).itertuples(index=False)}
        for one in ("online", "orders")
    )
    return Fleet(online, orders, {}, {})


def searching(name: str) -> Work:
    """Search the scenarios of a case, each with its states on demand."""
    inst, _, _ = made(name)
    return partial(_searched, inst)


def _searched(inst: Instance, crew: Crew, threads: int) -> float:
    options = resolve(inst, gap=GAP, threads=threads, method="decompose")
    plan = solve_with(Tools(crew, partial(compile_with, ())), inst, options)
    if plan.objective_musd is None:
        raise SystemExit(f"no plan: {', '.join(plan.reasons)}")
    return plan.objective_musd


def cpu_s() -> tuple[float, float]:
    """Processor time of all processes that are and have been, and of this one alone [s]."""
    return processor_s(), sum(psutil.Process().cpu_times()[:2])


def measured(work: Work, crew: Crew, threads: int) -> tuple[Run, float]:
    """One run, and what it found."""
    with peak_memory() as peak:
        began, (all_before, own_before) = time.monotonic(), cpu_s()
        cost = work(crew, threads)
        wall, (all_after, own_after) = time.monotonic() - began, cpu_s()
    run = Run(wall, all_after - all_before, own_after - own_before, peak[-1] / 2**20)
    return run, cost


def row(name: str, work: Work, where: str, workers: int) -> set[float]:
    """Print the median of the runs with so many workers; returns what they found."""
    open_crew = Crew() if where == "here" else ClusterCrew("local", workers)
    with open_crew as crew:
        threads = workers if where == "here" else 1
        runs, costs = zip(*(measured(work, crew, threads) for _ in range(RUNS)), strict=True)
    wall, cpu, parent, peak = (
        statistics.median(getattr(run, one) for run in runs)
        for one in ("wall_s", "cpu_s", "parent_s", "peak_mb")
    )
    cells = f"{wall:.2f} | {cpu:.2f} | {parent:.2f} | {peak:,.0f}"
    print(f"| {name} | {where} | {workers} | {cells} |", flush=True)
    return set(costs)


def main(names: list[str]) -> None:
    """Print the rows of each case; ends where answers differ."""
    print(f"{machine()}\n")
    print("| case | where | workers | time [s] | processor [s] | parent [s] | peak [MB] |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name in names:
        work = searching(name) if name == SEARCHED else answering(name)
        found: set[float] = set()
        for where in ("here", "dask"):
            for workers in (1, 2, 4):
                found |= row(name, work, where, workers)
        if max(found) - min(found) > SAME * abs(max(found)):
            raise SystemExit(f"answers differ: {found}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(DEFAULT))
