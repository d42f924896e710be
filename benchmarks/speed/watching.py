"""A run in a process of its own, watched: its time and its memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from threading import Event
from typing import Any

import psutil

from benchmarks.processes import family, memory

LOOK_S = 0.2


def watched(order: dict[str, Any], limit_s: float, over: Event) -> dict[str, Any]:
    """Carry out an order as `benchmarks.speed.one` and return what it says, with what it took.

    `peak_mb` is the most that all its processes had in memory at a time; `load` is that of the
    machine before. A run that takes longer than `limit_s`, or that is in hand when all is `over`,
    is ended, and says so as `failed`. It never outlives this process, however that ends.
    """
    load, began = os.getloadavg()[0], time.monotonic()
    peak = 0
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.speed.one", json.dumps(order), str(os.getpid())],
            stdout=said,
            stderr=errors,
        )
        try:
            while child.poll() is None and not over.is_set():
                peak = max(peak, memory(child.pid))
                if time.monotonic() - began > limit_s:
                    _end(child.pid)
                over.wait(LOOK_S)
        finally:
            _end(child.pid)
            child.wait()
        said.seek(0)
        errors.seek(0)
        lines, wrong = said.read().splitlines(), errors.read().strip().splitlines()
    facts = {"seconds": time.monotonic() - began, "peak_mb": peak / 2**20, "load": load}
    if child.returncode:
        reason = wrong[-1] if wrong else f"ended with code {child.returncode}"
        return {**facts, "failed": reason}
    return {**json.loads(lines[-1]), **facts}


def _end(pid: int) -> None:
    for process in family(pid):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
