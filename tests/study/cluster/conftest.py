"""A Dask cluster on this machine: a scheduler and workers in processes of their own."""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from models.instance import Instance
from optimizer.study.case import Case, Study


@dataclass
class Cluster:
    """A scheduler, and a nanny for each worker."""

    folder: Path
    scheduler: subprocess.Popen[bytes]
    nannies: list[subprocess.Popen[bytes]]
    address: str

    def worker(self, number: int) -> psutil.Process:
        """The worker process of a nanny, as soon as there is one."""
        nanny = psutil.Process(self.nannies[number].pid)
        while True:
            for child in nanny.children():
                if "spawn_main" in " ".join(child.cmdline()):
                    return child
            time.sleep(0.02)


def start(module: str, *arguments: object) -> subprocess.Popen[bytes]:
    """A process of Dask's command line that says nothing."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _address(file: Path) -> str | None:
    """What a scheduler has written of where it listens; None until all of it is there."""
    try:
        told = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return str(told["address"])


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A running cluster; afterwards nothing is left of it."""
    file = folder / "scheduler.json"
    place = ["--scheduler-file", file, "--no-dashboard"]
    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", 0, *place)
    options = ["--nthreads", 1, "--nworkers", 1, "--local-directory", folder, *place]
    nannies: list[subprocess.Popen[bytes]] = []
    try:
        while (address := _address(file)) is None:
            assert scheduler.poll() is None
            time.sleep(0.02)
        nannies.extend(start("dask_worker", *options) for _ in range(workers))
        yield Cluster(folder, scheduler, nannies, address)
    finally:
        everyone = [scheduler, *nannies]
        alive = [psutil.Process(one.pid) for one in everyone if one.poll() is None]
        below = [child for one in alive for child in one.children(recursive=True)]
        for one in everyone:
            one.terminate()
        for one in everyone:
            try:
                one.wait(10)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
        _, left = psutil.wait_procs(below, timeout=10)
        for child in left:
            child.kill()
        assert not left


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers for several tests."""
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as running:
        yield running


def what_ifs(base: Instance, cases: int) -> Study:
    """A study of a base with more and more demand."""
    scales = [round(0.5 + number / cases, 3) for number in range(cases)]
    changes = [{"demand.scale": scale} for scale in scales]
    return Study(
        name="demand",
        base=base,
        cases=tuple(
            Case(f"sweep/demand.scale={scale}", "sweep", change, {"demand.scale": scale})
            for scale, change in zip(scales, changes, strict=True)
        ),
    )


def results(folder: Path) -> dict[str, str]:
    """The hashes of a study's tables by name."""
    files = sorted((folder / "results").glob("*.parquet"))
    assert files
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
