"""Ctrl-C at a random moment: exit code 130 and words, or done; nothing half-written, none left."""

import signal
from pathlib import Path
from random import Random

from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import Run, bad
from benchmarks.trust.scenes import HURT, half_written, moment, prepared


def attempt(seed: int, folder: Path) -> Outcome:
    """Interrupt a run, and look at how it ends and what it leaves."""
    verb = HURT[seed % len(HURT)]
    after_s = moment(Random(f"interrupt {seed}"), verb)
    words, place = prepared(verb, folder)
    run = Run(folder, *words)
    run.hurt(signal.SIGINT, after_s)
    code, out, err = run.ended()
    said = f"{verb} after {after_s:.2f} s: exit code {code}\n{err[-1500:]}"
    wrong = {
        "processes left": run.leftovers(),
        "traceback": "Traceback" in err,
        f"exit code {code}": code not in (0, 130, -signal.SIGINT),
        "silence": code == 130 and not err.strip(),
        "the cursor stays hidden": "\x1b[?25l" in out + err,
        "half-written": half_written(verb, place),
    }
    for kind, fact in wrong.items():
        if fact:
            return bad(kind, said, fact)
    return Outcome(f"{verb} {'done before' if code == 0 else 'interrupted'}")
