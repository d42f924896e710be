"""kill -9 at a random moment: nothing half-written is taken for whole, and no process is left."""

import signal
from pathlib import Path

from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import Run, bad, goes_on, half_written, prepared, verb_and_moment


def attempt(seed: int, folder: Path) -> Outcome:
    """Kill a run, look at what it left, and make it again."""
    verb, moment = verb_and_moment(seed, "kill")
    words, place = prepared(verb, folder)
    run = Run(folder, *words)
    run.hurt(signal.SIGKILL, moment)
    code, _, _ = run.ended()
    if left := run.leftovers():
        return bad("processes left", verb, moment, left)
    if spoilt := half_written(verb, place):
        return bad("half-written", verb, moment, spoilt)
    if failed := goes_on(folder, words):
        return bad("not taken up again", verb, moment, failed)
    return Outcome(f"{verb} {'killed' if code == -signal.SIGKILL else 'done before'}")
