"""Studies on a Dask cluster: the same results as on this machine's own workers, by text alone."""

import base64
import json
import multiprocessing
import pickle
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from optimizer import StudyError, run_study
from optimizer.cluster import agreement
from optimizer.cluster import workers as workers_module
from optimizer.options import resolve
from optimizer.study.cluster import DaskPool
from optimizer.study.cluster_worker import packed, solve_case
from optimizer.study.request import Request
from tests.small import tiny
from tests.study.cluster.conftest import Cluster, cluster, results, what_ifs

STUDY = what_ifs(tiny(), 5)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The tables of a small study, solved by this machine's own workers."""
    folder = tmp_path_factory.mktemp("here")
    list(run_study(STUDY, out=folder, workers=2))
    return results(folder)


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_a_cluster_gives_the_same_results_as_this_machine(
    tmp_path: Path, two_workers: Cluster, here: dict[str, str], workers: int
) -> None:
    """Whoever solves a case, its tables are the same to the last byte."""
    list(run_study(STUDY, out=tmp_path, workers=workers, dask=two_workers.address))

    assert results(tmp_path) == here
    assert len(list((tmp_path / "cases").iterdir())) == len(STUDY.cases)


@pytest.mark.slow
def test_a_cluster_of_its_own(tmp_path: Path, here: dict[str, str]) -> None:
    """'local' starts workers on this machine and ends them with the run."""
    list(run_study(STUDY, out=tmp_path, workers=2, dask="local"))

    assert results(tmp_path) == here
    assert not multiprocessing.active_children()


def test_only_text_goes_out_and_only_files_come_back(
    tmp_path: Path, two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is pickled for a worker is a function's name and texts; no class of ours among them."""
    sent: list[Any] = []
    inst = tiny()
    with DaskPool(two_workers.address, inst, None, tmp_path) as pool:
        submit = pool._client.submit

        def listening(function: Any, *arguments: Any, **rest: Any) -> Any:
            sent.append((function, *arguments))
            return submit(function, *arguments, **rest)

        monkeypatch.setattr(pool._client, "submit", listening)
        pool.submit(Request("k", {"demand.scale": 0.5}, resolve(inst)))
        while not (reports := pool.reports(1.0)):
            pass

    ((function, request, base),) = sent
    assert function is solve_case
    assert isinstance(request, str)
    assert json.loads(request)["changes"] == {"demand.scale": 0.5}
    assert {type(part) for part in base.values()} == {str}
    assert b"models" not in pickle.dumps((function, request, base))
    assert reports[0].folder is not None
    assert (reports[0].folder / "plan.json").is_file()


def test_a_case_that_fails_is_reported(tmp_path: Path, two_workers: Cluster) -> None:
    """A change that cannot be made is the case's fault, and the worker goes on."""
    inst = tiny()
    with DaskPool(two_workers.address, inst, 1, tmp_path) as pool:
        assert pool.room == 1
        pool.submit(Request("k", {"sites.atlantis.grid_mw": 1}, resolve(inst)))
        assert pool.room == 0
        while not (reports := pool.reports(1.0)):
            pass

    (report,) = reports
    assert not report.lost
    assert "atlantis" in report.failure


def test_no_scheduler(tmp_path: Path) -> None:
    """An address where nobody listens is said in one line, soon."""
    began = time.monotonic()
    with pytest.raises(StudyError, match=r"scheduler at tcp://127.0.0.1:9 cannot be reached"):
        list(run_study(what_ifs(tiny(), 2), out=tmp_path / "out", dask="tcp://127.0.0.1:9"))
    assert time.monotonic() - began < 15


def test_an_address_that_is_none(tmp_path: Path) -> None:
    """Anything but tcp://, tls:// and local is refused."""
    with pytest.raises(StudyError, match=r"'somewhere' is no scheduler: write tcp://HOST:PORT"):
        list(run_study(what_ifs(tiny(), 2), out=tmp_path / "out", dask="somewhere"))


def test_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler without workers is given up after a while."""
    monkeypatch.setattr(workers_module, "PATIENCE_S", 1.0)
    with cluster(tmp_path, 0) as empty, pytest.raises(StudyError, match="has no worker"):
        list(run_study(what_ifs(tiny(), 2), out=tmp_path / "out", dask=empty.address))


def test_other_versions(
    tmp_path: Path, two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker with another solver is refused: its plans would stand under wrong keys."""
    newer = {"buildplan": "9.9", "pyomo": "9.9", "highspy": "9.9"}
    monkeypatch.setattr(agreement, "versions", lambda: newer)
    with pytest.raises(StudyError, match=r"but this computer has buildplan 9\.9"):
        list(run_study(what_ifs(tiny(), 2), out=tmp_path / "out", dask=two_workers.address))


def test_the_base_is_packed_whole() -> None:
    """The packed base is text, much shorter, and comes out as it was."""
    text = json.dumps(tiny().model_dump(mode="json"))
    told = packed(text)["text"]
    assert len(told) < len(text)
    assert zlib.decompress(base64.b85decode(told)).decode() == text
