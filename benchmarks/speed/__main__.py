"""How fast instances are solved, beside other ways: everything in one go, in one table.

    python -m benchmarks.speed [--budget 90] [--seeds 5] [--sizes NAME …] [--only WAY …]

Every run is a process of its own. Its figures are kept in the folder `--out`, so that the same
command continues where it ended; `table.md` and `table.json` there are written anew each time, and
`--picture` names the file for the growth curves. No run begins that could outlast the budget.
SCIP needs the extra `scip`, linopy the extra `benchmarks`; without them these rows are absent.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.speed import growth, loading, tables
from benchmarks.speed.cases import SHIPPED, SIZES, Case, cases, growing
from benchmarks.speed.results import Results
from benchmarks.speed.watching import watched
from benchmarks.speed.ways import WAYS

PARTS = ("loading", "solving", "growth")
DEFAULT_WAYS = ("buildplan", "highs", "scip", *loading.LOADERS)
NEEDS = {"scip": "pyscipopt", "linopy": "linopy"}
LATE = ("half", "six-continents", "twice", SHIPPED[1])
"""Sizes that come last, since they take most of the time."""

BUILD_S = 300.0
"""What building, loading and stopping may take beside the time for a solve [s]."""

LEAST_S = 10.0
"""No run begins with less than this beside the time for its solve [s]."""


@dataclass(frozen=True)
class Order:
    """A run to be done, and the longest that it may take [s]."""

    what: dict[str, Any]
    limit_s: float


def orders(asked: argparse.Namespace) -> Iterator[Order]:
    """All runs in turn: loading, sizes from the smallest, with growth before the largest."""
    ways = [way for way in asked.only if way not in NEEDS or find_spec(NEEDS[way])]
    solvers = [way for way in ways if way in WAYS]
    if "loading" in asked.parts:
        for columns in asked.flows:
            for way in (way for way in ways if way in loading.LOADERS):
                for run in range(1, asked.loads + 1):
                    yield Order({"flows": columns, "way": way, "run": run}, 2 * BUILD_S)
    late = [name for name in asked.sizes if name in LATE]
    small = cases([name for name in asked.sizes if name not in LATE], asked.seeds)
    if "solving" in asked.parts:
        yield from _solves(small, solvers, asked.time_limit)
    if "growth" in asked.parts and "buildplan" in solvers:
        yield from _solves(growing(asked.seeds), ["buildplan"], asked.time_limit)
    if "solving" in asked.parts:
        yield from _solves(cases(late, asked.seeds), solvers, asked.time_limit)


def _solves(found: list[Case], ways: list[str], time_limit: float | None) -> Iterator[Order]:
    for case in found:
        limited = case if time_limit is None else case._replace(time_s=time_limit)
        what = {**limited._asdict(), "size": list(limited.size)}
        for way in ways:
            if way == "scip" and case.name in LATE:  # minutes only to hand the rows over
                continue
            yield Order({"case": what, "way": way}, limited.time_s + BUILD_S)


def main() -> None:
    """Run what is missing, within the budget, and write the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    every = [*SIZES, *SHIPPED]
    parser.add_argument("--sizes", nargs="*", choices=every, default=every)
    parser.add_argument(
        "--only", nargs="*", choices=[*WAYS, *loading.LOADERS], default=DEFAULT_WAYS
    )
    parser.add_argument("--seeds", type=int, default=5, help="instances of each size")
    parser.add_argument("--flows", nargs="*", type=int, default=list(loading.SIZES))
    parser.add_argument("--loads", type=int, default=3, help="runs of each way of loading")
    parser.add_argument("--time-limit", type=float, help="for each solve [s]")
    parser.add_argument("--budget", type=float, default=90.0, help="for everything [minutes]")
    parser.add_argument("--out", type=Path, default=Path("speed-results"), help="folder")
    parser.add_argument("--picture", type=Path, help="SVG file for the growth curves")
    asked = parser.parse_args()
    results = Results(asked.out)
    ends = time.monotonic() + 60 * asked.budget
    left_out = 0
    for order in orders(asked):
        if results.has(order.what):
            continue
        left = ends - time.monotonic()
        if left < order.what.get("case", {}).get("time_s", 0.0) + LEAST_S:
            left_out += 1
            continue
        figures = watched(order.what, min(order.limit_s, left))
        if "failed" in figures and left < order.limit_s:  # ended by the budget, not by itself
            left_out += 1
            continue
        results.add(order.what, figures)
        print(json.dumps({"order": order.what, **figures}), file=sys.stderr, flush=True)
    print(written(results, asked.out, asked.picture))
    if left_out:
        print(f"{left_out} runs did not fit into the budget; the same command goes on with them")


def written(results: Results, folder: Path, picture: Path | None) -> str:
    """Write tables and picture of all results; the tables."""
    records = list(results.records.values())
    rows = tables.summarise(records)
    on = tables.machine()
    text = "\n\n".join(
        [
            ", ".join(f"{name} {value}" for name, value in on.items()),
            tables.loaded_table(records),
            tables.solved_table(row for row in rows if not row["growth"]),
            tables.solved_table(row for row in rows if row["growth"]),
        ]
    )
    (folder / "table.md").write_text(text + "\n")
    facts = {"machine": on, "rows": rows, "doubling": growth.ratios(rows), "runs": records}
    (folder / "table.json").write_text(json.dumps(facts, indent=1) + "\n")
    if picture is not None and growth.points(rows):
        growth.draw(rows, picture)
    return text


if __name__ == "__main__":
    main()
