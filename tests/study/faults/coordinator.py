"""A run of a study in a process of its own: says what it solves itself, and what it learns."""

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from optimizer.study import run as runs
from optimizer.study.case import Study
from optimizer.study.pool import LocalPool
from optimizer.study.request import Report
from tests.study.faults import drills

STUDIES: dict[str, Callable[[int], Study]] = {
    "small": drills.small_study,
    "southgate": drills.southgate_study,
}

PAUSE_S = 0.2
"""Long enough for a test to do something between two cases [s]."""


class TellingPool(LocalPool):
    """Says which cases its own workers have solved, and takes its time over each."""

    def reports(self, wait_s: float) -> list[Report]:
        found = super().reports(wait_s)
        for report in found:
            if report.folder is not None:
                print("solved", report.key, flush=True)  # noqa: T201
                time.sleep(PAUSE_S)
        return found


if __name__ == "__main__":
    # A shell has what it starts in the background, and all below, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    kind, count, out = sys.argv[1:]
    runs.LocalPool = TellingPool  # type: ignore[misc]
    for result in runs.run_study(STUDIES[kind](int(count)), out=Path(out), workers=1):
        print("result", result.case.name, result.status, flush=True)  # noqa: T201
    print("end", flush=True)  # noqa: T201
