"""How fast instances are solved, beside other ways: everything in one go, in one table.

    python -m benchmarks.speed [--budget 90] [--seeds 5] [--sizes NAME …] [--only WAY …]

Every run is a process of its own. Ours has two cores to itself; rivals, which use one, run two at
a time afterwards. Figures are kept in the folder `--out`, so that the same command continues where
it ended; `table.md` and `table.json` there are written anew each time, and `--picture` names the
file for the growth curves. No run begins that could outlast the budget: each has a longest time,
far above what it needs; one that takes longer is ended and told as failed. Rivals come with the
extra `benchmarks`; without it the rows of those that are missing are absent.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks.speed import growth, loading, tables
from benchmarks.speed.cases import EXPRESSIBLE, PATIENT, SHIPPED, SIZES, Case, cases, growing
from benchmarks.speed.lanes import CORES, Order, in_lanes
from benchmarks.speed.results import Results
from benchmarks.speed.ways import OURS, WAYS

PARTS = ("loading", "solving", "growth")
DEFAULT_WAYS = (OURS, loading.TO_PROCESS, "highs", "scip", "pypsa", "linopy", "appsi_highs")
NEEDS = {"scip": "pyscipopt", "linopy": "linopy", "pypsa": "pypsa"}

LAST = "twice"
"""The size that comes after everything else, and that rivals do not try."""

SMALL = ("southgate", "quarter")
"""Sizes that SCIP tries, with nothing scarce: the rows of larger ones take it minutes to load."""

BESIDE_S = 120.0
"""What building, loading, stopping and checking may take beside the time for a solve [s]."""

LOAD_S, LOAD_MILLION_S = 60.0, 240.0
"""What a run of loading may take: imports, and as much for each million flows [s]."""


def orders(asked: argparse.Namespace) -> Iterator[Order]:
    """All runs in turn: loading, then ours from the smallest size, then rivals."""
    ways = [way for way in asked.only if way not in NEEDS or find_spec(NEEDS[way])]
    if "loading" in asked.parts:
        for columns in asked.flows:
            for run in range(1, asked.loads + 1):  # in turn: who comes first pays for fresh memory
                for way in (way for way in ways if way in loading.LOADERS):
                    what = {"flows": columns, "way": way, "run": run}
                    yield Order(what, LOAD_S + LOAD_MILLION_S * columns / 1e6)
    found = cases(asked.sizes, asked.seeds)
    if "solving" in asked.parts and OURS in ways:
        yield from (ours(case, asked) for case in found if case.name != LAST)
    if "growth" in asked.parts and OURS in ways:
        yield from (ours(case, asked) for case in growing(asked.seeds))
    if "solving" in asked.parts:
        found.sort(key=lambda case: case.name not in PATIENT)
        rivals = [way for way in ways if way in WAYS and way != OURS]
        pairs = ((case, way) for case in found for way in rivals if tries(way, case))
        yield from (solving(case, way, asked, cores=1) for case, way in pairs)
        if OURS in ways:
            yield from (ours(case, asked) for case in found if case.name == LAST)


def tries(way: str, case: Case) -> bool:
    """True if a rival is tried on a case."""
    if way == "scip":
        return case.name in SMALL and case.regime == "even"
    if way == "pypsa":
        return case.name in EXPRESSIBLE
    return case.name not in (LAST, *EXPRESSIBLE)


def ours(case: Case, asked: argparse.Namespace) -> Order:
    """A run of ours, with all cores."""
    return solving(case, OURS, asked, CORES)


def solving(case: Case, way: str, asked: argparse.Namespace, cores: int) -> Order:
    """A run that solves a case one way."""
    time_s = case.time_s if way == OURS else PATIENT.get(case.name, case.time_s)
    limited = case._replace(time_s=asked.time_limit or time_s)
    what = {"case": {**limited._asdict(), "size": list(limited.size)}, "way": way}
    return Order(what, limited.time_s + BESIDE_S, cores)


def main() -> None:
    """Run what is missing, within the budget, and write the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    every = [*SIZES, *EXPRESSIBLE, *SHIPPED]
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
    missing = (order for order in orders(asked) if not results.has(order.what))
    for order, figures in in_lanes(missing, ends):
        if figures is None:
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
