"""Too little memory, or no room on the disk: one clear line, exit code 4, nothing half-written."""

import resource
from pathlib import Path
from random import Random

from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import Run, bad, half_written, prepared

MEMORY_MB = (250, 400, 600, 800, 1000, 1300, 1600)
"""Limits on address space that are tried; Python and its libraries alone need some of them [MB]."""

FILE_KB = (0, 1, 2, 4, 8, 16, 64)
"""Limits on the size of a file, which is what a full disk looks like [kB]."""


def attempt(seed: int, folder: Path) -> Outcome:
    """Run a verb with a limit, and look at how it ends and what it leaves."""
    dice = Random(f"shortage {seed}")
    verb = ("solve", "study", "report")[seed % 3]
    words, place = prepared(verb, folder)
    memory = dice.random() < 0.5
    amount = dice.choice(MEMORY_MB) * 2**20 if memory else dice.choice(FILE_KB) * 2**10
    kind = resource.RLIMIT_AS if memory else resource.RLIMIT_FSIZE
    what = f"{verb}, {'memory' if memory else 'files'} of {amount:,} bytes"
    run = Run(folder, *words, limit=(kind, amount))
    code, _, err = run.ended()
    said = f"{what}: exit code {code}\n{err[-1500:]}"
    if left := run.leftovers():
        return bad("processes left", said, left)
    if "Traceback" in err and "optimizer/cli" in err:
        return bad("traceback", said)
    if code not in (0, 2, 3, 4) and "Traceback" not in err:
        return bad(f"exit code {code}", said)
    if spoilt := half_written(verb, place):
        return bad("half-written", said, spoilt)
    return Outcome(f"{verb}: exit code {code}")
