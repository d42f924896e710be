"""Jobs on a Dask cluster that are stopped, or lose their workers: what is left is solved here."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from optimizer.cluster import client
from optimizer.cluster import job as worker_side
from optimizer.cluster.crew import ClusterCrew
from optimizer.highs import Job, run
from optimizer.highs.crew import outcome_in, write_job
from tests.cli.conftest import start
from tests.solving.problems import knapsack, two_variables
from tests.study.cluster.conftest import Cluster, cluster

INSTANCES = Path(__file__).parents[3] / "instances"


def wait_for_work(crew: ClusterCrew) -> None:
    """Wait until a worker has a job in hand."""
    while not any(crew._client.processing().values()):
        time.sleep(0.05)


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
