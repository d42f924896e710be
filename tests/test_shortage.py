"""Too little memory and full disks are known by whatever words libraries have for them."""

import errno
import subprocess

import pytest

from optimizer import shortage
from optimizer.children import ChildProcess
from optimizer.errors import PlanError, SolveError
from optimizer.highs import Crew, Job, crew
from tests.solving.problems import two_variables


def chain(outer: Exception, inner: BaseException) -> Exception:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        MemoryError("Unable to allocate 9 GiB"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("can't start new thread"),
        SystemError("error return without exception set"),
        ImportError("x.so: failed to map segment from shared object"),
        chain(ImportError("seems to be broken"), ImportError("failed to map segment")),
        RuntimeError("std::bad_alloc"),
        ValueError("Failed to launch worker thread: Resource temporarily unavailable"),
    ],
)
def test_these_are_of_memory(error: Exception) -> None:
    assert shortage.of_memory(error)
    assert not shortage.of_room(error)


@pytest.mark.parametrize(
    "error", [KeyError("x"), OSError(errno.ENOSPC, "No space left"), OSError()]
)
def test_others_are_not(error: Exception) -> None:
    assert not shortage.of_memory(error)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_known_behind_the_error_of_a_place(number: int) -> None:
    assert shortage.of_room(chain(PlanError("cannot be written"), OSError(number, "full")))
    assert not shortage.of_room(chain(PlanError("cannot be written"), OSError(errno.EACCES, "no")))


def test_a_solver_without_memory_was_told_by_the_last_line_of_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcome = _lost(monkeypatch, "raise MemoryError")
    assert outcome == "the solver process ran out of memory and ended with code 1"


def test_a_killed_solver_is_told_as_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = _lost(monkeypatch, "import os; os.kill(os.getpid(), 9)")
    assert outcome.startswith("the solver process ended with code -9: killed")


def _lost(monkeypatch: pytest.MonkeyPatch, script: str) -> str:
    """What is said of a solver process that runs a script instead."""

    def start(command: list[str], **how: object) -> "subprocess.Popen[str]":
        return popen([command[0], "-c", script], **how)  # type: ignore[call-overload, no-any-return]

    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", start)
    with Crew() as solvers:
        return solvers.run(Job(two_variables())).message


def test_a_solver_that_nobody_could_hear_was_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No memory for what the solver says: then it is ended, and the job has failed."""

    def loads(_: str) -> object:
        raise MemoryError

    monkeypatch.setattr("optimizer.children.json.loads", loads)
    with Crew() as solvers:
        outcome = solvers.run(Job(two_variables()))
    assert outcome.status == "failed"
    assert "code -9" in outcome.message


def test_a_solver_without_a_thread_to_hear_it_was_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[subprocess.Popen[str]] = []

    def start(*words: object, **how: object) -> "subprocess.Popen[str]":
        started.append(popen(*words, **how))  # type: ignore[call-overload]
        return started[-1]

    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr("threading.Thread.start", refuse)
    with pytest.raises(SolveError, match=r"could not be started: .*out of memory"):
        crew.Child(1)
    assert started[0].returncode is not None


def test_a_child_says_how_it_ended() -> None:
    child = ChildProcess("no.such.module")
    assert child.last_words().startswith("process ended with code 1: ")
    child.end()
