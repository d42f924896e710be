"""Faults on a cluster: workers are killed, the scheduler is lost; no case is."""

import contextlib
from pathlib import Path

import psutil
import pytest

from models.instance import Instance
from optimizer import StudyError, read_instance, run_study
from tests.small import tiny
from tests.study.cluster.conftest import cluster, results, what_ifs

SOUTHGATE = Path(__file__).parents[3] / "instances" / "southgate" / "instance.yaml"


def half_years() -> Instance:
    """Southgate in four half-years: about half a second a case."""
    changes = {"horizon.months": [6, 6, 6, 6], "solve.gap": 0.01}
    return read_instance(SOUTHGATE).with_changes(changes)


@pytest.mark.parametrize("kills", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_killed_workers_lose_no_case(tmp_path: Path, kills: int) -> None:
    """After every second case a worker is killed with what it has in hand; its solvers end."""
    study = what_ifs(half_years(), 2 * kills + 2)
    names: list[str] = []
    killed: list[psutil.Process] = []
    below: list[psutil.Process] = []
    with cluster(tmp_path, 2) as running:
        for result in run_study(study, out=tmp_path / "there", dask=running.address):
            assert result.status == "optimal", result.reasons
            names.append(result.case.name)
            if len(names) % 2 == 0 and len(killed) < kills:
                worker = running.worker(len(killed) % 2)
                with contextlib.suppress(psutil.NoSuchProcess):
                    below += worker.children(recursive=True)
                worker.kill()
                killed.append(worker)
        _, left = psutil.wait_procs([*killed, *below], timeout=10)

    assert len(killed) == kills
    assert below
    assert not left
    assert sorted(names) == sorted(case.name for case in study.cases)
    list(run_study(study, out=tmp_path / "here", workers=2))
    assert results(tmp_path / "there") == results(tmp_path / "here")


@pytest.mark.slow
def test_a_lost_scheduler_ends_the_run_and_keeps_what_is_finished(tmp_path: Path) -> None:
    """The run says that the scheduler is gone; a later run solves only the rest."""
    study = what_ifs(tiny(), 12)
    names: list[str] = []
    with cluster(tmp_path, 1) as running:
        run = run_study(study, out=tmp_path / "out", dask=running.address)
        names.append(next(run).case.name)
        running.scheduler.kill()
        with pytest.raises(StudyError, match="is gone"):
            names += [result.case.name for result in run]

    assert 1 <= len(names) < 12
    assert (tmp_path / "out" / "results" / "cases.parquet").is_file()
    assert len(list((tmp_path / "out" / "cases").glob("*/plan.json"))) >= len(names)
