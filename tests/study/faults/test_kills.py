"""Processes are killed at random; the study does not mind."""

import random
import threading
import time
from pathlib import Path

import pytest

from optimizer.study.results import results_table
from tests.study.faults import drills
from tests.study.faults.conftest import Coordinator


class Killer(threading.Thread):
    """Kills a process of a kind every now and then, so many times.

    Every second time it waits for another case to be finished, so that the study gets on even where
    workers take long to start.
    """

    def __init__(self, out: Path, mark: str, module: str, times: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.killed = 0
        self.over = threading.Event()
        self._out, self._what, self._times = out, (mark, module), times
        self._random = random.Random(seed)

    def run(self) -> None:
        done = 0
        while self.killed < self._times and not self.over.is_set():
            time.sleep(self._random.uniform(0.0, 0.8))
            now = len(drills.finished(self._out))
            found = drills.processes(*self._what)
            if found and (self.killed % 2 or now > done):
                self.killed += drills.kill(self._random.choice(sorted(found)))
                done = now


def run_among_kills(out: Path, killer: Killer, count: int) -> dict[str, str]:
    killer.start()
    try:
        return drills.run(drills.southgate_study(count), out)
    finally:
        killer.over.set()
        killer.join()


def test_killed_workers_leave_no_trace(
    tmp_path: Path, mark: str, southgate_results: dict[str, bytes]
) -> None:
    killer = Killer(tmp_path, mark, drills.WORKER, times=4, seed=1)
    statuses = run_among_kills(tmp_path, killer, 10)

    assert killer.killed == 4
    assert set(statuses.values()) == {"optimal"}
    assert len(drills.finished(tmp_path)) == len(statuses) == 10
    assert drills.tables(tmp_path) == southgate_results
    assert drills.leftovers(tmp_path) == []
    assert drills.all_gone(mark)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(10))
def test_two_hundred_killed_workers_leave_no_trace(
    tmp_path: Path, mark: str, many_southgate_results: dict[str, bytes], seed: int
) -> None:
    killer = Killer(tmp_path, mark, drills.WORKER, times=20, seed=seed)
    statuses = run_among_kills(tmp_path, killer, drills.MANY)

    assert killer.killed >= 10
    assert set(statuses.values()) == {"optimal"}
    assert drills.tables(tmp_path) == many_southgate_results
    assert drills.leftovers(tmp_path) == []
    assert drills.all_gone(mark)


@pytest.mark.slow
def test_killed_solvers_lose_no_case(tmp_path: Path, mark: str) -> None:
    killer = Killer(tmp_path, mark, drills.SOLVER, times=5, seed=2)
    statuses = run_among_kills(tmp_path, killer, 16)
    cases = results_table(tmp_path, "cases").set_index("case")

    assert killer.killed >= 3
    assert list(cases.index) == [f"demand-{i:02d}" for i in range(16)]
    assert cases["status"].to_dict() == statuses
    assert set(statuses.values()) <= {"optimal", "feasible", "failed"}
    failed = cases[cases["status"] == "failed"]
    assert all("ended with code -9" in reason for reason in failed["reasons"])
    assert drills.all_gone(mark)


def test_a_killed_run_is_taken_up_where_it_was(
    tmp_path: Path, mark: str, coordinate: Coordinator, small_results: dict[str, bytes]
) -> None:
    process = coordinate("small", 8, tmp_path)
    assert process.stdout is not None
    while process.stdout.readline().split()[:1] != ["result"]:
        pass
    process.stdout.readline()
    process.kill()
    process.wait()
    assert drills.all_gone(mark)
    before = drills.finished(tmp_path)
    assert 0 < len(before) < 8

    drills.run(drills.small_study(), tmp_path, workers=1)

    assert drills.finished(tmp_path).items() >= before.items()
    assert drills.tables(tmp_path) == small_results
    assert drills.leftovers(tmp_path) == []
