"""The solver in its own process: answers, limits, crashes."""

import os
import signal
import time
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from optimizer.errors import SolveError
from optimizer.highs import Crew, Job, Progress, Start, check_version, run
from optimizer.highs import crew as crew_module
from optimizer.highs.crew import GRACE_S, Child, Order, write_job
from optimizer.search.bound import dual_bound
from tests.solving.problems import knapsack, two_variables


def test_whole_numbers_are_found_and_proven() -> None:
    # Whole x + y ≤ 2: best is y = 2, x = 0, at 10 − 4 = 6.
    outcome = run(Job(two_variables()))

    assert outcome.status == "optimal"
    assert outcome.x == pytest.approx([0.0, 2.0])
    assert outcome.bound == pytest.approx(6.0)


@pytest.mark.parametrize("method", ["ipm", "simplex"])
def test_relaxation_gives_duals_whose_bound_is_its_optimum(method: str) -> None:
    # y = 2, x = 0.5: 10 − 0.5 − 4 = 5.5.
    problem = two_variables().relaxed()
    outcome = run(Job(problem, method=method))  # type: ignore[arg-type]

    assert outcome.row_duals is not None
    assert dual_bound(problem, outcome.row_duals) == pytest.approx(5.5, abs=1e-5)


def test_no_solution_is_called_infeasible() -> None:
    assert run(Job(two_variables(row_upper=-1.0))).status == "infeasible"


def test_a_start_is_taken_up() -> None:
    problem = knapsack(60)
    first = run(Job(problem, gap=0.05))
    assert first.x is not None
    seen: list[Progress] = []
    run(Job(problem, gap=0.05, start=Start(first.x)), seen.append)

    plans = [problem.value(progress.x) for progress in seen if progress.x is not None]
    assert plans[0] <= problem.value(first.x) + 1e-6


def test_time_limit_stops_with_a_plan_and_its_bound() -> None:
    began = time.monotonic()
    outcome = run(Job(knapsack(200), time_limit=2.0))

    assert outcome.status == "stopped"
    assert outcome.x is not None
    assert outcome.bound is not None
    assert time.monotonic() - began < 2.0 + GRACE_S


def test_a_word_from_the_parent_stops_it() -> None:
    seen: list[Progress] = []
    outcome = run(Job(knapsack(200)), seen.append, lambda: any(p.x is not None for p in seen))

    assert outcome.status == "stopped"
    assert outcome.x is not None


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """The solver processes that are started, in order."""
    started: list[Child] = []

    def start(threads: int) -> Child:
        started.append(Child(threads))
        return started[-1]

    monkeypatch.setattr(crew_module, "Child", start)
    return started


def test_a_killed_solver_leaves_its_last_plan(started: list[Child]) -> None:
    problem = knapsack(200)

    def kill(progress: Progress) -> None:
        if progress.x is not None:
            os.kill(started[-1].process.pid, signal.SIGKILL)

    outcome = run(Job(problem), kill)

    assert outcome.status == "failed"
    assert "ended with code -9" in outcome.message
    assert outcome.x is not None
    assert np.all(problem.rows @ outcome.x <= problem.row_upper + 1e-6)


def test_a_solver_that_does_not_end_in_its_grace_is_killed_and_leaves_its_plan(
    started: list[Child],
) -> None:
    frozen = False

    def freeze(progress: Progress) -> None:
        nonlocal frozen
        if progress.x is not None and not frozen:
            os.kill(started[-1].process.pid, signal.SIGSTOP)
            frozen = True

    began = time.monotonic()
    outcome = run(Job(knapsack(200), grace_s=0.5), freeze, lambda: frozen)

    assert time.monotonic() - began < GRACE_S
    assert outcome.status == "failed"
    assert outcome.x is not None


def test_processes_stay_for_the_next_job_and_end_with_the_crew() -> None:
    with Crew() as crew:
        assert crew.run(Job(two_variables())).bound == pytest.approx(6.0)
        (child,) = crew._idle
        assert crew.run(Job(two_variables(), presolve=False)).bound == pytest.approx(6.0)
        assert crew._idle == [child]
        crew.run(Job(two_variables(), threads=2))
        assert crew._idle == [child], "small problems need one thread, so any process fits"
    assert child.process.returncode == 0


def test_a_process_that_died_in_between_is_replaced() -> None:
    with Crew() as crew:
        crew.run(Job(two_variables()))
        os.kill(crew._idle[0].process.pid, signal.SIGKILL)
        crew._idle[0].process.wait()
        assert crew.run(Job(two_variables())).status == "optimal"


def test_a_stopped_job_does_not_stop_the_next() -> None:
    with Crew() as crew:
        assert crew.run(Job(knapsack(200)), None, lambda: True).status == "stopped"
        assert crew.run(Job(two_variables())).status == "optimal"


def test_nodes_and_targets_end_a_job() -> None:
    few = run(Job(knapsack(200), node_limit=1))
    assert few.status == "stopped"
    assert few.x is not None
    worst = knapsack(200).value(few.x)
    assert run(Job(knapsack(200), target=worst)).status == "stopped"


def test_lost_coefficients_are_noticed() -> None:
    # With 1e-24 beside 1 in the row no unit helps: 1e-12 and 1e12.
    problem = two_variables()
    problem.rows.data[0] = 1e-24
    outcome = run(Job(problem))

    assert outcome.status == "failed"
    assert "dropped coefficients" in outcome.message


def test_the_version_with_wrong_optima_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("optimizer.highs.version"), "installed", lambda _: "1.14.0")
    with pytest.raises(SolveError, match=r"1\.14\.0 is known to return wrong optima"):
        check_version()


def test_whoever_is_slow_sees_each_plan_as_it_was_found(tmp_path: Path) -> None:
    problem = knapsack(100)
    seen: list[Progress] = []

    def slow(progress: Progress) -> None:
        if progress.x is not None:
            seen.append(progress)
            time.sleep(0.2)

    job = Job(problem, gap=0.01)
    write_job(job, tmp_path)
    order = Order(tmp_path, threads=1, is_small=True, until=None)
    with Crew() as crew, crew.solved(order, slow) as last:
        kept = [file.name for file in tmp_path.glob("plan-*")]

    assert len(seen) > 2
    costs = [problem.value(progress.x) for progress in seen if progress.x is not None]
    assert costs == pytest.approx([progress.objective for progress in seen])
    assert kept == [last["plan"]]


def test_a_problem_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with pytest.raises(SolveError, match="could not be written for it"):
        run(Job(two_variables()))
