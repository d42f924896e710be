"""A run in a process of its own: ended at its limit, and never left behind."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import psutil
import pytest

from benchmarks.processes import family, peak_memory
from benchmarks.speed.cases import SIZES, Case
from benchmarks.speed.watching import watched


def order(way: str) -> dict[str, Any]:
    """A solve to no gap, for ten minutes."""
    case = Case("southgate", SIZES["southgate"], "even", 3, 0.0, 600.0)
    return {"case": {**case._asdict(), "size": list(case.size)}, "way": way}


def wait_for(found: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
    """What is found, once there is something."""
    ends = time.monotonic() + 60.0
    while time.monotonic() < ends:
        if processes := found():
            return processes
        time.sleep(0.1)
    raise AssertionError("nothing came")


def test_a_run_ends_at_its_limit_and_says_so() -> None:
    figures = watched(order("highs"), 0.5, Event())

    assert "failed" in figures
    assert figures["seconds"] < 10.0


@pytest.mark.parametrize("used_s", [0.0, 4.0])
@pytest.mark.parametrize("way", ["buildplan", "scip"])
def test_a_run_ends_when_the_benchmark_is_killed(way: str, used_s: float) -> None:
    """Killed while the run begins, and while it solves."""
    if way == "scip":
        pytest.importorskip("pyscipopt")
    call = f"watched({order(way)!r}, 600.0, __import__('threading').Event())"
    parent = subprocess.Popen(
        [sys.executable, "-c", f"from benchmarks.speed.watching import watched; {call}"]
    )
    (run,) = wait_for(lambda: family(parent.pid)[1:])
    started = wait_for(lambda: family(run.pid) if sum(run.cpu_times()[:4]) > used_s else [])
    parent.send_signal(signal.SIGTERM)
    parent.wait()

    _, alive = psutil.wait_procs(started, timeout=20.0)
    assert not alive


def test_the_peak_is_that_of_all_processes_at_a_time() -> None:
    """Two processes with 100 MB each at the same time."""
    take = "import time; taken = bytearray(100_000_000); time.sleep(0.5)"
    start = f"import subprocess, sys; own = subprocess.Popen([sys.executable, '-c', {take!r}])"
    parent = subprocess.Popen([sys.executable, "-c", f"{start}; {take}; own.wait()"])
    with peak_memory(parent.pid) as peak:
        parent.wait()

    assert 200e6 < peak[-1] < 400e6
