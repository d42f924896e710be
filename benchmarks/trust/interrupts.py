"""Ctrl-C at a random moment: exit code 130 and words, or done; nothing half-written, none left."""

import signal
from pathlib import Path

from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import bad
from benchmarks.trust.scenes import half_written, hurt


def attempt(seed: int, folder: Path) -> Outcome:
    """Interrupt a run, and look at how it ends and what it leaves."""
    was = hurt(signal.SIGINT, seed, folder)
    said = f"{was.verb} after {was.after_s:.2f} s: exit code {was.code}\n{was.err[-1500:]}"
    wrong = {
        "processes left": was.run.leftovers(),
        "traceback": "Traceback" in was.err,
        f"exit code {was.code}": was.code not in (0, 130, -signal.SIGINT),
        "silence": was.code == 130 and not was.err.strip(),
        "the cursor stays hidden": "\x1b[?25l" in was.out + was.err,
        "half-written": half_written(was.verb, was.place),
    }
    for kind, fact in wrong.items():
        if fact:
            return bad(kind, said, fact)
    return Outcome(f"{was.verb} {'done before' if was.code == 0 else 'interrupted'}")
