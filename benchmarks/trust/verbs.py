"""A verb of the command line, run in this process, and what must hold of every ending."""

import json
import logging
from collections.abc import Collection
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from benchmarks.trust.part import Outcome

ENDINGS = {
    0: "accepted",
    1: "infeasible",
    2: "refused",
    3: "stopped",
    4: "no plan",
    5: "plan refused",
    130: "interrupted",
}


def ran(*words: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a verb."""
    from optimizer.cli import cli

    logging.disable()
    out, err = StringIO(), StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main([str(word) for word in words])
        except SystemExit as ending:
            code = int(ending.code or 0)
    return code, out.getvalue(), err.getvalue()


def judged(code: int, out: str, err: str, allowed: Collection[int], *, json_out: bool) -> Outcome:
    """Whether an ending is one that is allowed, told in words, without a traceback."""
    said = f"exit code {code}\n{out[-500:]}\n{err[-1500:]}"
    for word in ("Traceback", "internal error", "Error:", "object at 0x"):
        if word in err:
            return Outcome(word.strip(":"), bad=True, words=said)
    if code not in allowed:
        return Outcome(f"exit code {code}", bad=True, words=said)
    if code and not (err.strip() or out.strip()):
        return Outcome("silence", bad=True, words=said)
    if json_out:
        try:
            json.loads(out)
        except ValueError:
            return Outcome("no JSON", bad=True, words=said)
    return Outcome(ENDINGS[code])


def checked(file: Path, *words: str) -> Outcome:
    """What `check` says of an instance, as JSON."""
    code, out, err = ran("check", file, "--json", "--quiet", *words)
    return judged(code, out, err, (0, 2), json_out=True)
