"""kill -9 at a random moment: nothing half-written is taken for whole, and no process is left."""

import signal
from pathlib import Path

from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import bad
from benchmarks.trust.scenes import goes_on, half_written, hurt


def attempt(seed: int, folder: Path) -> Outcome:
    """Kill a run, look at what it left, and make it again."""
    was = hurt(signal.SIGKILL, seed, folder)
    if left := was.run.leftovers():
        return bad("processes left", was.verb, was.after_s, left)
    if spoilt := half_written(was.verb, was.place):
        return bad("half-written", was.verb, was.after_s, spoilt)
    if failed := goes_on(folder, was.words):
        return bad("not taken up again", was.verb, was.after_s, failed)
    return Outcome(f"{was.verb} {'killed' if was.code == -signal.SIGKILL else 'done before'}")
