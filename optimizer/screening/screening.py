"""Screening: what is known of an instance before any plan is looked for."""

import time
from collections.abc import Iterator
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
from optimizer.screening.finding import Finding
from optimizer.screening.relaxations import dear, falling_short, unreachable
from optimizer.search.pace import is_large

LONGEST_S = 60.0
"""Longest time for one relaxation [s]; what it would have told is left out then."""


@dataclass(frozen=True)
class Screening:
    """What a screening found.

    Attributes:
        findings: those that prove that there is no plan first.
        places: for each finding the same as a problem, with file, line and column.
        seconds: how long it took [s].
    """

    findings: tuple[Finding, ...]
    places: tuple[Problem, ...]
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
        return {"proves_no_plan": self.proves_no_plan, "findings": rows, "seconds": self.seconds}


def screen(inst: Instance, *, threads: int | None = None) -> Screening:
    """What bounds tell of an instance: what no plan can reach, and what is worth knowing.

    Linear relaxations and counting only; no whole-number problem is solved. Of an instance with
    scenarios each is screened by itself: where one has no plan, there is none for all.

    Raises SolveError if the solver fails.
    """
    began = time.monotonic()
    futures = inst.scenario_instances or {"": inst}
    found: list[Finding] = []
    cores = resolve(inst, None, None, threads, None).threads
    with highs.Crew() as crew:
        for name, future in futures.items():
            where = f"in scenario {name}: " if name else ""
            told = _findings(crew, future, cores)
            found += [one._replace(message=where + one.message) for one in told]
    found = sorted(dict.fromkeys(found), key=lambda one: not one.proves_no_plan)
    places = [located(inst, [_problem(one)])[0] for one in found]
    return Screening(tuple(found), tuple(places), time.monotonic() - began)


def _findings(crew: highs.Crew, inst: Instance, threads: int) -> Iterator[Finding]:
    compiled = compile_with((), inst)

    def solve(matrix: Matrix) -> highs.Outcome:
        job = highs.Job(matrix, method="simplex", time_limit=LONGEST_S, threads=threads)
        return crew.run(replace(job, method="ipm") if is_large(len(matrix.cost)) else job)

    yield from counted(compiled.model, inst)
    proved = list(unreachable(compiled, solve))
    yield from proved
    if not proved:
        yield from falling_short(compiled, solve)
        yield from _dear(compiled, solve)


def _dear(compiled: CompiledModel, solve: Any) -> Iterator[Finding]:
    """What is dear, where the only goal is money."""
    goals = OBJECTIVES[compiled.inst.objective]
    if len(goals) == 1 and goals[0] in MONEY:
        yield from dear(compiled, solve)


def _problem(finding: Finding) -> Problem:
    severity = "error" if finding.proves_no_plan else "warning"
    return Problem(finding.path, finding.message, severity)  # type: ignore[arg-type]
