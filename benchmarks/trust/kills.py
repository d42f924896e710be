"""kill -9 at a random moment: nothing half-written is taken for whole, and no process is left."""

import signal
from pathlib import Path
from random import Random

from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import Run, bad
from benchmarks.trust.scenes import HURT, goes_on, half_written, moment, prepared


def attempt(seed: int, folder: Path) -> Outcome:
    """Kill a run, look at what it left, and make it again."""
    verb = HURT[seed % len(HURT)]
    after_s = moment(Random(f"kill {seed}"), verb)
    words, place = prepared(verb, folder)
    run = Run(folder, *words)
    run.hurt(signal.SIGKILL, after_s)
    code, _, _ = run.ended()
    if left := run.leftovers():
        return bad("processes left", verb, after_s, left)
    if spoilt := half_written(verb, place):
        return bad("half-written", verb, after_s, spoilt)
    if failed := goes_on(folder, words):
        return bad("not taken up again", verb, after_s, failed)
    return Outcome(f"{verb} {'killed' if code == -signal.SIGKILL else 'done before'}")
