"""Many operating states: contingencies on demand and scenarios side by side, or all in one model.

    python -m benchmarks.states [CASE ...]

A case is southgate-N, with the day in N slices, or one of `instances/studies/
six-continents-uncertain.yaml`. Southgate is solved both ways. Sizes of the whole are counted, not
built; `load` is that of the machine when a solve begins.
"""

import os
import resource
import subprocess
import sys
import time

from models.entities.method import Method
from models.instance import Instance
from optimizer import read_instance, solve
from optimizer.method import size
from optimizer.states import ADDED
from optimizer.study.reading import read_study

STUDY = "instances/studies/six-continents-uncertain.yaml"
DEFAULT = ("southgate-1", "southgate-4", "southgate-12", "southgate-24")
GAP, TIME_S = 0.01, 600.0

METHODS = ("decompose", "search")


def southgate(slices: int) -> Instance:
    """Southgate with slices of the day, the loss of any site, and three futures of demand."""
    hours = 24 // slices
    changes: dict[str, object] = {
        "contingencies": {"any-site": {"each": "site", "weight": 0.02}},
        "protection": [{"workload": "interactive", "share": 0.5, "price_usd_per_mtok": 20}],
        "scenarios": {
            "forecast": {"probability": 0.5},
            "boom": _future("demand.scale", 1.25),
            "bust": _future("demand.scale", 0.8),
        },
    }
    if slices > 1:
        parts = {f"utc-{h:02d}": {"from_hour": h, "hours": hours} for h in range(0, 24, hours)}
        changes["slices"] = parts
    return read_instance("instances/southgate").with_changes(changes)


def _future(path: str, factor: float) -> dict[str, object]:
    return {"probability": 0.25, "revealed": "2028-01", "changes": {path: factor}}


def made(name: str) -> tuple[Instance, float, float]:
    """The instance of a case, with its gap and time limit [s]."""
    if name.startswith("southgate-"):
        return southgate(int(name.partition("-")[2])), GAP, TIME_S
    study = read_study(STUDY)
    case = next(one for one in study.cases if one.name == name)
    return study.instance(case), study.gap or GAP, study.time_limit or TIME_S


def run(name: str, method: Method) -> None:
    """Solve a case one way and print a row."""
    inst, gap, time_s = made(name)
    load, began = os.getloadavg()[0], time.monotonic()
    plan = solve(inst, gap=gap, time_limit=time_s, method=method)
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    proven = "none" if plan.gap is None else f"{plan.gap:.2%}"
    added = plan.options.get(ADDED, "-")
    print(
        f"{name:14} {method:10} {time.monotonic() - began:6.0f} s  gap {proven:>6}  "
        f"{plan.objective_musd or 0.0:12,.1f} MUSD  states added {added:>4}  "
        f"{whole // 1024:6,} MB + solver {largest // 1024:6,} MB  load {load:4.1f}  "
        f"{'checked' if plan.verified else 'not checked'}",
        flush=True,
    )


def main(names: list[str]) -> None:
    """Count each case, and solve it in a process of its own for each way."""
    for name in names:
        inst, _, _ = made(name)
        futures = (inst.scenario_instances or {"": inst}).values()
        flows = sum(size(future) for future in futures)
        states = sum(len(set(future.twins.values())) for future in futures)
        print(f"{name}: all in one {flows:,} flows at most, {states:,} contingency states")
        for method in METHODS if name.startswith("southgate-") else METHODS[:1]:
            subprocess.run([sys.executable, "-m", "benchmarks.states", name, method], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[2] in METHODS:
        run(sys.argv[1], "decompose" if sys.argv[2] == METHODS[0] else "search")
    else:
        main(sys.argv[1:] or list(DEFAULT))
