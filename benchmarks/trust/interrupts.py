"""Ctrl-C at a random moment: exit code 130 and words, or done; nothing half-written, none left."""

import signal
from pathlib import Path

from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import Run, bad, half_written, prepared, verb_and_moment


def attempt(seed: int, folder: Path) -> Outcome:
    """Interrupt a run, and look at how it ends and what it leaves."""
    verb, moment = verb_and_moment(seed, "interrupt")
    words, place = prepared(verb, folder)
    run = Run(folder, *words)
    run.hurt(signal.SIGINT, moment)
    code, out, err = run.ended()
    said = f"{verb} after {moment:.2f} s: exit code {code}\n{err[-1500:]}"
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
