"""Solver processes on a Dask cluster: the same answers as here, whatever becomes of the cluster."""

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from models.instance import Instance
from optimizer import Plan, SolveError, read_instance, solve
from optimizer.cluster import agreement, client
from optimizer.cluster import job as worker_side
from optimizer.cluster.crew import ClusterCrew
from optimizer.errors import ClusterError
from optimizer.highs import Crew, Job, Outcome, run
from optimizer.highs.crew import Order, outcome_in, write_job
from tests.cli.conftest import start
from tests.small import tiny
from tests.solving.problems import knapsack, two_variables
from tests.study.cluster.conftest import Cluster, cluster
from tests.uncertainty.three import three

INSTANCES = Path(__file__).parents[2] / "instances"

NOBODY = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers with a thread each."""
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as running:
        yield running


class Places:
    """Where jobs that nobody follows were solved, and how many at most at once on the cluster."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.here, self.there, self.at_once = 0, 0, 0
        solved, run_there = Crew.solved, ClusterCrew._run_there

        def here(crew: Crew, order: Order, *callers: Any) -> Any:
            self.here += callers[0] is None and callers[2] is None
            return solved(crew, order, *callers)

        def there(crew: ClusterCrew, job: Job, should_stop: Any) -> Outcome | None:
            self.there += 1
            self.at_once = max(self.at_once, self.there)
            try:
                return run_there(crew, job, should_stop)
            finally:
                self.there -= 1

        patch.setattr(Crew, "solved", here)
        patch.setattr(ClusterCrew, "_run_there", there)


def assert_same(one: Plan, other: Plan) -> None:
    """Two plans say the same, to the last digit."""
    assert one.verified
    assert (one.objective_musd, one.bound_musd) == (other.objective_musd, other.bound_musd)
    assert one.tables.keys() == other.tables.keys()
    assert all(one.tables[name].equals(other.tables[name]) for name in one.tables)


@pytest.mark.parametrize(
    ("inst", "gap"),
    [(three(), 0.0), (read_instance(INSTANCES / "n-minus-one"), 0.05)],
    ids=["scenarios", "contingencies"],
)
def test_the_plan_is_the_same_on_a_cluster(
    two_workers: Cluster, monkeypatch: pytest.MonkeyPatch, inst: Instance, gap: float
) -> None:
    """One after the other on one core here, two at a time there: every figure is the same."""
    here = solve(inst, gap=gap, method="decompose", threads=1)
    places = Places(monkeypatch)
    there = solve(inst, gap=gap, method="decompose", threads=1, dask=two_workers.address)

    assert (there.options, there.reasons) == (here.options, here.reasons)
    assert_same(there, here)
    assert (places.here, places.at_once) == (0, 2)


def test_only_files_go_out_and_come_back(
    two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is pickled for a worker is a function's name and bytes; no class of ours among them."""
    sent: list[Any] = []
    with ClusterCrew(two_workers.address, 1) as crew:
        submit = crew._client.submit

        def listening(function: Any, *arguments: Any, **rest: Any) -> Any:
            sent.append((function, *arguments))
            return submit(function, *arguments, **rest)

        monkeypatch.setattr(crew._client, "submit", listening)
        outcome = crew.run(Job(two_variables()))

    # Whole x + y ≤ 2: best is y = 2, x = 0, at 10 − 4 = 6.
    assert outcome.x == pytest.approx([0.0, 2.0])
    assert outcome.bound == pytest.approx(6.0)
    ((function, files, is_small),) = sent
    assert function is worker_side.solve_job
    assert set(files) == {"problem.npz", "settings.json"}
    assert {type(content) for content in files.values()} == {bytes}
    assert is_small is True
    assert b"optimizer.highs" not in pickle.dumps(sent)


def test_duals_come_back(two_workers: Cluster) -> None:
    """y = 2 at its bound, x = 0.5 in the row: one more in the row saves 1."""
    with ClusterCrew(two_workers.address, 1) as crew:
        outcome = crew.run(Job(two_variables(whole=False), method="simplex"))

    assert outcome.row_duals == pytest.approx([-1.0])


def test_jobs_that_are_followed_stay_here(
    two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress and beats are told by a process of this computer."""
    with ClusterCrew(two_workers.address, 1) as crew:
        monkeypatch.setattr(crew, "_run_there", None)
        assert crew.run(Job(two_variables()), lambda _: None).status == "optimal"
        assert crew.run(Job(two_variables(), beat=10), None, None, lambda *_: True).x is not None


def test_as_many_at_once_as_the_workers_have_threads(two_workers: Cluster) -> None:
    with ClusterCrew(two_workers.address, 1) as crew:
        assert [crew.at_once(threads) for threads in (1, 2, 4)] == [2, 2, 4]


def test_a_job_that_nobody_wants_makes_room_for_the_next(two_workers: Cluster) -> None:
    """Stopping is believed at once, and soon by the workers: they have one thread each."""
    with ClusterCrew(two_workers.address, 2) as crew:
        began = time.monotonic()

        def over() -> bool:
            return time.monotonic() - began > 1.0

        with ThreadPoolExecutor(2) as pool:
            long = [pool.submit(crew.run, Job(knapsack(200)), None, over) for _ in range(2)]
        assert {one.result().status for one in long} == {"stopped"}
        assert crew.run(Job(two_variables(), time_limit=60.0)).status == "optimal"
        assert crew.unanswered == ()


def test_ctrl_c_ends_a_job_on_the_cluster(two_workers: Cluster) -> None:
    """It reaches the caller, and leaves the workers to whoever comes next."""
    with ClusterCrew(two_workers.address, 1) as crew:
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            crew.run(Job(knapsack(200)))
        jobs = [Job(two_variables(), time_limit=60.0)] * 2
        with ThreadPoolExecutor(2) as pool:
            assert {one.status for one in pool.map(crew.run, jobs)} == {"optimal"}
        assert crew.unanswered == ()


def test_a_worker_that_cannot_leaves_the_job_to_this_computer(two_workers: Cluster) -> None:
    """Without a place for files on the workers the job is solved here, and the crew says so."""
    place = two_workers.folder / "dask-scratch-space"
    away = place.rename(two_workers.folder / "away")
    try:
        with ClusterCrew(two_workers.address, 1) as crew:
            assert crew.run(Job(two_variables())).bound == pytest.approx(6.0)
            (told,) = crew.unanswered
    finally:
        away.rename(place)

    assert told.startswith("unanswered by the cluster, so solved on this computer: 1 job (worker ")
    assert "No such file or directory" in told


def test_other_versions_are_refused(two_workers: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker with another solver might find another plan."""
    monkeypatch.setattr(agreement, "versions", lambda: {"highspy": "9.9"})
    with (
        ClusterCrew(two_workers.address, 1) as crew,
        pytest.raises(ClusterError, match=r"but this computer has highspy 9\.9"),
    ):
        crew.run(Job(two_variables()))


def test_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CONNECT_S", 1)
    with pytest.raises(SolveError, match=r"scheduler at tcp://127\.0\.0\.1:9 cannot be reached"):
        solve(three(), method="decompose", dask=NOBODY)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SolveError, match=r"pip install 'buildplan\[cluster\]'"):
        solve(three(), method="decompose", dask=NOBODY)


def test_nothing_to_do_is_said_before_anything_is_looked_for() -> None:
    """One future without contingencies has no parts; nor have scenarios in one model."""
    with pytest.raises(ValueError, match="solved in one piece by the method search"):
        solve(tiny(), dask=NOBODY)
    with pytest.raises(ValueError, match="solved in one piece by the method monolith"):
        solve(three(), method="monolith", dask=NOBODY)


def test_processes_of_a_worker_end_when_there_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small job leaves its process for the next; after a while it goes."""
    monkeypatch.setattr(worker_side, "IDLE_S", 0.5)
    write_job(Job(two_variables()), tmp_path)
    solvers = worker_side.Solvers()
    with solvers.solved(tmp_path, is_small=True, is_wanted=lambda: True) as last:
        assert outcome_in(tmp_path, last).bound == pytest.approx(6.0)
    assert solvers._crew is not None
    (child,) = solvers._crew._idle
    assert child.process.wait(10) == 0


def test_the_job_of_a_killed_worker_is_done_again(two_workers: Cluster) -> None:
    """Both workers are killed while one has it; their nannies start new ones."""
    job = Job(knapsack(200), node_limit=300)
    with ClusterCrew(two_workers.address, 1) as crew:
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(crew.run, job)
            wait_for_work(crew)
            for number in (0, 1):
                two_workers.worker(number).kill()
        assert crew.unanswered == ()

    again, undisturbed = work.result(), run(job)
    assert (again.status, again.bound) == (undisturbed.status, undisturbed.bound)
    assert np.array_equal(again.x, undisturbed.x)  # type: ignore[arg-type]


def wait_for_work(crew: ClusterCrew) -> None:
    """Wait until a worker has a job in hand."""
    while not any(crew._client.processing().values()):
        time.sleep(0.05)


def test_a_job_that_loses_its_workers_is_solved_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask gives up after so many workers; the job may be what killed them, or not."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    job = Job(knapsack(200), node_limit=300)
    with cluster(tmp_path, 1) as running, ClusterCrew(running.address, 1) as crew:
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(crew.run, job)
            wait_for_work(crew)
            running.worker(0).kill()
        (told,) = crew.unanswered

    assert work.result().x is not None
    assert "KilledWorker" in told


def test_a_lost_scheduler_leaves_the_rest_to_this_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in work when the scheduler goes is solved here, and so is what comes after."""
    monkeypatch.setattr(client, "CONNECT_S", 1)
    job = Job(knapsack(200), node_limit=300)
    with cluster(tmp_path, 1) as running, ClusterCrew(running.address, 1) as crew:
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(crew.run, job)
            wait_for_work(crew)
            running.scheduler.kill()
        while crew._has_workers():
            time.sleep(0.1)
        assert crew.run(Job(two_variables())).bound == pytest.approx(6.0)
        (told,) = crew.unanswered

    assert work.result().x is not None
    assert "2 jobs" in told
    assert f"the scheduler at {running.address} is gone" in told


@pytest.mark.slow
def test_ctrl_c_in_a_terminal_is_not_for_the_workers(tmp_path: Path) -> None:
    """A terminal sends it to the whole group; nobody shows a traceback, and nobody stays."""
    words = ("solve", INSTANCES / "n-minus-one", "--method", "decompose", "--gap", 0)
    command = start(*words, "--dask", "local", cwd=tmp_path, start_new_session=True)
    assert command.stderr is not None
    while "contingency states: " not in command.stderr.readline():
        assert command.poll() is None
    workers = psutil.Process(command.pid).children(recursive=True)
    os.killpg(command.pid, signal.SIGINT)
    _, said = command.communicate(timeout=60)

    assert command.returncode == 130
    assert "Traceback" not in said
    assert workers
    _, left = psutil.wait_procs(workers, timeout=10)
    assert not left
