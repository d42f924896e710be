"""Solver processes on a Dask cluster: the same answers as here."""

import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from models.instance import Instance
from optimizer import Plan, SolveError, read_instance, solve
from optimizer.cluster import agreement, client
from optimizer.cluster import job as worker_side
from optimizer.cluster.crew import ClusterCrew
from optimizer.errors import ClusterError
from optimizer.highs import Crew, Job, Outcome
from optimizer.highs.crew import Order
from tests.small import tiny
from tests.solving.problems import two_variables
from tests.study.cluster.conftest import Cluster
from tests.uncertainty.three import three

INSTANCES = Path(__file__).parents[3] / "instances"

NOBODY = "tcp://127.0.0.1:9"


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
