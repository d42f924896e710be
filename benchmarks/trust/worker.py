"""The process in which seeds are tried: says of each what came of it, one line of JSON each.

Started as `python -m benchmarks.trust.worker PART FIRST LAST`.
"""

import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path

from benchmarks.trust.part import PARTS, Outcome, Part, Try


def main(name: str, first: int, last: int) -> None:
    """Try the seeds from `first` to before `last`."""
    part = PARTS[name]
    attempt: Try = import_module(f"benchmarks.trust.{part.home}").attempt
    pipe = os.dup(1)
    os.dup2(2, 1)
    _limit(part)
    _say(pipe, {"ready": True})
    for seed in range(first, last):
        # By default the signal ends the process, whatever it is doing.
        signal.setitimer(signal.ITIMER_PROF, part.hang_s)
        outcome = _tried(attempt, seed)
        memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _say(pipe, {"seed": seed, "memory_mb": memory_mb, **vars(outcome)})


def _limit(part: Part) -> None:
    if part.memory_gb is not None:
        most = int(part.memory_gb * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _tried(attempt: Try, seed: int) -> Outcome:
    folder = Path(tempfile.mkdtemp(prefix="buildplan-trust-"))
    try:
        return attempt(seed, folder)
    except Exception:  # noqa: BLE001 - whatever is raised is what is looked for
        return Outcome("traceback", bad=True, words=traceback.format_exc()[-1500:])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(pipe: int, facts: dict[str, object]) -> None:
    os.write(pipe, (json.dumps(facts) + "\n").encode())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
