"""Jobs that no worker begins, since all of them have other work."""

import threading
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from models.standing import Fleet
from optimizer import read_instance
from optimizer.cluster import crew as there
from optimizer.cluster.crew import ClusterCrew
from optimizer.highs import Crew, Job, Outcome
from optimizer.states import evaluate
from tests.solving.problems import two_variables

INSTANCES = Path(__file__).parents[3] / "instances"


class Busy:
    """A Dask client, its workers and its futures, of a cluster that never comes to our jobs."""

    def submit(self, *_: Any, **__: Any) -> "Busy":
        return self

    def threads(self) -> int:
        return 1

    def add_done_callback(self, _: object) -> None:
        """Nothing is ever done."""

    def release(self) -> None:
        """Nobody waits any more."""


def busy() -> ClusterCrew:
    crew = ClusterCrew("tcp://127.0.0.1:9", 1)
    crew._client = crew._workers = Busy()  # type: ignore[assignment]
    return crew


def test_a_job_whose_time_passes_unanswered_is_tried_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole x + y ≤ 2: best is y = 2, x = 0, at 10 − 4 = 6; and the crew says who solved it."""
    monkeypatch.setattr(there, "GRACE_S", 0.0)
    monkeypatch.setattr(there, "LEAST_S", 60.0)
    crew = busy()
    assert crew.run(Job(two_variables(), time_limit=0.1)).bound == pytest.approx(6.0)
    crew.rest()
    (told,) = crew.unanswered
    assert "1 job (no answer within its time; the workers may have other work)" in told


def test_a_job_that_is_stopped_is_not_tried_here() -> None:
    crew = busy()
    assert crew.run(Job(two_variables()), None, lambda: True).status == "stopped"
    assert crew.unanswered == ()


class Waiting(Crew):
    """A crew with two jobs in work: the second is interrupted, all others wait to be stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.stopped = 0, 0
        self._counting = threading.Lock()
        self._both = threading.Barrier(2, timeout=60.0)

    def run(self, *said: Any, **_: Any) -> Outcome:
        should_stop = said[2]
        with self._counting:
            self.asked += 1
            number = self.asked
        if number <= 2:
            self._both.wait()
        if number == 2:
            raise KeyboardInterrupt
        while not should_stop():
            time.sleep(0.01)
        with self._counting:
            self.stopped += 1
        return Outcome("stopped")


def test_states_that_nobody_waits_for_any_more_are_stopped() -> None:
    """Ctrl-C does not wait for a cluster that is busy: jobs in work are told to stop."""
    inst = read_instance(INSTANCES / "n-minus-one")
    keys = product(inst.sites, inst.unit_types, inst.periods)
    online: dict[tuple[str, ...], float] = dict.fromkeys(keys, 10.0)
    crew = Waiting()
    with pytest.raises(KeyboardInterrupt):
        evaluate(crew, inst, Fleet(online, {}, {}, {}), 2)
    assert crew.stopped == crew.asked - 1 > 0
