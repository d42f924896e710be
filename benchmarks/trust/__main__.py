"""Try everything that must not go wrong, and print what came of it as a table.

    python -m benchmarks.trust [--part NAME] [--short] [--json] [--keep DIR] [--fresh]

Every try has a seed, so that what goes wrong can be tried again: --part NAME --seed N. What is
finished is kept in a folder, and not tried again by the next run, unless that is asked for. Ends
with 1 if anything went wrong.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.trust.kept import Kept
from benchmarks.trust.part import PARTS, Part
from benchmarks.trust.table import as_json, as_table
from benchmarks.trust.watch import Tally, watched


def main(words: list[str] | None = None) -> int:
    """Run the trial; the exit code."""
    asked = _parser().parse_args(words)
    parts = [PARTS[name] for name in asked.part or PARTS]
    if asked.seed is not None:
        tally = Tally()
        for part in parts:
            tally.add(watched(part, asked.seed, asked.seed + 1))
        print(json.dumps({"counts": tally.counts, "bad": tally.bad}, indent=2))
        return int(bool(tally.bad))
    kept = Kept(None if asked.short else asked.keep, fresh=asked.fresh)
    tallies = {}
    for part in parts:
        count = part.short if asked.short else asked.count or part.full
        print(f"{part.name}: {count:,}", file=sys.stderr, flush=True)
        tallies[part.name] = _run(part, count, kept, asked.jobs)
    print(as_json(tallies, kept) if asked.json else as_table(tallies, kept))
    return int(any(tally.bad for tally in tallies.values()))


def _run(part: Part, count: int, kept: Kept, jobs: int) -> Tally:
    """All batches of a part, some at the same time."""
    batches = [(first, min(first + part.batch, count)) for first in range(0, count, part.batch)]

    def one(batch: tuple[int, int]) -> Tally:
        known = kept.find(part, *batch)
        return known or kept.keep(part, *batch, watched(part, *batch))

    tally = Tally()
    with ThreadPoolExecutor(jobs) as pool:
        for batch in pool.map(one, batches):
            tally.add(batch)
    return tally


def _parser() -> argparse.ArgumentParser:
    text = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("benchmarks.trust", description=__doc__, formatter_class=text)
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this one")
    parser.add_argument("--short", action="store_true", help="a few of each; nothing is kept")
    parser.add_argument("--count", type=int, help="so many of each part, in place of its own")
    parser.add_argument("--seed", type=int, help="only this seed of the parts")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--jobs", type=int, default=2, help="processes at the same time")
    keep = Path("build/trust")
    parser.add_argument("--keep", type=Path, default=keep, help=f"folder; else {keep}")
    parser.add_argument("--fresh", action="store_true", help="try again what is kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())
