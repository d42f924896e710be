"""Time, gap and memory of the shipped instances.

    python -m benchmarks.shipped [--runs 3] [--gap 0.01] [NAME ...]

Each run is a process of its own; the table gives medians, and the worst memory of a run: the most
that it and all its solver processes had at a time, pages that they share counted for each.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.processes import peak_memory

INSTANCES = ("tiny", "southgate", "six-continents")
COLUMNS = (
    "first plan s",
    "checked s",
    "total s",
    "read",
    "build",
    "solve",
    "verify",
    "gap %",
)


def measure(name: str, gap: float | None) -> dict[str, Any]:
    """Solve one instance in this process and return what it took."""
    import time

    from optimizer import read_instance, solve
    from optimizer.solve import CHECKED

    first: dict[str, float] = {}

    def heard(news: Any) -> None:
        if news.objective is not None:
            first.setdefault("plan", news.seconds)
        if news.stage == CHECKED:
            first.setdefault("checked", news.seconds)

    began = time.monotonic()
    inst = read_instance(Path("instances") / name)
    read = time.monotonic() - began
    plan = solve(inst, gap=gap, on_progress=heard, read_seconds=read)
    before = plan.seconds["read"] + plan.seconds["build"]
    return {
        "first plan s": before + first.get("plan", 0.0),
        "checked s": before + first.get("checked", 0.0),
        "total s": plan.seconds["total"],
        **{part: plan.seconds[part] for part in ("read", "build", "solve", "verify")},
        "gap %": 100 * (plan.gap or 0.0),
        "verified": plan.verified,
    }


def machine() -> str:
    """What the figures were measured with."""
    from optimizer.highs import version

    return f"Python {platform.python_version()}, HiGHS {version()}, {os.cpu_count()} cores"


def main() -> None:
    """Run the benchmark and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=INSTANCES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--gap", type=float, help="instead of what the instance asks for")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        json.dump(measure(asked.one, asked.gap), sys.stdout)
        return
    print(machine())
    print(f"{'instance':16}" + "".join(f"{column:>14}" for column in (*COLUMNS, "MB")))
    for name in asked.names:
        runs = [_run(name, asked.gap) for _ in range(asked.runs)]
        assert all(run["verified"] for run in runs), f"{name}: a plan did not pass the checker"
        figures = [statistics.median(run[column] for run in runs) for column in COLUMNS]
        figures.append(max(run["MB"] for run in runs))
        print(f"{name:16}" + "".join(f"{figure:14.2f}" for figure in figures), flush=True)


def _run(name: str, gap: float | None) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.shipped", "--one", name]
    command += [] if gap is None else ["--gap", str(gap)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with child, peak_memory(child.pid) as peak:
        said, _ = child.communicate()
    if child.returncode:
        raise SystemExit(f"{name}: the run ended with code {child.returncode}")
    return {**json.loads(said), "MB": peak[-1] / 2**20}


if __name__ == "__main__":
    main()
