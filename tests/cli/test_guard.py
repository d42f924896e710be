"""Where memory is limited: one line and exit code 4, also if a library ends the process itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, SMALL

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")

GUARDED = """
import os, signal, sys, time
from optimizer.cli import guard

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it

def fail(words):
    print(words, file=sys.stderr)
    return 4

def run():
{body}

guard.guarded(run, fail)
"""


def limited(most_mb: int, *command: object) -> "subprocess.Popen[str]":
    """Start a process that may have so much address space."""
    script = f'ulimit -v {most_mb * 1024}; exec "$@"'
    return subprocess.Popen(
        ["sh", "-c", script, "sh", sys.executable, *(str(word) for word in command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def guarded(body: str) -> "subprocess.Popen[str]":
    """Start a process that is watched over, and does what the body says."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return limited(4000, "-c", GUARDED.format(body=lines))


@pytest.mark.parametrize("words", [("solve", SMALL), ("check", SMALL, "--json")])
def test_too_little_memory_for_the_libraries_was_an_import_or_syntax_error(
    words: tuple[object, ...], tmp_path: Path
) -> None:
    process = limited(200, "-m", "optimizer", *words)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 4
    (line,) = err.splitlines()
    assert line.startswith("out of memory: the libraries alone need")
    assert ("--json" in words) == ('"status": "unknown"' in out)


@pytest.mark.parametrize(("end", "how"), [("os._exit(1)", "code 1"), ("os.abort()", "signal 6")])
def test_a_library_that_ends_the_process_was_taken_for_infeasible(end: str, how: str) -> None:
    """OpenBLAS prints a line and exits with 1, which says that no plan exists."""
    process = guarded(f"os.write(2, b'OpenBLAS error')\n{end}")
    _, err = process.communicate(timeout=60)

    assert process.returncode == 4
    words = f"out of memory: a library ended the process ({how}); solve with more memory\n"
    assert err == words


@pytest.mark.parametrize("code", [0, 1, 3, 130])
def test_a_code_that_was_told_is_passed_on(code: int) -> None:
    process = guarded(f"print('result')\nprint('news', file=sys.stderr)\nsys.exit({code})")
    assert process.communicate(timeout=60) == ("result\n", "news\n")
    assert process.returncode == code


def test_what_ends_the_process_after_its_word_does_not_count() -> None:
    process = guarded("import atexit\natexit.register(os.abort)\nsys.exit(3)")
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 3


WAITING = "print(os.getpid(), flush=True)\ntime.sleep(60)\nsys.exit(0)"


def test_a_signal_to_the_watcher_reaches_the_worker() -> None:
    caught = f"try:\n    {WAITING.replace(chr(10), chr(10) + '    ')}\nexcept KeyboardInterrupt:\n"
    process = guarded(f"{caught}    sys.exit(130)")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130


def test_termination_ends_both_as_it_would_have_ended_one() -> None:
    process = guarded(WAITING)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM


def test_a_watcher_that_is_killed_leaves_nobody() -> None:
    process = guarded(WAITING)
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    process.kill()
    process.communicate(timeout=60)
    end = time.monotonic() + 30
    while not _is_dead(worker) and time.monotonic() < end:
        time.sleep(0.01)
    assert _is_dead(worker)


def _is_dead(pid: int) -> bool:
    """True for a process that has ended, but that nobody has waited for."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True
