"""200 what-ifs of southgate, as a study and as a plain loop: `python -m benchmarks.studies`.

The plain loop reads the instance, changes it, builds the model with streams unmerged, and solves it
cold through Pyomo's own interface to HiGHS, one case after the other, to the same gap. It may run
on every n-th case only (`--every n`); its time is then counted n times.
"""

import argparse
import tempfile
import time
from pathlib import Path

import pyomo.environ as pyo

from benchmarks.shipped import machine
from models.build import build_model
from optimizer import read_instance
from optimizer.study.case import Case, Study
from optimizer.study.reading import read_study
from optimizer.study.run import run_study

FILE = "instances/studies/southgate-200.yaml"

Interval = tuple[float, float]
"""Proven bound and cost of a case [MUSD]."""


def study_seconds(study: Study, folder: Path, *, cold: bool) -> tuple[float, dict[str, Interval]]:
    """Time for the whole study [s], and bound and cost of each case [MUSD]."""
    began = time.monotonic()
    run = run_study(study, out=folder, workers=2, cold=cold)
    found = {r.case.name: (r.summary["bound_musd"], r.summary["objective_musd"]) for r in run}
    return time.monotonic() - began, found


def plain_solve(case: Case, source: str, gap: float) -> tuple[float, Interval]:
    """Time for one case in a plain loop [s], with its bound and cost [MUSD]."""
    began = time.monotonic()
    inst = read_instance(source).with_changes(dict(case.changes))
    model = build_model(inst)
    solver = pyo.SolverFactory("appsi_highs")
    solver.options["mip_rel_gap"] = gap
    result = solver.solve(model)
    seconds = time.monotonic() - began
    return seconds, (result.problem.lower_bound, result.problem.upper_bound)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="plain loop on every n-th case only")
    every = parser.parse_args().every
    began = time.monotonic()
    study = read_study(FILE)
    reading = time.monotonic() - began
    gap = study.gap or 0.0
    print(machine())
    print(f"{len(study.cases)} cases, gap {gap:.1%}; reading and checking them {reading:.1f} s")
    with tempfile.TemporaryDirectory() as name:
        warm, found = study_seconds(study, Path(name, "warm"), cold=False)
        print(f"study, 2 workers              {warm:8.1f} s  {warm / len(found):6.2f} s a case")
        cold, again = study_seconds(study, Path(name, "cold"), cold=True)
        print(f"the same, --cold              {cold:8.1f} s  {cold / len(found):6.2f} s a case")
    print(f"cases whose intervals overlap {overlapping(found, again)} of {len(found)}")
    chosen = study.cases[::every]
    plain = 0.0
    others = {}
    for case in chosen:
        seconds, others[case.name] = plain_solve(case, "instances/southgate", gap)
        plain += seconds
    each = plain / len(chosen)
    print(f"plain loop, {len(chosen):4} cases         {plain:8.1f} s  {each:6.2f} s a case")
    print(f"cases whose intervals overlap {overlapping(found, others)} of {len(others)}")
    ours = (warm + reading) / len(found)
    print(f"throughput against the plain loop: {each / ours:.1f} times, reading included")


def overlapping(one: dict[str, Interval], other: dict[str, Interval]) -> int:
    """Cases for which both answers can be right: their intervals of bound and cost overlap."""
    slack = 1e-6
    return sum(
        max(one[name][0], low) <= min(one[name][1], high) * (1 + slack)
        for name, (low, high) in other.items()
    )


if __name__ == "__main__":
    main()
