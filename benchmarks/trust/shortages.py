"""Too little memory, or no room on the disk: one clear line, exit code 4, nothing half-written.

By turns the address space is limited from the start; or limited at some moment to little more than
what is in use then, of all processes or of the solver alone; or files may not be large; or the disk
of the result, of temporary files, or of both is small.
"""

import resource
from pathlib import Path
from random import Random

from benchmarks.trust.disk import small_disk
from benchmarks.trust.part import Outcome
from benchmarks.trust.runs import AMPLE, Run, bad, complaints
from benchmarks.trust.scenes import VERBS, goes_on, half_written, moment, prepared
from optimizer.cli.endings import Ending

MEMORY_MB = (30, 100, 200, 300, 400, 440, 450, 460, 470, 480, 500, 550, 600, 700, 800)
"""Limits on address space that are tried; Python and its libraries alone need 430 [MB]."""

MORE_MB = (0, 1, 4, 16, 64, 128)
"""How much is left when memory is limited while it runs [MB]."""

FILE_KB = (0, 1, 2, 4, 8, 16, 64)
"""Limits on the size of a file [kB]."""

DISK_KB = (8, 40, 100, 200, 400, 800)
"""Sizes of disks [kB]."""

KINDS = ("memory", "memory later", "the solver's memory later", "files", "disk")

RAW = ("Traceback", "Exception ignored", "Fatal Python error", "internal error", "SystemError")
"""What no planner should read."""


def attempt(seed: int, folder: Path) -> Outcome:
    """Run a verb that is short of something, and look at how it ends and what it leaves."""
    dice = Random(f"shortage {seed}")
    verb, kind = VERBS[seed % len(VERBS)], KINDS[seed // len(VERBS) % len(KINDS)]
    if kind != "disk":
        return _limited(dice, verb, kind, folder)
    size = dice.choice(DISK_KB)
    with small_disk(folder, size) as disk:
        if disk is None:
            return Outcome("no small disk can be made here")
        where = dice.choice(("result", "temporary files", "both"))
        place = None if where == "temporary files" else disk / "result"
        words, place = prepared(verb, folder, place)
        run = Run(folder, *words, temporary=None if where == "result" else disk)
        return _judged(run, verb, folder, place, words, kind, f"{size} kB for {where}")


def _limited(dice: Random, verb: str, kind: str, folder: Path) -> Outcome:
    words, place = prepared(verb, folder)
    if kind == "memory":
        size = dice.choice(MEMORY_MB)
        run = Run(folder, *words, limit=(resource.RLIMIT_AS, size * 2**20))
        return _judged(run, verb, folder, place, words, kind, f"{size} MB")
    if kind == "files":
        size = dice.choice(FILE_KB)
        run = Run(folder, *words, limit=(resource.RLIMIT_FSIZE, size * 2**10))
        return _judged(run, verb, folder, place, words, kind, f"{size} kB")
    after, more = moment(dice, verb), dice.choice(MORE_MB)
    run = Run(folder, *words, limit=(resource.RLIMIT_AS, AMPLE))
    run.tighten(after, more * 2**20, "optimizer.highs.child" if "solver" in kind else "")
    return _judged(run, verb, folder, place, words, kind, f"{more} MB after {after:.2f} s")


def _judged(
    run: Run,
    verb: str,
    folder: Path,
    place: Path,
    words: list[object],
    kind: str,
    short: str,
) -> Outcome:
    """How a run ended that was short of something: well all the same, or with one line and 4."""
    code, out, err = run.ended()
    said = f"{verb}, {kind}, {short}: exit code {code}\n{out[-600:]}\n{err[-1500:]}"
    wrong = {
        "processes left": run.leftovers(),
        "raw words": [word for word in RAW if word in err],
        f"exit code {code}": code not in (Ending.DONE, Ending.NO_PLAN, Ending.STOPPED),
        "half-written": half_written(verb, place),
        "lines": _too_much_said(code, out, err),
    }
    for fault, fact in wrong.items():
        if fact:
            return bad(fault, said, fact)
    if code == Ending.NO_PLAN and kind != "disk" and (failed := goes_on(folder, words)):
        return bad("not taken up again", said, failed)
    return Outcome(f"{kind}: exit code {code}")


def _too_much_said(code: int, out: str, err: str) -> list[str]:
    """Lines that are too many or too few: a failure has one; a study one for each failed case."""
    lines = complaints(err)
    failed_cases = [line for line in out.splitlines() if line.startswith("  ") and ": " in line]
    if code == Ending.NO_PLAN:
        return [] if len(lines) == 1 or (not lines and failed_cases) else lines or ["silence"]
    return lines if code == Ending.DONE else lines[1:]
