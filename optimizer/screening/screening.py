"""Screening: what is known of an instance before any plan is looked for."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from models.instance import Instance
from models.objectives import MONEY, OBJECTIVES
from models.problems import Problem
from optimizer import highs
from optimizer.compiling import CompiledModel
from optimizer.instance_io import located
from optimizer.matrix import Matrix
from optimizer.options import resolve
from optimizer.own import compile_with
from optimizer.screening.counting import counted
from optimizer.screening.dear import dear
from optimizer.screening.finding import Finding
from optimizer.screening.ranges import Range, ranges, together
from optimizer.screening.relaxations import falling_short, unreachable
from optimizer.search.pace import is_large

LONGEST_S = 60.0
"""Longest time for one relaxation [s]."""


@dataclass(frozen=True)
class Screening:
    """What a screening found.

    Attributes:
        findings: those that prove that there is no plan first.
        places: for each finding the same as a problem, with file, line and column.
        ranges: how far apart the figures of each family of rules lie.
        unanswered: how many relaxations had no answer in time; what they would have told is left
            out.
        seconds: how long it took [s].
    """

    findings: tuple[Finding, ...]
    places: tuple[Problem, ...]
    ranges: tuple[Range, ...]
    unanswered: int
    seconds: float

    @property
    def proves_no_plan(self) -> bool:
        """True if no plan exists; False says nothing."""
        return any(one.proves_no_plan for one in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        pairs = zip(self.findings, self.places, strict=True)
        rows = [
            {
                "kind": one.kind,
                "proves_no_plan": one.proves_no_plan,
                "path": ".".join(map(str, one.path)),
                "file": place.file,
                "line": place.line,
                "message": one.message,
            }
            for one, place in pairs
        ]
        return {
            "proves_no_plan": self.proves_no_plan,
            "findings": rows,
            "ranges": [one.as_dict() for one in self.ranges],
            "unanswered": self.unanswered,
            "seconds": self.seconds,
        }


def screen(inst: Instance, *, threads: int | None = None) -> Screening:
    """What bounds tell of an instance: what no plan can reach, and what is worth knowing.

    Linear relaxations and counting only; no whole-number problem is solved. Of an instance with
    scenarios each is screened by itself: where one has no plan, there is none for all.

    Raises SolveError if the solver fails.
    """
    began = time.monotonic()
    futures = inst.scenario_instances or {"": inst}
    found: list[Finding] = []
    sizes: list[Range] = []
    with highs.Crew() as crew:
        solver = _Solver(crew, resolve(inst, None, None, threads, None).threads)
        for name, future in futures.items():
            where = f"in scenario {name}: " if name else ""
            compiled = compile_with((), future)
            sizes += ranges(compiled)
            told = _findings(solver, compiled)
            found += [one._replace(message=where + one.message) for one in told]
    placed = [(one, located(inst, [_problem(one)])[0]) for one in dict.fromkeys(found)]
    placed.sort(key=lambda pair: (not pair[0].proves_no_plan, pair[1].file, pair[1].line))
    return Screening(
        tuple(one for one, _ in placed),
        tuple(place for _, place in placed),
        together(sizes),
        solver.unanswered,
        time.monotonic() - began,
    )


class _Solver:
    """Solves relaxations, and counts those that had no answer in time."""

    def __init__(self, crew: highs.Crew, threads: int) -> None:
        self.crew, self.threads, self.unanswered = crew, threads, 0

    def __call__(self, matrix: Matrix) -> highs.Outcome:
        """Solve one; a large one by interior point."""
        job = highs.Job(matrix, method="simplex", time_limit=LONGEST_S, threads=self.threads)
        job = replace(job, method="ipm") if is_large(len(matrix.cost)) else job
        outcome = self.crew.run(job)
        self.unanswered += outcome.status in ("stopped", "failed")
        return outcome


def _findings(solver: _Solver, compiled: CompiledModel) -> Iterator[Finding]:
    yield from counted(compiled.model, compiled.inst)
    proved = list(unreachable(compiled, solver))
    yield from proved
    if not proved:
        with ThreadPoolExecutor(2) as pool:
            told = [pool.submit(list, part(compiled, solver)) for part in (falling_short, _dear)]
            for one in told:
                yield from one.result()


def _dear(compiled: CompiledModel, solver: _Solver) -> Iterator[Finding]:
    """What is dear, where the only goal is money."""
    goals = OBJECTIVES[compiled.inst.objective]
    if len(goals) == 1 and goals[0] in MONEY:
        yield from dear(compiled, solver)


def _problem(finding: Finding) -> Problem:
    severity = "error" if finding.proves_no_plan else "warning"
    return Problem(finding.path, finding.message, severity)  # type: ignore[arg-type]
